internal static readonly GpuKernel<ProductNx10x256AddArguments> ProductNx10x256AddKernel = new("ProductNx10x256Add", ProductNx10x256Add, threads: 256);

internal struct ProductNx10x256AddArguments
{
    public ArrayView<float> MaxPool;
    public ArrayView<float> ReadoutWeight;
    public ArrayView<float> ReadoutBias;
    public ArrayView<float> Logits;
    public int Rows;
}

// product[row, column] = Σ over inner of MaxPool[row, inner] · ReadoutWeight[inner, column]
// Logits = product + ReadoutBias
// rows N, columns 10, inner 256
private static void ProductNx10x256Add(ProductNx10x256AddArguments args)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    int rows = args.Rows;
    int columns = 10;
    int tilesOfRows = (rows + 15) / 16;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (Grid.IdxX % tilesOfColumns) * 16;
    int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * 16;
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    for (int first = 0; first < 256; first += 16)
    {
        for (int place = Group.IdxX; place < 256; place += 256)
        {
            int rowInTile = place / 16;
            int innerInTile = place % 16;
            int row = firstRow + rowInTile;
            int inner = first + innerInTile;
            float value = 0f;
            if (row < rows)
            {
                value = args.MaxPool[(row * 256) + inner];
            }
            left[(innerInTile * 17) + rowInTile] = value;
        }
        for (int place = Group.IdxX; place < 256; place += 256)
        {
            int columnInTile = place / 16;
            int innerInTile = place % 16;
            int column = firstColumn + columnInTile;
            int inner = first + innerInTile;
            float value = 0f;
            if (column < columns)
            {
                value = args.ReadoutWeight[(column * 256) + inner];
            }
            right[(innerInTile * 16) + columnInTile] = value;
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
        if (firstColumn + threadColumn < columns)
        {
            float value00 = ProductNx10x256AddValue(args, firstRow + threadRow, firstColumn + threadColumn, c00);
            ProductNx10x256AddStore(args, firstRow + threadRow, firstColumn + threadColumn, value00);
        }
    }
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductNx10x256AddValue(ProductNx10x256AddArguments args, int resultRow, int resultColumn, float product)
{
    int column = resultColumn;
    int example = resultRow;
    float readoutBias_1 = args.ReadoutBias[column];
    float add_2 = product + readoutBias_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductNx10x256AddStore(ProductNx10x256AddArguments args, int resultRow, int resultColumn, float value)
{
    int column = resultColumn;
    int example = resultRow;
    args.Logits[(example * 10) + column] = value;
}
