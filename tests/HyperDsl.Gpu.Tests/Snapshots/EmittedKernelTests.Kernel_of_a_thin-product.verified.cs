internal static readonly GpuReduction<Product1x4x2Arguments> Product1x4x2Kernel = new("Product1x4x2", Product1x4x2, threads: 256);

internal struct Product1x4x2Arguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public int Rows;
}

// result[row, column] = Σ over inner of A[row, inner] · B[inner, column]; inner 2, columns 4
private static void Product1x4x2(Product1x4x2Arguments args, Reduction reduction)
{
    int outputs = 4;
    int output = (Grid.IdxX * 256) + Group.IdxX;
    if (output >= outputs)
    {
        return;
    }
    int left = 0;
    int right = output;
    int end = 2;
    float sum = 0f;
    for (int inner = 0; inner < end; inner++)
    {
        sum += args.A[left + inner] * args.B[right + (inner * 4)];
    }
    GroupReduction.Write(reduction, 0, output, sum);
}
