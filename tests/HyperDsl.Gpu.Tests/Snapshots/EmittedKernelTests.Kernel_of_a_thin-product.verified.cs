internal static readonly GpuKernel<Product1x4x2AddArguments> Product1x4x2AddKernel = new("Product1x4x2Add", Product1x4x2Add, threads: 256);

internal struct Product1x4x2AddArguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public ArrayView<float> D;
    public int Rows;
}

// product[row, column] = Σ over inner of A[row, inner] · B[inner, column]
// D = product + C
// columns 4, inner 2
private static void Product1x4x2Add(Product1x4x2AddArguments args)
{
    int outputs = 4;
    int output = (Grid.IdxX * 256) + Group.IdxX;
    if (output >= outputs)
    {
        return;
    }
    float sum0 = 0f;
    int left = 0;
    int right = output;
    for (int inner = 0; inner < 2; inner++)
    {
        sum0 += args.A[left + inner] * args.B[right + (inner * 4)];
    }
    int column = output;
    float value = Product1x4x2AddValue(args, column, sum0);
    Product1x4x2AddStore(args, column, value);
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float Product1x4x2AddValue(Product1x4x2AddArguments args, int resultColumn, float product)
{
    int column = resultColumn;
    float b_1 = args.C[column];
    float add_2 = product + b_1;
    return add_2;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void Product1x4x2AddStore(Product1x4x2AddArguments args, int resultColumn, float value)
{
    int column = resultColumn;
    args.D[column] = value;
}
