internal static readonly GpuReduction<ProductNx10x256Arguments> ProductNx10x256Kernel = new("ProductNx10x256", ProductNx10x256, threads: 256);

internal struct ProductNx10x256Arguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public int Rows;
}

// result[row, column] = Σ over inner of A[row, inner] · B[inner, column]; rows N, inner 256, columns 10
private static void ProductNx10x256(ProductNx10x256Arguments args, Reduction reduction)
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
    int end = 256;
    for (int first = 0; first < end; first += 16)
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
                value = args.A[(row * 256) + inner];
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
                value = args.B[(column * 256) + inner];
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
    if (firstRow + threadRow < rows && firstColumn + threadColumn < columns)
    {
        GroupReduction.Write(reduction, 0, ((firstRow + threadRow) * 10) + (firstColumn + threadColumn), c00);
    }
}
