using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>One of several kernels with a thread an element that are launched together.</summary>
/// <param name="Kernel">An element-wise pass, a fill or a look-up.</param>
/// <param name="Rows">How many rows it runs over.</param>
internal sealed record PassMember(DeviceKernel Kernel, RowCount Rows);

/// <summary>
/// Several passes over elements, fills and look-ups, none of which needs another; their elements are numbered one after another. Operands: those
/// of the first, those of the second, and so on.
/// </summary>
/// <param name="Members">What is done.</param>
internal sealed record PassesKernel(EquatableArray<PassMember> Members) : DeviceKernel
{
    public override int OperandCount => Members.Sum(member => member.Kernel.OperandCount);

    public override bool Writes(int operand) => Find(operand) is var (kernel, number) && kernel.Writes(number);

    public override bool Reads(int operand) => Find(operand) is var (kernel, number) && kernel.Reads(number);

    public override bool IsIndex(int operand) => Find(operand) is var (kernel, number) && kernel.IsIndex(number);

    /// <summary>Whether a kernel can be one of several.</summary>
    public static bool CanJoin(DeviceKernel kernel) =>
        kernel is PassKernel { WalksRows: false } or FillKernel or GatherKernel or ScatterKernel or ScatterSumKernel or OneHotKernel;

    /// <summary>Which member an operand belongs to, and its number there.</summary>
    private (DeviceKernel Kernel, int Operand) Find(int operand)
    {
        int member = 0;
        for (; operand >= Members[member].Kernel.OperandCount; member++)
        {
            operand -= Members[member].Kernel.OperandCount;
        }
        return (Members[member].Kernel, operand);
    }
}
