internal static readonly GpuReduction<ProductSumsArguments> ProductSumsKernel = new("ProductSums", ProductSums, threads: 256);

internal struct ProductSumsArguments
{
    public ArrayView<float> GradientOfY;
    public ArrayView<float> MaxPool;
    public ArrayView<float> Image;
    public ArrayView<float> Relu;
    public ArrayView<float> MaxPoolGradient;
    public int Examples;
}

// Buffers of one of the products.
private struct ProductSumsOperands
{
    public ArrayView<float> Operand0;
    public ArrayView<float> Operand1;
    public ArrayView<float> Operand2;
}

// ProductSumsPart0:
//     result[row, column] = Σ over inner of Operand0[row, inner] · Operand1[inner, column]; rows 10, columns 256, inner N
// ProductSumsPart1:
//     result[row, column] = Σ over inner of Left[row, inner] · Right[inner, column]; rows 3 × 6, columns 16, inner N × 8 × 8
private static void ProductSums(ProductSumsArguments launch, Reduction reduction)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    ProductSumsOperands args = new() { Operand0 = launch.GradientOfY, Operand1 = launch.MaxPool };
    int rows = 10;
    int columns = 256;
    int part = 0;
    int length = launch.Examples;
    int parts = GroupReduction.Parts(reduction, length);
    int begin = 0;
    int firstSum = 0;
    int next = 16 * parts;
    if (Grid.IdxX >= next)
    {
        begin = next;
        firstSum += 2560 * parts;
        rows = 18;
        columns = 16;
        part = 1;
        length = launch.Examples * 64;
        parts = GroupReduction.Parts(reduction, length);
        args.Operand0 = launch.Image;
        args.Operand1 = launch.Relu;
        args.Operand2 = launch.MaxPoolGradient;
    }
    int block = Grid.IdxX - begin;
    int tilesOfRows = (rows + 15) / 16;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (block % tilesOfColumns) * 16;
    int firstRow = (block / tilesOfColumns % tilesOfRows) * 16;
    int split = block / (tilesOfColumns * tilesOfRows);
    firstSum += split * rows * columns;
    int end = Math.Min((split + 1) * reduction.Chunk, length);
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    for (int first = split * reduction.Chunk; first < end; first += 16)
    {
        if (part == 0)
        {
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int rowInTile = place % 16;
                int innerInTile = place / 16;
                int row = firstRow + rowInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (row < rows && inner < end)
                {
                    value = args.Operand0[row + (inner * 10)];
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
                if (inner < end)
                {
                    value = args.Operand1[column + (inner * 256)];
                }
                right[(innerInTile * 16) + columnInTile] = value;
            }
        }
        else
        {
            for (int place = Group.IdxX; place < 256; place += 256)
            {
                int rowInTile = place % 16;
                int innerInTile = place / 16;
                int row = firstRow + rowInTile;
                int inner = first + innerInTile;
                float value = 0f;
                if (row < rows && inner < end)
                {
                    value = ProductSumsPart1Left(args, row, inner);
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
                if (inner < end)
                {
                    value = ProductSumsPart1Right(args, column, inner);
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
    if (firstRow + threadRow < rows)
    {
        ProductBuffers.Write(reduction.Target, firstSum + ((firstRow + threadRow) * columns) + firstColumn + threadColumn, c00);
    }
}

// Left = Operand0, 0 around it
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductSumsPart1Left(ProductSumsOperands args, int leftRow, int inner)
{
    int column1 = ((inner % 8) * 2) + (leftRow % 6) - 2;
    int column0 = (inner / 8 % 8) + (leftRow / 6) - 1;
    int example = inner / 64;
    float value = 0f;
    if (column1 >= 0 && column1 < 16 && column0 >= 0 && column0 < 8)
    {
        float operand0_0 = args.Operand0[(example * 128) + (column0 * 16) + column1];
        value = operand0_0;
    }
    return value;
}

// Right = 0 < Operand1 ? Operand2 : 0
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductSumsPart1Right(ProductSumsOperands args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = (inner % 8) + ((inner / 8 % 8) * 8);
    int example = inner / 64;
    float operand1_1 = args.Operand1[(example * 1024) + (column0 * 16) + column1];
    float less_2 = 0f < operand1_1 ? 1f : 0f;
    float operand2_3 = args.Operand2[(example * 1024) + (column0 * 16) + column1];
    float select_4 = less_2 != 0 ? operand2_3 : 0f;
    return select_4;
}
