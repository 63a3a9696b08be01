internal static readonly GpuReduction<ProductN64x16x18Arguments> ProductN64x16x18Kernel = new("ProductN64x16x18", ProductN64x16x18, threads: 256);

internal struct ProductN64x16x18Arguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public int Rows;
}

// result[row, column] = Σ over inner of A[row, inner] · B[inner, column]; rows N × 8 × 8, inner 3 × 6, columns 16
private static void ProductN64x16x18(ProductN64x16x18Arguments args, Reduction reduction)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(528); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    int rows = args.Rows * 64;
    int columns = 16;
    int tilesOfRows = (rows + 31) / 32;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (Grid.IdxX % tilesOfColumns) * 16;
    int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * 32;
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    float c10 = 0f;
    int end = 18;
    for (int first = 0; first < end; first += 16)
    {
        for (int place = Group.IdxX; place < 512; place += 256)
        {
            int rowInTile = place / 16;
            int innerInTile = place % 16;
            int row = firstRow + rowInTile;
            int inner = first + innerInTile;
            float value = 0f;
            if (row < rows && inner < end)
            {
                value = args.A[((row / 64) * 200) + ((row / 8 % 8) * 20) + ((row % 8) * 2) + ((inner / 6) * 20) + (inner % 6)];
            }
            left[(innerInTile * 33) + rowInTile] = value;
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
                value = args.B[column + ((inner / 6) * 96) + ((inner % 6) * 16)];
            }
            right[(innerInTile * 16) + columnInTile] = value;
        }
        Group.Barrier();
        for (int k = 0; k < 16; k++)
        {
            float a0 = left[(k * 33) + threadRow];
            float a1 = left[(k * 33) + threadRow + 16];
            float b0 = right[(k * 16) + threadColumn];
            c00 += a0 * b0;
            c10 += a1 * b0;
        }
        Group.Barrier();
    }
    if (firstRow + threadRow < rows)
    {
        GroupReduction.Write(reduction, 0, (((firstRow + threadRow) / 64) * 1024) + (((firstRow + threadRow) / 8 % 8) * 128) + (((firstRow + threadRow) % 8) * 16) + (firstColumn + threadColumn), c00);
    }
    if (firstRow + threadRow + 16 < rows)
    {
        GroupReduction.Write(reduction, 0, (((firstRow + threadRow + 16) / 64) * 1024) + (((firstRow + threadRow + 16) / 8 % 8) * 128) + (((firstRow + threadRow + 16) % 8) * 16) + (firstColumn + threadColumn), c10);
    }
}
