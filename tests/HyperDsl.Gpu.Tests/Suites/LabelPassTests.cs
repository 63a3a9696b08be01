using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>A label's one-hot vector is written only for readers that cannot compare with the label.</summary>
public sealed class LabelPassTests
{
    private const int Classes = 20;

    private enum Value
    {
        Label,
        Vector,
        X,
        Result,
        Sum,
        Output,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallSums.Value(Place.IndexInput, "label", 0, 1), SmallLaunches.Scratch("vector", 0, Classes), SmallLaunches.Scratch("x", Classes, Classes),
        SmallLaunches.Scratch("result", 2 * Classes, Classes), SmallSums.Value(Place.Lane, "sum", 0, Classes),
        SmallSums.Value(Place.Output, "output", 0, Classes) with { PerExample = true },
    ];

    private static readonly SmallLaunches Launches = new(Storages);

    private static readonly Launch OneHot = new(
        new OneHotKernel(Classes), SmallSums.Operands((int)Value.Label, (int)Value.Vector), null, 0, false, RowCount.Examples,
        EquatableArray<int>.Empty, "one-hot");

    [Fact]
    public void A_pass_compares()
    {
        Launch found = Assert.IsType<Launch>(Assert.Single(Run(OneHot, Pass(Value.Vector))));
        RowOperand walk = Assert.IsType<PassKernel>(found.Kernel).Program.Operands[0];
        Assert.Equal((true, 1), (walk.IsLabel, walk.ExampleStride));
        Assert.Equal([(int)Value.Label, (int)Value.Result], found.Operands.Select(operand => operand.Storage));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(found.Kernel.IsIndex));
    }

    [Fact]
    public void A_sum_compares()
    {
        Launch found = Assert.IsType<Launch>(Assert.Single(Run(OneHot, Sum(Value.Vector))));
        Assert.True(Assert.IsType<SumKernel>(found.Kernel).Program.Operands[0].IsLabel);
        Assert.Equal((int)Value.Label, Assert.Single(found.Operands).Storage);
    }

    [Fact]
    public void All_readers_compare() => Assert.Equal(["pass", "sum"], Comments(OneHot, Pass(Value.Vector), Sum(Value.Vector)));

    [Fact]
    public void Others_read_on_as_before()
    {
        DeviceStep[] found = Run(OneHot, Pass(Value.X), Pass(Value.Vector));
        Assert.Equal(Pass(Value.X), found[0]);
    }

    [Fact]
    public void A_product_needs_the_vector() => Stays(OneHot, Pass(Value.Vector), SmallLaunches.Product((int)Value.Vector, (int)Value.Sum, (int)Value.Result, Classes, 1));

    [Fact]
    public void A_loop_needs_the_vector() => Stays(
        OneHot, new DeviceLoop(new EquatableArray<DeviceStep>(Pass(Value.Vector)), FromLast: false));

    [Fact]
    public void A_reader_of_a_part_needs_the_vector()
    {
        Launch whole = Pass(Value.Vector);
        Stays(OneHot, whole with { Operands = new EquatableArray<DeviceOperand>(new DeviceOperand((int)Value.Vector, 3), whole.Operands[1]) });
    }

    [Fact]
    public void A_vector_that_the_caller_reads_is_written()
    {
        Launch given = OneHot with { Operands = SmallSums.Operands((int)Value.Label, (int)Value.Output) };
        Stays(given);
        Stays(given, Pass(Value.Output));
    }

    /// <summary>Rows of all steps, say, that share the example's vector.</summary>
    [Fact]
    public void A_reader_with_other_rows_needs_the_vector() => Stays(OneHot, Pass(Value.Vector) with { Rows = RowCount.Steps });

    /// <summary>A pass over what a row reduced to, whose examples lie closer.</summary>
    [Fact]
    public void A_reader_that_walks_it_otherwise_needs_the_vector()
    {
        Launch pass = Pass(Value.Vector);
        RowProgram program = ((PassKernel)pass.Kernel).Program;
        RowOperand[] operands = [program.Operands[0] with { ExampleStride = 2 * Classes }, program.Operands[1]];
        Stays(OneHot, pass with { Kernel = new PassKernel(program with { Operands = operands.ToEquatable() }) });
    }

    private static Launch Pass(Value from) => Launches.Pass((int)from, (int)Value.Result, Classes);

    private static Launch Sum(Value from)
    {
        RowProgram program = new(
            true, EquatableArray<int>.Empty, new EquatableArray<int>(Classes),
            new EquatableArray<RowOperand>(
                new RowOperand(false, Classes, new EquatableArray<int>(1)), new RowOperand(true, 0, new EquatableArray<int>(1))),
            new EquatableArray<RowInstruction>(
                new RowInstruction(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
                new RowInstruction(RowInstructionKind.Accumulate, null, new EquatableArray<int>(0), 1, false, 0)),
            1, false);
        return new Launch(
            new SumKernel(program), SmallSums.Operands((int)from), new DeviceOperand((int)Value.Sum, 0), Classes, true, RowCount.Examples,
            EquatableArray<int>.Empty, "sum")
        {
            AddsRowsUp = true,
        };
    }

    private static void Stays(params DeviceStep[] steps) => Assert.Equal(steps, Run(steps));

    private static string[] Comments(params DeviceStep[] steps) => [.. Run(steps).Select(step => ((Launch)step).Comment)];

    private static DeviceStep[] Run(params DeviceStep[] steps) => [.. LabelsInPasses.Run(Launches.Program([steps])).Phases[0].Steps];
}
