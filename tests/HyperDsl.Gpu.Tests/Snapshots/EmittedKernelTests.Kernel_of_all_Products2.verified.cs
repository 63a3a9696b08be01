internal static readonly GpuKernel<Products2Arguments> Products2Kernel = new("Products2", Products2, threads: 256);

internal struct Products2Arguments
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Common;
    public int A; // in Parameters
    public int B; // in Common
    public int C; // in Parameters
    public int D; // in Common
    public int E; // in Common
    public int F; // in Common
    public int G; // in Common
    public int H; // in Common
    public int I; // in Common
    public int J; // in Common
}

// Buffers of one of the products.
private struct Products2Operands
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public ArrayView<float> D;
}

// Products2Part0:
//     product[row, column] = Σ over inner of A[row, inner] · Right[inner, column]
//     D = product + C
//     rows 18, columns 4, inner 5
// Products2Part1:
//     product[row, column] = Σ over inner of A[row, inner] · Right[inner, column]
//     D = product + C
//     rows 18, columns 8, inner 5
// Products2Part2:
//     product[row, column] = Σ over inner of A[row, inner] · Right[inner, column]
//     D = product + C
//     rows 18, columns 12, inner 5
private static void Products2(Products2Arguments launch)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    Products2Operands args = new() { A = ProductBuffers.From(launch.Parameters, launch.A), B = ProductBuffers.From(launch.Common, launch.B), C = ProductBuffers.From(launch.Parameters, launch.C), D = ProductBuffers.From(launch.Common, launch.D) };
    int rows = 18;
    int columns = 4;
    int part = 0;
    int begin = 0;
    if (Grid.IdxX >= 2)
    {
        begin = 2;
        columns = 8;
        part = 1;
        args.B = ProductBuffers.From(launch.Common, launch.E);
        args.D = ProductBuffers.From(launch.Common, launch.F);
    }
    if (Grid.IdxX >= 4)
    {
        begin = 4;
        args.B = ProductBuffers.From(launch.Common, launch.G);
        args.D = ProductBuffers.From(launch.Common, launch.H);
    }
    if (Grid.IdxX >= 6)
    {
        begin = 6;
        columns = 12;
        part = 2;
        args.B = ProductBuffers.From(launch.Common, launch.I);
        args.D = ProductBuffers.From(launch.Common, launch.J);
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
                    value = args.A[(row * 5) + inner];
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
                    value = args.A[(row * 5) + inner];
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
                    value = args.A[(row * 5) + inner];
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
    float b_1 = args.C[(column0 * 2) + column2];
    float add_2 = product + b_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part0Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.D[(column0 * 8) + (column1 * 2) + column2] = value;
}

// Right = B
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part0Right(Products2Operands args, int rightColumn, int inner)
{
    int column2 = rightColumn % 2;
    int column1 = rightColumn / 2;
    int column0 = inner;
    float a_0 = args.B[column0 + (column1 * 5) + (column2 * 10)];
    float copy_1 = a_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part1Value(Products2Operands args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    float b_1 = args.C[(column0 * 2) + column2];
    float add_2 = product + b_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part1Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.D[(column0 * 16) + (column1 * 2) + column2] = value;
}

// Right = B
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part1Right(Products2Operands args, int rightColumn, int inner)
{
    int column3 = rightColumn % 2;
    int column2 = rightColumn / 2 % 2;
    int column1 = rightColumn / 4;
    int column0 = inner;
    float a_0 = args.B[column0 + (column1 * 20) + (column2 * 5) + (column3 * 10)];
    float copy_1 = a_0;
    return copy_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part2Value(Products2Operands args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    float b_1 = args.C[(column0 * 2) + column2];
    float add_2 = product + b_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Products2Part2Store(Products2Operands args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow / 2);
    int column1 = resultColumn;
    int column2 = (resultRow % 2);
    args.D[(column0 * 24) + (column1 * 2) + column2] = value;
}

// Right = B
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Products2Part2Right(Products2Operands args, int rightColumn, int inner)
{
    int column3 = rightColumn % 3;
    int column2 = rightColumn / 3 % 2;
    int column1 = rightColumn / 6;
    int column0 = inner;
    float a_0 = args.B[column0 + (column1 * 30) + (column2 * 5) + (column3 * 10)];
    float copy_1 = a_0;
    return copy_1;
}
