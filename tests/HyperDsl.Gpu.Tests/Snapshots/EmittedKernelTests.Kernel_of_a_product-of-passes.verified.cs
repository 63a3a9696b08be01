internal static readonly GpuReduction<ProductOfPaddedOfLessSelect18x16xN64Arguments> ProductOfPaddedOfLessSelect18x16xN64Kernel = new("ProductOfPaddedOfLessSelect18x16xN64", ProductOfPaddedOfLessSelect18x16xN64, threads: 256);

internal struct ProductOfPaddedOfLessSelect18x16xN64Arguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public int Rows;
}

// result[row, column] = Σ over inner of Left[row, inner] · Right[inner, column]; rows 3 × 6, columns 16, inner N × 8 × 8
private static void ProductOfPaddedOfLessSelect18x16xN64(ProductOfPaddedOfLessSelect18x16xN64Arguments args, Reduction reduction)
{
    ArrayView<float> left = SharedMemory.Allocate<float>(272); // [inner][row]
    ArrayView<float> right = SharedMemory.Allocate<float>(256); // [inner][column]
    int rows = 18;
    int columns = 16;
    int tilesOfRows = (rows + 15) / 16;
    int tilesOfColumns = (columns + 15) / 16;
    int firstColumn = (Grid.IdxX % tilesOfColumns) * 16;
    int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * 16;
    int split = Grid.IdxX / (tilesOfColumns * tilesOfRows);
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);
    for (int first = split * reduction.Chunk; first < end; first += 16)
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
                value = ProductOfPaddedOfLessSelect18x16xN64Left(args, row, inner);
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
                value = ProductOfPaddedOfLessSelect18x16xN64Right(args, column, inner);
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
        GroupReduction.Write(reduction, split, (((firstRow + threadRow) / 6) * 96) + (((firstRow + threadRow) % 6) * 16) + (firstColumn + threadColumn), c00);
    }
}

// Left = A, 0 around it
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfPaddedOfLessSelect18x16xN64Left(ProductOfPaddedOfLessSelect18x16xN64Arguments args, int leftRow, int inner)
{
    int column1 = ((inner % 8) * 2) + (leftRow % 6) - 2;
    int column0 = (inner / 8 % 8) + (leftRow / 6) - 1;
    int example = inner / 64;
    float value = 0f;
    if (column1 >= 0 && column1 < 16 && column0 >= 0 && column0 < 8)
    {
        float a_0 = args.A[(example * 128) + (column0 * 16) + column1];
        value = a_0;
    }
    return value;
}

// Right = 0 < B ? C : 0
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfPaddedOfLessSelect18x16xN64Right(ProductOfPaddedOfLessSelect18x16xN64Arguments args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = (inner % 8) + ((inner / 8 % 8) * 8);
    int example = inner / 64;
    float a_1 = args.B[(example * 1024) + (column0 * 16) + column1];
    float less_2 = 0f < a_1 ? 1f : 0f;
    float b_3 = args.C[(example * 1024) + (column0 * 16) + column1];
    float select_4 = less_2 != 0 ? b_3 : 0f;
    return select_4;
}
