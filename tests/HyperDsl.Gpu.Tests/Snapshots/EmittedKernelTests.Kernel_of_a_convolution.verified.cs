internal static readonly GpuKernel<ProductOfPaddedN64x16x18AddReluArguments> ProductOfPaddedN64x16x18AddReluKernel = new("ProductOfPaddedN64x16x18AddRelu", ProductOfPaddedN64x16x18AddRelu, threads: 256);

internal struct ProductOfPaddedN64x16x18AddReluArguments
{
    public ArrayView<float> Image;
    public ArrayView<float> Tiles;
    public ArrayView<float> ConvolutionBias;
    public ArrayView<float> Relu;
    public int Rows;
}

// product[row, column] = Σ over inner of Left[row, inner] · Tiles[inner, column]
// Relu = relu(product + ConvolutionBias)
// rows N × 8 × 8, columns 16, inner 3 × 6
private static void ProductOfPaddedN64x16x18AddRelu(ProductOfPaddedN64x16x18AddReluArguments args)
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
    for (int first = 0; first < 18; first += 16)
    {
        for (int place = Group.IdxX; place < 512; place += 256)
        {
            int rowInTile = place / 16;
            int innerInTile = place % 16;
            int row = firstRow + rowInTile;
            int inner = first + innerInTile;
            float value = 0f;
            if (row < rows && inner < 18)
            {
                value = ProductOfPaddedN64x16x18AddReluLeft(args, row, inner);
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
            if (inner < 18)
            {
                value = args.Tiles[column + ((inner / 6) * 96) + ((inner % 6) * 16)];
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
        float value00 = ProductOfPaddedN64x16x18AddReluValue(args, firstRow + threadRow, firstColumn + threadColumn, c00);
        ProductOfPaddedN64x16x18AddReluStore(args, firstRow + threadRow, firstColumn + threadColumn, value00);
    }
    if (firstRow + threadRow + 16 < rows)
    {
        float value10 = ProductOfPaddedN64x16x18AddReluValue(args, firstRow + threadRow + 16, firstColumn + threadColumn, c10);
        ProductOfPaddedN64x16x18AddReluStore(args, firstRow + threadRow + 16, firstColumn + threadColumn, value10);
    }
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfPaddedN64x16x18AddReluValue(ProductOfPaddedN64x16x18AddReluArguments args, int resultRow, int resultColumn, float product)
{
    int column0 = (resultRow % 8) + ((resultRow / 8 % 8) * 8);
    int column1 = resultColumn;
    int example = (resultRow / 64);
    float convolutionBias_1 = args.ConvolutionBias[column1];
    float add_2 = product + convolutionBias_1;
    float relu_3 = add_2 < 0 ? 0f : add_2;
    return relu_3;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductOfPaddedN64x16x18AddReluStore(ProductOfPaddedN64x16x18AddReluArguments args, int resultRow, int resultColumn, float value)
{
    int column0 = (resultRow % 8) + ((resultRow / 8 % 8) * 8);
    int column1 = resultColumn;
    int example = (resultRow / 64);
    args.Relu[(example * 1024) + (column0 * 16) + column1] = value;
}

// Left = Image, 0 around it
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfPaddedN64x16x18AddReluLeft(ProductOfPaddedN64x16x18AddReluArguments args, int leftRow, int inner)
{
    int column1 = (inner % 6) + ((leftRow % 8) * 2) - 2;
    int column0 = (inner / 6) + (leftRow / 8 % 8) - 1;
    int example = leftRow / 64;
    float value = 0f;
    if (column1 >= 0 && column1 < 16 && column0 >= 0 && column0 < 8)
    {
        float image_0 = args.Image[(example * 128) + (column0 * 16) + column1];
        value = image_0;
    }
    return value;
}
