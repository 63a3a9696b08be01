using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// What the host launches for a step of time: products with 1.4 MB of weights on the whole device, with what follows at once; everything else in
/// kernels of rows, as few as the order of the step allows.
/// </summary>
public sealed class HostLoopTests
{
    private const int Units = 600;
    private const int ScratchSize = 8000;

    private enum Value
    {
        State,
        Large,
        Product,
        Passed,
        Small,
        Embedding,
        Other,
        OverPassed,
        Next,
        Assembled,
    }

    /// <summary>The values Passed and OverPassed share memory.</summary>
    private static readonly StoredValue[] Storages =
    [
        SmallLaunches.Scratch("state", 0, Units), new(Place.Parameter, 0, Units * Units, Shape.Of(Units, Units), "large", false),
        SmallLaunches.Scratch("product", 1000, Units), SmallLaunches.Scratch("passed", 2000, Units),
        new(Place.Parameter, Units * Units, Units * 4, Shape.Of(Units, 4), "small", false), SmallLaunches.Scratch("embedding", 3000, 4),
        SmallLaunches.Scratch("other", 4000, Units), SmallLaunches.Scratch("overPassed", 2100, Units), SmallLaunches.Scratch("next", 5000, Units),
        SmallLaunches.Scratch("assembled", 6000, 2 * Units),
    ];

    private static readonly SmallLaunches Launches = new(Storages);

    private static Launch LargeProduct(Value left) => SmallLaunches.Product((int)left, (int)Value.Large, (int)Value.Product, Units, Units);

    private static Launch SmallProduct => SmallLaunches.Product((int)Value.State, (int)Value.Small, (int)Value.Embedding, Units, 4);

    private static Launch Pass(Value from, Value to, int size = Units) => Launches.Pass((int)from, (int)to, size);

    /// <summary>The last pass writes what the product reads, so it is none of the product's.</summary>
    [Fact]
    public void A_product_takes_what_follows_at_once_and_the_rest_is_one_kernel() => Assert.Equal(
        ["device: product, pass, pass", "rows: product, pass"],
        Segments(LargeProduct(Value.State), Pass(Value.Product, Value.Passed), SmallProduct, Pass(Value.Passed, Value.Other), Pass(Value.Other, Value.State)));

    /// <summary>The product is ready at the beginning of the step; its reader needs rows first.</summary>
    [Fact]
    public void A_product_runs_before_rows_that_it_does_not_need()
    {
        Launch both = PassOfTwo(Value.Product, Value.Embedding, Value.Other);
        Assert.Equal(
            ["device: product", "rows: product, pass, pass"],
            Segments(SmallProduct, LargeProduct(Value.State), both, Pass(Value.Other, Value.State)));
    }

    [Fact]
    public void Rows_between_products_that_need_each_other_are_kernels_of_their_own() => Assert.Equal(
        ["device: product, pass", "rows: pass, pass", "device: product", "rows: pass, pass"],
        Segments(
            LargeProduct(Value.State), Pass(Value.Product, Value.Passed), SmallLaunches.Use((int)Value.Passed, (int)Value.Other) with { Kernel = RowSum, Comment = "pass" },
            Pass(Value.Other, Value.State), LargeProduct(Value.State) with { Target = new DeviceOperand((int)Value.Next, 0) },
            SmallLaunches.Use((int)Value.Next, (int)Value.Other) with { Kernel = RowSum, Comment = "pass" }, Pass(Value.Other, Value.State)));

    /// <summary>In the compiled order the second value overwrites the first; with room of its own it need not wait.</summary>
    [Fact]
    public void Values_that_shared_memory_do_not_keep_launches_apart()
    {
        DeviceStep[] body =
        [
            SmallProduct, Pass(Value.Embedding, Value.OverPassed, 4), Pass(Value.OverPassed, Value.Other, 4), LargeProduct(Value.State),
            Pass(Value.Product, Value.Passed), SmallLaunches.Use((int)Value.Passed, (int)Value.Next) with { Kernel = RowSum, Comment = "pass" },
            Pass(Value.Next, Value.State), Pass(Value.Other, Value.State, 4),
        ];
        Assert.Equal(["device: product, pass", "rows: product, pass, pass, pass, pass, pass"], Segments(body));
        DeviceProgram program = Program(new DeviceLoop(body.ToEquatable(), FromLast: false), [Pass(Value.State, Value.Other)]);
        RoutineProgram arranged = LoopsOnDevice.Run(program, LoopForm.Host).Source;
        Assert.Equal(ScratchSize, arranged.Storages[(int)Value.Passed].Offset);
        Assert.Equal(Storages[(int)Value.OverPassed].Offset, arranged.Storages[(int)Value.OverPassed].Offset);
        Assert.Equal(ScratchSize + 608, arranged.ScratchSize);
    }

    /// <summary>The product takes the second pass only; the first one makes what that reads.</summary>
    [Fact]
    public void A_pass_stays_before_one_that_a_product_took_and_that_reads_it() => Assert.Equal(
        ["device: pass, product, pass", "rows: product, pass"],
        Segments(
            LargeProduct(Value.State), Pass(Value.Embedding, Value.Other, 4), PassOfTwo(Value.Product, Value.Other, Value.Passed), SmallProduct,
            Pass(Value.Passed, Value.State)));

    /// <summary>A copy of the state that a step finds, for the way back; then the product's pass overwrites the state.</summary>
    [Fact]
    public void A_pass_stays_before_one_that_a_product_took_and_that_overwrites_what_it_reads() => Assert.Equal(
        ["device: pass, product, pass", "rows: product, pass"],
        Segments(
            LargeProduct(Value.Next), Pass(Value.State, Value.Other), Pass(Value.Product, Value.State), SmallProduct,
            Pass(Value.Other, Value.Next)));

