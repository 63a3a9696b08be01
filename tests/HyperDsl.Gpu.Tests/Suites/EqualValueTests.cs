using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Of a value and its copy one is left, where its memory holds it as long as either is read.</summary>
public sealed class EqualValueTests
{
    private const int Size = 20;

    private enum Value
    {
        X,
        Copy,
        Result,
        OverX,
        OverCopy,
        Other,
        Longer,
        Input,
        Output,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallLaunches.Scratch("x", 0, Size), SmallLaunches.Scratch("copy", 32, Size), SmallLaunches.Scratch("result", 64, Size),
        SmallLaunches.Scratch("over x", 8, Size), SmallLaunches.Scratch("over copy", 40, Size), SmallLaunches.Scratch("other", 96, Size),
        SmallLaunches.Scratch("longer", 128, 2 * Size), SmallSums.Value(Place.RealInput, "input", 0, Size) with { PerExample = true },
        SmallSums.Value(Place.Output, "output", 0, Size) with { PerExample = true },
    ];

    private static readonly SmallLaunches Launches = new(Storages);

    [Fact]
    public void A_copy_is_left_out() => Assert.Equal(
        ["X = relu Input", "Result = relu X"], Run(Relu(Value.Input, Value.X), Move(Value.X, Value.Copy), Relu(Value.Copy, Value.Result)));

    [Fact]
    public void An_input_is_read_where_it_is() => Assert.Equal(["Result = relu Input"], Run(Move(Value.Input, Value.Copy), Relu(Value.Copy, Value.Result)));

    /// <summary>The value's memory is needed for another before its copy was read: so the copy is written in its place.</summary>
    [Fact]
    public void Who_wrote_the_value_writes_the_copy() => Assert.Equal(
        ["Copy = relu Input", "OverX = 0", "Result = relu Copy"],
        Run(Relu(Value.Input, Value.X), Move(Value.X, Value.Copy), Fill(Value.OverX), Relu(Value.Copy, Value.Result)));

    [Fact]
    public void Other_readers_of_the_value_read_the_copy() => Assert.Equal(
        ["Copy = relu Input", "Other = relu Copy", "OverX = 0", "Result = relu Copy"],
        Run(Relu(Value.Input, Value.X), Move(Value.X, Value.Copy), Relu(Value.X, Value.Other), Fill(Value.OverX), Relu(Value.Copy, Value.Result)));

    [Fact]
    public void Both_stay_where_neither_memory_is_free() => Stays(
        Relu(Value.Input, Value.X), Fill(Value.OverCopy), Move(Value.X, Value.Copy), Fill(Value.OverX), Relu(Value.Copy, Value.Result));

    [Fact]
    public void Both_stay_where_the_copy_is_overwritten_before_the_value_is_read() => Stays(
        Relu(Value.Input, Value.X), Move(Value.X, Value.Copy), Relu(Value.Copy, Value.Other), Fill(Value.OverCopy), Relu(Value.X, Value.Result), Fill(Value.OverX),
        Relu(Value.Copy, Value.Output));

    [Fact]
    public void What_the_caller_reads_is_written() => Stays(Move(Value.Input, Value.Output));

    [Fact]
    public void What_a_loop_reads_stays() => Stays(
        Relu(Value.Input, Value.X), Move(Value.X, Value.Copy),
        new DeviceLoop(new EquatableArray<DeviceStep>(Relu(Value.Copy, Value.Result), Relu(Value.X, Value.Other)), FromLast: false));

    /// <summary>What is around it was written by another launch.</summary>
    [Fact]
    public void A_part_of_a_longer_value_stays() => Stays(
        Fill(Value.Longer), Relu(Value.Input, Value.X), Launches.Pass((int)Value.X, (int)Value.Longer, Size, offset: 4), Relu(Value.Longer, Value.Result));

    [Fact]
    public void A_value_that_is_written_twice_stays() => Stays(
        Relu(Value.Input, Value.X), Fill(Value.Copy), Move(Value.X, Value.Copy), Relu(Value.Copy, Value.Result));

    /// <summary>The copy is what was there before.</summary>
    [Fact]
    public void A_copy_of_what_the_pass_itself_changes_stays()
    {
        Launch inPlace = Launches.Twice(Relu(Value.X, Value.X), (int)Value.Copy);
        RowProgram program = ((PassKernel)inPlace.Kernel).Program;
        RowInstruction[] instructions = [.. program.Instructions.Take(3), program.Instructions[3] with { Inputs = new EquatableArray<int>(0) }];
        Stays(
            Relu(Value.Input, Value.X), inPlace with { Kernel = new PassKernel(program with { Instructions = instructions.ToEquatable() }) },
            Relu(Value.Copy, Value.Result), Relu(Value.X, Value.Other));
    }

    [Fact]
    public void Of_two_stores_of_one_value_one_is_left()
    {
        Launch twice = Launches.Twice(Relu(Value.Input, Value.X), (int)Value.Copy);
        Assert.Equal(
            ["Copy = relu Input", "Result = relu Copy", "Other = relu Copy"], Run(twice, Relu(Value.X, Value.Result), Relu(Value.Copy, Value.Other)));
        Assert.Equal(
            ["X = relu Input", "Result = relu X", "OverCopy = 0", "Other = relu X"],
            Run(twice, Relu(Value.Copy, Value.Result), Fill(Value.OverCopy), Relu(Value.X, Value.Other)));
    }

    [Fact]
    public void Both_stores_stay_where_each_is_overwritten_before_the_other_is_read() => Stays(
        Launches.Twice(Relu(Value.Input, Value.X), (int)Value.Copy), Relu(Value.X, Value.Result), Fill(Value.OverX), Relu(Value.Copy, Value.Result), Fill(Value.OverCopy),
        Relu(Value.X, Value.Result));

    private static Launch Relu(Value from, Value to) => Launches.Pass((int)from, (int)to, Size) with { Comment = $"{to} = relu {from}" };

    private static Launch Fill(Value value) => Launches.Fill((int)value) with { Comment = $"{value} = 0" };

    private static Launch Move(Value from, Value to)
    {
        Launch pass = Launches.Pass((int)from, (int)to, Size);
        return pass with { Kernel = new PassKernel(((PassKernel)pass.Kernel).Program with { Instructions = RowPrograms.Move }), Comment = $"{to} = {from}" };
    }

    private static void Stays(params DeviceStep[] steps) => Assert.Equal(steps, EqualValues.Run(Launches.Program([steps])).Phases[0].Steps);

    /// <summary>What launches do now, by what they are given.</summary>
    private static string[] Run(params DeviceStep[] steps) =>
        [.. EqualValues.Run(Launches.Program([steps])).Phases[0].Steps.Cast<Launch>().Select(launch => launch.Kernel is FillKernel
            ? launch.Comment
            : $"{Name(launch.Operands[1])} = relu {Name(launch.Operands[0])}{(launch.Operands.Count > 2 ? " = " + Name(launch.Operands[2]) : "")}")];

    private static Value Name(DeviceOperand operand) => (Value)operand.Storage;
}
