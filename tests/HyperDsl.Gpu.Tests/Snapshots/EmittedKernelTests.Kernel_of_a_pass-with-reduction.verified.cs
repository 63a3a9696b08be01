internal static readonly GpuKernel<AddMaxSubtractEtcArguments> AddMaxSubtractEtcKernel = new("AddMaxSubtractEtc", AddMaxSubtractEtc, threads: 256);

internal struct AddMaxSubtractEtcArguments
{
    public ArrayView<float> Y;
    public ArrayView<float> ReadoutBias;
    public ArrayView<int> Label;
    public ArrayView<float> Temporary;
    public int Rows;
}

// rows × 10
// Temporary = log(sum(exp(subtract_4))) + max(Y + ReadoutBias) - sum((Y + ReadoutBias) * oneHot(Label))
private static void AddMaxSubtractEtc(AddMaxSubtractEtcArguments args)
{
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int lane = Group.IdxX % 16;
    int place = (Grid.IdxX * 16) + (Group.IdxX / 16);
    bool inside = place < args.Rows;
    int row = inside ? place : 0;
    int example = row;
    float maximum_3All = float.NegativeInfinity;
    float sum_11All = 0f;
    for (int column = lane; column < 10; column += 16)
    {
        float y_0 = args.Y[(example * 10) + column];
        float readoutBias_1 = args.ReadoutBias[column];
        float add_2 = y_0 + readoutBias_1;
        maximum_3All = DeviceMath.Maximum(maximum_3All, add_2);
        float label_9 = args.Label[example] == column ? 1f : 0f;
        float multiply_10 = add_2 * label_9;
        sum_11All += multiply_10;
    }
    float maximum_3 = GroupReduction.Maximum(shared, maximum_3All, 16);
    float sum_11 = GroupReduction.Sum(shared, sum_11All, 16);
    float sum_6All = 0f;
    for (int column = lane; column < 10; column += 16)
    {
        float y_0 = args.Y[(example * 10) + column];
        float readoutBias_1 = args.ReadoutBias[column];
        float add_2 = y_0 + readoutBias_1;
        float subtract_4 = add_2 - maximum_3;
        float exp_5 = DeviceMath.Exp(subtract_4);
        sum_6All += exp_5;
    }
    float sum_6 = GroupReduction.Sum(shared, sum_6All, 16);
    float log_7 = DeviceMath.Log(sum_6);
    float add_8 = log_7 + maximum_3;
    float subtract_12 = add_8 - sum_11;
    if (inside && lane == 0)
    {
        args.Temporary[example] = subtract_12;
    }
}