    /// <summary>One part is written by the product, one by rows: rows cannot have the value in a group's memory.</summary>
    [Fact]
    public void A_value_whose_parts_are_written_by_several_launches_is_not_in_a_groups_memory()
    {
        DeviceStep[] body =
        [
            LargeProduct(Value.State), Pass(Value.Product, Value.Assembled), SmallProduct,
            Launches.Pass((int)Value.Embedding, (int)Value.Assembled, 4, offset: Units), Pass(Value.Assembled, Value.State),
        ];
        Assert.Equal(["device: product, pass", "rows: product, pass, pass"], Segments(body));
        DeviceProgram program = Program(new DeviceLoop(body.ToEquatable(), FromLast: false), [Pass(Value.State, Value.Other)]);
        LoopKernel kernel = LoopsOnDevice.Run(program, LoopForm.Host).Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)
            .Select(launch => launch.Kernel).OfType<LoopKernel>().Single();
        Assert.Equal(LoopMemory.Scratch, kernel.Buffers.Single(buffer => buffer.Name == "Assembled").Memory);
        Assert.Equal(LoopMemory.Values, kernel.Buffers.Single(buffer => buffer.Name == "Embedding").Memory);
    }

    /// <summary>A lone launch of rows stays what it is: the whole device works on it.</summary>
    [Fact]
    public void A_single_pass_stays_a_launch_of_its_own() => Assert.Equal(
        ["device: product", "device: pass"],
        Segments(LargeProduct(Value.State), SmallLaunches.Use((int)Value.Product, (int)Value.State) with { Kernel = RowSum, Comment = "pass" }));

    /// <summary>A sum over examples needs all of them: it is no part of a kernel of rows.</summary>
    [Fact]
    public void What_adds_up_examples_stays_with_the_host()
    {
        Launch sum = Pass(Value.Passed, Value.Other) with { Rows = RowCount.One, Comment = "sum" };
        Assert.Equal(
            ["rows: product, pass", "device: sum", "rows: pass, pass"],
            Segments(SmallProduct, Pass(Value.State, Value.Passed), sum, Pass(Value.Other, Value.Next), Pass(Value.Next, Value.State)));
    }

    [Fact]
    public void Temporaries_stay_with_their_readers()
    {
        Launch maker = Pass(Value.State, Value.Other) with { Temporaries = new EquatableArray<int>(Units) };
        maker = maker with { Operands = new EquatableArray<DeviceOperand>(maker.Operands[0], DeviceOperand.Temporary(0)) };
        Launch read = Pass(Value.State, Value.Next);
        read = read with { Operands = new EquatableArray<DeviceOperand>(DeviceOperand.Temporary(0), read.Operands[1]), Rows = RowCount.One };
        Assert.Equal(
            ["device: pass, pass", "rows: product, pass"],
            Segments(maker, read, SmallProduct, Pass(Value.Embedding, Value.Passed, 4)));
    }

    /// <summary>The sum of a value and of another one's first number.</summary>
    private static Launch PassOfTwo(Value first, Value second, Value to)
    {
        Launch pass = Pass(first, to);
        RowProgram program = ((PassKernel)pass.Kernel).Program;
        return pass with
        {
            Kernel = new PassKernel(program with
            {
                Operands = program.Operands.Append(new RowOperand(false, Storages[(int)second].Size, new EquatableArray<int>(0))).ToEquatable(),
                Instructions = new EquatableArray<RowInstruction>(
                    program.Instructions[0], program.Instructions[0] with { Operand = 2 },
                    program.Instructions[1] with { Operation = new Generator.Ops.Add(), Inputs = new EquatableArray<int>(0, 1) },
                    program.Instructions[2] with { Inputs = new EquatableArray<int>(2) }),
            }),
            Operands = pass.Operands.Append(new DeviceOperand((int)second, 0)).ToEquatable(),
        };
    }

    /// <summary>A row added up: not element-wise.</summary>
    private static readonly PassKernel RowSum = new(new RowProgram(
        true, EquatableArray<int>.Empty, new EquatableArray<int>(Units),
        new EquatableArray<RowOperand>(
            new RowOperand(false, Units, new EquatableArray<int>(1)), new RowOperand(true, Units, new EquatableArray<int>(0))),
        new EquatableArray<RowInstruction>(
            new RowInstruction(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
            new RowInstruction(RowInstructionKind.ReduceSum, null, new EquatableArray<int>(0), -1, true, 1),
            new RowInstruction(RowInstructionKind.Store, null, new EquatableArray<int>(1), 1, true, 1)),
        1, false));

    private static string[] Segments(params DeviceStep[] body)
    {
        DeviceLoop loop = new(body.ToEquatable(), FromLast: false);
        return [.. HostLoop.Of(Program(loop, [Pass(Value.State, Value.Next)]), loop).Segments.Select(segment =>
            (segment.OfRows ? "rows: " : "device: ")
            + string.Join(", ", segment.Launches.Select(launch => launch.Comment.Replace("; ", ", ", StringComparison.Ordinal))))];
    }

    /// <param name="loop">The loop.</param>
    /// <param name="behind">What reads its result.</param>
    private static DeviceProgram Program(DeviceLoop loop, DeviceStep[] behind)
    {
        DeviceProgram program = Launches.Program([[], [loop, .. behind]]);
        return program with { Source = program.Source with { ScratchSize = ScratchSize } };
    }
}
