using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Several sums across as many rows, none of which needs another; their elements are numbered one sum after another. Operands: what the
/// first reads, what the second reads, and so on, then their targets in order, each of which lies in one piece.
/// </summary>
/// <param name="Sums">The sums.</param>
internal sealed record SumsKernel(EquatableArray<SumKernel> Sums) : DeviceKernel
{
    /// <summary>How many buffers are read; the targets follow.</summary>
    public int Inputs => Sums.Sum(sum => sum.OperandCount);

    public override int OperandCount => Inputs + Sums.Count;

    public override bool Writes(int operand) => operand >= Inputs;

    public override bool IsIndex(int operand)
    {
        foreach (SumKernel sum in Sums)
        {
            if (operand < sum.OperandCount)
            {
                return sum.IsIndex(operand);
            }
            operand -= sum.OperandCount;
        }
        return false;
    }

    public override DeviceKernel Printed => this with { Stored = EquatableArray<int>.Empty };

    /// <summary>Which sums are stored, instead of added to what their target holds (<see cref="WholeSums"/>).</summary>
    public EquatableArray<int> Stored { get; init; } = EquatableArray<int>.Empty;

    /// <summary>The kernel that adds the parts of the sums to their targets.</summary>
    public AddSumsKernel Adding => new(Sums.Select(Elements).ToEquatable(), Stored);

    /// <summary>Elements of a sum's target.</summary>
    public static int Elements(SumKernel sum) => Axes(sum).Where(axis => axis.Stride != 0).Aggregate(1, (product, axis) => checked(product * axis.Extent));

    /// <summary>How many values a row adds to each element.</summary>
    public static int SummandsOfRow(SumKernel sum) =>
        Axes(sum).Where(axis => axis.Stride == 0).Aggregate(1, (product, axis) => checked(product * axis.Extent));

    /// <summary>Whether a sum's elements lie one after another.</summary>
    public static bool IsInOnePiece(SumKernel sum)
    {
        int size = 1;
        foreach ((int extent, int stride) in Axes(sum).Where(axis => axis.Stride != 0 && axis.Extent != 1).Reverse())
        {
            if (stride != size)
            {
                return false;
            }
            size = checked(size * extent);
        }
        return true;
    }

    private static IEnumerable<(int Extent, int Stride)> Axes(SumKernel sum) => sum.Program.RowExtents.Concat(sum.Program.ColumnExtents)
        .Zip(sum.Program.Operands[sum.Program.Operands.Count - 1].Strides, (extent, stride) => (extent, stride));
}

/// <summary>Adds the parts of several sums to their targets, in order. Operands: the targets.</summary>
/// <param name="Elements">Elements of each target.</param>
/// <param name="Stored">Which targets are stored to, whatever they hold.</param>
internal sealed record AddSumsKernel(EquatableArray<int> Elements, EquatableArray<int> Stored) : DeviceKernel
{
    public override int OperandCount => Elements.Count;

    public override bool Writes(int operand) => true;
}
