internal static readonly GpuKernel<ProductsArguments> ProductsKernel = new("Products", Products, threads: 256);

internal struct ProductsArguments
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Common;
    public int Value0Embedding; // in Parameters
    public int GeneratorInner; // in Parameters
    public int GeneratorInnerBias; // in Parameters
    public int A; // in Common
    public int Value1Embedding; // in Parameters
    public int A2; // in Common
    public int Value2Embedding; // in Parameters
    public int A3; // in Common
    public int Value3Embedding; // in Parameters
    public int A4; // in Common
}

// Buffers of one of the products.
private struct ProductsOperands
{
    public ArrayView<float> Operand0;
    public ArrayView<float> Operand1;
    public ArrayView<float> Operand2;
    public ArrayView<float> Operand3;
}

// ProductsPart0:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 2, columns 10, inner 4
// ProductsPart1:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 4, columns 10, inner 4
// ProductsPart2:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 6, columns 10, inner 4
private static void Products(ProductsArguments launch)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    ProductsOperands args = new() { Operand0 = ProductBuffers.From(launch.Parameters, launch.Value0Embedding), Operand1 = ProductBuffers.From(launch.Parameters, launch.GeneratorInner), Operand2 = ProductBuffers.From(launch.Parameters, launch.GeneratorInnerBias), Operand3 = ProductBuffers.From(launch.Common, launch.A) };
    int rows = 2;
    int columns = 10;
    int part = 0;
    int begin = 0;
    if (Grid.IdxX >= 1)
    {
        begin = 1;
        rows = 4;
        part = 1;
        args.Operand0 = ProductBuffers.From(launch.Parameters, launch.Value1Embedding);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.A2);
    }
    if (Grid.IdxX >= 2)
    {
        begin = 2;
        args.Operand0 = ProductBuffers.From(launch.Parameters, launch.Value2Embedding);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.A3);
    }
    if (Grid.IdxX >= 3)
    {
        begin = 3;
        rows = 6;
        part = 2;
        args.Operand0 = ProductBuffers.From(launch.Parameters, launch.Value3Embedding);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.A4);
    }
    int block = Grid.IdxX - begin;
    int tilesOfRows = (rows + 15) / 16;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (block % tilesOfColumns) * 16;
    int firstRow = (block / tilesOfColumns % tilesOfRows) * 16;
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    for (int first = 0; first < 4; first += 16)
    {
        if (part == 0)
        {
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int rowInTile = place / 16;
                int innerInTile = place % 16;
                int row = firstRow + rowInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (row < rows && inner < 4)
                {
                    value = args.Operand0[(row * 4) + inner];
                }
                left[(innerInTile * 17) + rowInTile] = value;
            }
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int columnInTile = place % 16;
                int innerInTile = place / 16;
                int column = firstColumn + columnInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (column < columns && inner < 4)
                {
                    value = ProductsPart0Right(args, column, inner);
                }
                right[(innerInTile * 16) + columnInTile] = value;
            }
        }
        else if (part == 1)
        {
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int rowInTile = place / 16;
                int innerInTile = place % 16;
                int row = firstRow + rowInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (row < rows && inner < 4)
                {
                    value = args.Operand0[(row * 4) + inner];
                }
                left[(innerInTile * 17) + rowInTile] = value;
            }
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int columnInTile = place % 16;
                int innerInTile = place / 16;
                int column = firstColumn + columnInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (column < columns && inner < 4)
                {
                    value = ProductsPart1Right(args, column, inner);
                }
                right[(innerInTile * 16) + columnInTile] = value;
            }
        }
        else
        {
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int rowInTile = place / 16;
                int innerInTile = place % 16;
                int row = firstRow + rowInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (row < rows && inner < 4)
                {
                    value = args.Operand0[(row * 4) + inner];
                }
                left[(innerInTile * 17) + rowInTile] = value;
            }
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int columnInTile = place % 16;
                int innerInTile = place / 16;
                int column = firstColumn + columnInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (column < columns && inner < 4)
                {
                    value = ProductsPart2Right(args, column, inner);
                }
                right[(innerInTile * 16) + columnInTile] = value;
            }
        }
        Group.Barrier();
        for (int k = 0; k < 16; k++)
        {
            float a0 = left[(k * 17) + threadRow];
            float b0 = right[(k * 16) + threadColumn];
            c00 += a0 * b0;
        }
        Group.Barrier();
    }
    if (part == 0)
    {
        if (firstRow + threadRow < rows)
        {
            if (firstColumn + threadColumn < columns)
            {
                float value00 = ProductsPart0Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                ProductsPart0Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
    else if (part == 1)
    {
        if (firstRow + threadRow < rows)
        {
            if (firstColumn + threadColumn < columns)
            {
                float value00 = ProductsPart1Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                ProductsPart1Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
    else
    {
        if (firstRow + threadRow < rows)
        {
            if (firstColumn + threadColumn < columns)
            {
                float value00 = ProductsPart2Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                ProductsPart2Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart0Value(ProductsOperands args, int resultRow, int resultColumn, float product)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    float operand2_1 = args.Operand2[column1];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductsPart0Store(ProductsOperands args, int resultRow, int resultColumn, float value)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    args.Operand3[(column0 * 10) + column1] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart0Right(ProductsOperands args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 4)];
    float copy_1 = operand1_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart1Value(ProductsOperands args, int resultRow, int resultColumn, float product)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    float operand2_1 = args.Operand2[column1];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductsPart1Store(ProductsOperands args, int resultRow, int resultColumn, float value)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    args.Operand3[(column0 * 10) + column1] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart1Right(ProductsOperands args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 4)];
    float copy_1 = operand1_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart2Value(ProductsOperands args, int resultRow, int resultColumn, float product)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    float operand2_1 = args.Operand2[column1];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductsPart2Store(ProductsOperands args, int resultRow, int resultColumn, float value)
{
    int column0 = resultRow;
    int column1 = resultColumn;
    args.Operand3[(column0 * 10) + column1] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductsPart2Right(ProductsOperands args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 4)];
    float copy_1 = operand1_0;
    return copy_1;
}
