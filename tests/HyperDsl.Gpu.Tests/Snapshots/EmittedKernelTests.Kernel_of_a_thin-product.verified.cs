internal static readonly GpuKernel<ProductOfCopy1x4x2AddArguments> ProductOfCopy1x4x2AddKernel = new("ProductOfCopy1x4x2Add", ProductOfCopy1x4x2Add, threads: 256);

internal struct ProductOfCopy1x4x2AddArguments
{
    public ArrayView<float> ConvolutionEmbedding;
    public ArrayView<float> GeneratorInner;
    public ArrayView<float> GeneratorInnerBias;
    public ArrayView<float> A;
    public int Rows;
}

// product[row, column] = Σ over inner of ConvolutionEmbedding[row, inner] · Right[inner, column]
// A = product + GeneratorInnerBias
// columns 4, inner 2
private static void ProductOfCopy1x4x2Add(ProductOfCopy1x4x2AddArguments args)
{
    int outputs = 4;
    int output = (Grid.IdxX * 256) + Group.IdxX;
    if (output >= outputs)
    {
        return;
    }
    int column = output;
    float sum0 = 0f;
    int left = 0;
    for (int inner = 0; inner < 2; inner++)
    {
        sum0 += args.ConvolutionEmbedding[left + inner] * ProductOfCopy1x4x2AddRight(args, column, inner);
    }
    float value = ProductOfCopy1x4x2AddValue(args, column, sum0);
    ProductOfCopy1x4x2AddStore(args, column, value);
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfCopy1x4x2AddValue(ProductOfCopy1x4x2AddArguments args, int resultColumn, float product)
{
    int column = resultColumn;
    float generatorInnerBias_1 = args.GeneratorInnerBias[column];
    float add_2 = product + generatorInnerBias_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductOfCopy1x4x2AddStore(ProductOfCopy1x4x2AddArguments args, int resultColumn, float value)
{
    int column = resultColumn;
    args.A[column] = value;
}

// Right = GeneratorInner
[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductOfCopy1x4x2AddRight(ProductOfCopy1x4x2AddArguments args, int rightColumn, int inner)
{
    int column1 = rightColumn;
    int column0 = inner;
    float generatorInner_0 = args.GeneratorInner[column0 + (column1 * 2)];
    float copy_1 = generatorInner_0;
    return copy_1;
}
