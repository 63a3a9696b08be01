internal static readonly GpuKernel<AddMaxSubtractEtcArguments> AddMaxSubtractEtcKernel = new("AddMaxSubtractEtc", AddMaxSubtractEtc, threads: 256);

internal struct AddMaxSubtractEtcArguments
{
    public ArrayView<float> A;
    public ArrayView<float> B;
    public ArrayView<float> C;
    public ArrayView<float> D;
    public int Rows;
}

// rows × 10
// C = A + B
// D = log(sum(exp(A + B - max(… + …)))) + max(A + B)
private static void AddMaxSubtractEtc(AddMaxSubtractEtcArguments args)
{
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int lane = Group.IdxX % 16;
    int place = (Grid.IdxX * 16) + (Group.IdxX / 16);
    bool inside = place < args.Rows;
    int row = inside ? place : 0;
    int example = row;
    float maximum_4All = float.NegativeInfinity;
    for (int column = lane; column < 10; column += 16)
    {
        float a_0 = args.A[(example * 10) + column];
        float b_1 = args.B[column];
        float add_2 = a_0 + b_1;
        if (inside)
        {
            args.C[(example * 10) + column] = add_2;
        }
        maximum_4All = DeviceMath.Maximum(maximum_4All, add_2);
    }
    float maximum_4 = GroupReduction.Maximum(shared, maximum_4All, 16);
    float sum_7All = 0f;
    for (int column = lane; column < 10; column += 16)
    {
        float a_0 = args.A[(example * 10) + column];
        float b_1 = args.B[column];
        float add_2 = a_0 + b_1;
        float subtract_5 = add_2 - maximum_4;
        float exp_6 = DeviceMath.Exp(subtract_5);
        sum_7All += exp_6;
    }
    float sum_7 = GroupReduction.Sum(shared, sum_7All, 16);
    float log_8 = DeviceMath.Log(sum_7);
    float add_9 = log_8 + maximum_4;
    if (inside && lane == 0)
    {
        args.D[example] = add_9;
    }
}
