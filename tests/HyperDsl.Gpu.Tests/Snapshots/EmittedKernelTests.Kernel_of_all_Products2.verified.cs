internal static readonly GpuKernel<Products2Arguments> Products2Kernel = new("Products2", Products2, threads: 256);

internal struct Products2Arguments
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Common;
    public int GeneratorOuter; // in Parameters
    public int A; // in Common
    public int GeneratorOuterBias; // in Parameters
    public int Tiles; // in Common
    public int A2; // in Common
    public int Tiles2; // in Common
    public int A3; // in Common
    public int Tiles3; // in Common
    public int A4; // in Common
    public int Tiles4; // in Common
}

// Buffers of one of the products.
private struct Products2Operands
{
    public ArrayView<float> Operand0;
    public ArrayView<float> Operand1;
    public ArrayView<float> Operand2;
    public ArrayView<float> Operand3;
}

// Products2Part0:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 18, columns 4, inner 5
// Products2Part1:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 18, columns 8, inner 5
// Products2Part2:
//     product[row, column] = Σ over inner of Operand0[row, inner] · Right[inner, column]
//     Operand3 = product + Operand2
//     rows 18, columns 12, inner 5
private static void Products2(Products2Arguments launch)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    Products2Operands args = new() { Operand0 = ProductBuffers.From(launch.Parameters, launch.GeneratorOuter), Operand1 = ProductBuffers.From(launch.Common, launch.A), Operand2 = ProductBuffers.From(launch.Parameters, launch.GeneratorOuterBias), Operand3 = ProductBuffers.From(launch.Common, launch.Tiles) };
    int rows = 18;
    int columns = 4;
    int part = 0;
    int begin = 0;
    if (Grid.IdxX >= 2)
    {
        begin = 2;
        columns = 8;
        part = 1;
        args.Operand1 = ProductBuffers.From(launch.Common, launch.A2);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.Tiles2);
    }
    if (Grid.IdxX >= 4)
    {
        begin = 4;
        args.Operand1 = ProductBuffers.From(launch.Common, launch.A3);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.Tiles3);
    }
    if (Grid.IdxX >= 6)
    {
        begin = 6;
        columns = 12;
        part = 2;
        args.Operand1 = ProductBuffers.From(launch.Common, launch.A4);
        args.Operand3 = ProductBuffers.From(launch.Common, launch.Tiles4);
    }
    int block = Grid.IdxX - begin;
    int tilesOfRows = (rows + 15) / 16;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (block % tilesOfColumns) * 16;
    int firstRow = (block / tilesOfColumns % tilesOfRows) * 16;
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    for (int first = 0; first < 5; first += 16)
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
                if (row < rows && inner < 5)
                {
                    value = args.Operand0[(row * 5) + inner];
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
                if (column < columns && inner < 5)
                {
                    value = Products2Part0Right(args, column, inner);
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
                if (row < rows && inner < 5)
                {
                    value = args.Operand0[(row * 5) + inner];
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
                if (column < columns && inner < 5)
                {
                    value = Products2Part1Right(args, column, inner);
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
                if (row < rows && inner < 5)
                {
                    value = args.Operand0[(row * 5) + inner];
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
                if (column < columns && inner < 5)
                {
                    value = Products2Part2Right(args, column, inner);
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
                float value00 = Products2Part0Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                Products2Part0Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
    else if (part == 1)
    {
        if (firstRow + threadRow < rows)
        {
            if (firstColumn + threadColumn < columns)
            {
                float value00 = Products2Part1Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                Products2Part1Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
    else
    {
        if (firstRow + threadRow < rows)
        {
            if (firstColumn + threadColumn < columns)
            {
                float value00 = Products2Part2Value(args, firstRow + threadRow, firstColumn + threadColumn, c00);
                Products2Part2Store(args, firstRow + threadRow, firstColumn + threadColumn, value00);
            }
        }
    }
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part0Value(Products2Operands args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    float operand2_1 = args.Operand2[(column0 * 2) + column2];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part0Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.Operand3[(column0 * 8) + (column1 * 2) + column2] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part0Right(Products2Operands args, int rightColumn, int inner)
{
    int column2 = rightColumn % 2;
    int column1 = rightColumn / 2;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 5) + (column2 * 10)];
    float copy_1 = operand1_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part1Value(Products2Operands args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    float operand2_1 = args.Operand2[(column0 * 2) + column2];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part1Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.Operand3[(column0 * 16) + (column1 * 2) + column2] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part1Right(Products2Operands args, int rightColumn, int inner)
{
    int column3 = rightColumn % 2;
    int column2 = rightColumn / 2 % 2;
    int column1 = rightColumn / 4;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 20) + (column2 * 5) + (column3 * 10)];
    float copy_1 = operand1_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part2Value(Products2Operands args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    float operand2_1 = args.Operand2[(column0 * 2) + column2];
    float add_2 = product + operand2_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part2Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.Operand3[(column0 * 24) + (column1 * 2) + column2] = value;
}

// Right = Operand1
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part2Right(Products2Operands args, int rightColumn, int inner)
{
    int column3 = rightColumn % 3;
    int column2 = rightColumn / 3 % 2;
    int column1 = rightColumn / 6;
    int column0 = inner;
    float operand1_0 = args.Operand1[column0 + (column1 * 30) + (column2 * 5) + (column3 * 10)];
    float copy_1 = operand1_0;
    return copy_1;
}
