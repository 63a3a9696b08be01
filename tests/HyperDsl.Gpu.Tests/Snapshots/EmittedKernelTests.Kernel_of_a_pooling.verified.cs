internal static readonly GpuKernel<MaxPoolArguments> MaxPoolKernel = new("MaxPool", MaxPool, threads: 256);

internal struct MaxPoolArguments
{
    public ArrayView<float> Relu;
    public ArrayView<float> MaxPool;
    public int Rows;
}

// Max over windows of 2 × 2 of images of 8 × 8 × 16
private static void MaxPool(MaxPoolArguments args)
{
    int index = (Grid.IdxX * 256) + Group.IdxX;
    if (index >= args.Rows * 256)
    {
        return;
    }
    int channel = index % 16;
    int x = index / 16 % 4;
    int y = index / 64 % 4;
    int example = index / 256;
    int firstY = Math.Max((y * 2) - 0, 0);
    int endY = Math.Min((y * 2) + 2, 8);
    int firstX = Math.Max((x * 2) - 0, 0);
    int endX = Math.Min((x * 2) + 2, 8);
    int image = (example * 1024) + channel;
    float maximum = float.NegativeInfinity;
    for (int row = firstY; row < endY; row++)
    {
        for (int column = firstX; column < endX; column++)
        {
            maximum = DeviceMath.Maximum(maximum, args.Relu[image + (((row * 8) + column) * 16)]);
        }
    }
    args.MaxPool[index] = maximum;
}
