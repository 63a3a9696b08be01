internal static readonly GpuReduction<SumOfLessSelectArguments> SumOfLessSelectKernel = new("SumOfLessSelect", SumOfLessSelect, threads: 256);

internal struct SumOfLessSelectArguments
{
    public ArrayView<float> Relu;
    public ArrayView<float> MaxPoolGradient;
    public int Rows;
}

// rows × 64 × 16
// target += 0 < Relu ? MaxPoolGradient : 0
private static void SumOfLessSelect(SumOfLessSelectArguments args, Reduction reduction)
{
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int elements = 16;
    int groups = (elements + 15) / 16;
    int split = Grid.IdxX / groups;
    int lane = Group.IdxX / 16;
    int place = ((Grid.IdxX % groups) * 16) + (Group.IdxX % 16);
    int kept = place < elements ? place : 0;
    int column1 = kept;
    int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);
    float sum = 0f;
    for (int index = (split * reduction.Chunk) + lane; index < end; index += 16)
    {
        int column0 = index % 64;
        int example = index / 64;
        float relu_1 = args.Relu[(example * 1024) + (column0 * 16) + column1];
        float less_2 = 0f < relu_1 ? 1f : 0f;
        float maxPoolGradient_3 = args.MaxPoolGradient[(example * 1024) + (column0 * 16) + column1];
        float select_4 = less_2 != 0 ? maxPoolGradient_3 : 0f;
        sum += select_4;
    }
    sum = GroupReduction.SumOfLanes(shared, sum, 16);
    if (lane == 0 && place < elements)
    {
        GroupReduction.Write(reduction, split, column1, sum);
    }
}
