internal static readonly GpuReduction<SumOfMultiplyAddArguments> SumOfMultiplyAddKernel = new("SumOfMultiplyAdd", SumOfMultiplyAdd, threads: 256);

internal struct SumOfMultiplyAddArguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public int Rows;
}

// rows × 10
// target += B * A + C
private static void SumOfMultiplyAdd(SumOfMultiplyAddArguments args, Reduction reduction)
{
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int elements = 10;
    int groups = (elements + 15) / 16;
    int split = Grid.IdxX / groups;
    int lane = Group.IdxX / 16;
    int place = ((Grid.IdxX % groups) * 16) + (Group.IdxX % 16);
    int kept = place < elements ? place : 0;
    int column = kept;
    int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);
    float sum = 0f;
    for (int index = (split * reduction.Chunk) + lane; index < end; index += 16)
    {
        int example = index;
        float a_0 = args.A[(example * 10) + column];
        float b_1 = args.B[0];
        float multiply_2 = b_1 * a_0;
        float c_3 = args.C[(example * 10) + column];
        float add_4 = multiply_2 + c_3;
        sum += add_4;
    }
    sum = GroupReduction.SumOfLanes(shared, sum, 16);
    if (lane == 0 && place < elements)
    {
        GroupReduction.Write(reduction, split, column, sum);
    }
}
