using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// What must not be fused, or not moved: launches around a product [N, 20] = left [N, 5] · right [5, 20] and a pass that reads it, whose temporary
/// values share memory in ways that a compiled routine has at other places.
/// </summary>
public sealed class FusionOrderTests
{
    private const int Columns = 20;
    private const int Inner = 5;

    private enum Value
    {
        Left,
        Right,
        Product,
        Passed,
        Other,
        InPlaceOfLeft,
        OverPassed,
    }

    private static readonly StoredValue[] Storages =
    [
        Scratch("left", 0, Inner), new(Place.Parameter, 0, Inner * Columns, Shape.Of(Inner, Columns), "right", false),
        Scratch("product", 32, Columns), Scratch("passed", 64, Columns), Scratch("other", 112, Columns), Scratch("inPlaceOfLeft", 0, Columns),
        Scratch("overPassed", 80, Columns),
    ];

    [Fact]
    public void A_product_waits_for_its_pass() =>
        Assert.Equal(["fill other", "product, pass"], Fused(Product(), Fill(Value.Other), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_pass_follows_a_product_whose_operand_is_overwritten() => Assert.Equal(
        ["product, pass", "fill inPlaceOfLeft"],
        Fused(Product(), Fill(Value.InPlaceOfLeft), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void Neither_moves_where_both_are_in_the_way() => Assert.Equal(
        ["product", "fill inPlaceOfLeft", "fill overPassed", "pass"],
        Fused(Product(), Fill(Value.InPlaceOfLeft), Fill(Value.OverPassed), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_pass_that_writes_over_an_operand_stays_behind() => Assert.Equal(
        ["product", "pass"], Fused(Product(), Pass(Value.Product, Value.InPlaceOfLeft), Use(Value.InPlaceOfLeft)));

    [Fact]
    public void A_result_that_is_changed_in_between_is_not_taken_from_registers() => Assert.Equal(
        ["product", "fill product", "pass"], Fused(Product(), Fill(Value.Product), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_result_that_another_phase_reads_is_stored()
    {
        Assert.Equal(1, Stores([Product(), Pass(Value.Product, Value.Passed)], [Pass(Value.Passed, Value.Other)]));
        Assert.Equal(2, Stores([Product(), Pass(Value.Product, Value.Passed)], [Pass(Value.Product, Value.Other)]));
    }

    /// <summary>The first pass of a turn reads what the turn before left.</summary>
    [Fact]
    public void A_result_that_the_next_turn_reads_is_stored()
    {
        DeviceLoop Loop(params DeviceStep[] body) => new(body.ToEquatable(), FromLast: false);
        Assert.Equal(1, Stores([Loop(Pass(Value.Passed, Value.Other), Product(), Pass(Value.Product, Value.Passed))]));
        Assert.Equal(2, Stores([Loop(Pass(Value.Product, Value.Other), Product(), Pass(Value.Product, Value.Passed))]));
    }

    private static StoredValue Scratch(string name, int offset, int size) => new(Place.Scratch, offset, size, Shape.Of(size), name, true);

    private static DeviceOperand At(Value value) => new((int)value, 0);

    private static Launch Product() => new(
        new ProductKernel(
            EquatableArray<ProductAxis>.Empty, new EquatableArray<ProductAxis>(ProductAxis.Open(Inner, 0, Columns)),
            new EquatableArray<ProductAxis>(ProductAxis.Closed(Inner, 1, Columns, 0)),
            new EquatableArray<ProductAxis>(ProductAxis.Closed(Columns, 0, 1, 1)), new ProductTile(16, 16, 1, 1)),
        new EquatableArray<DeviceOperand>(At(Value.Left), At(Value.Right)), At(Value.Product), Columns, false, RowCount.Examples,
        EquatableArray<int>.Empty, "product");

    private static Launch Fill(Value value) => new(
        new FillKernel(Columns, 0), new EquatableArray<DeviceOperand>(At(value)), null, 0, false, RowCount.Examples, EquatableArray<int>.Empty,
        "fill " + Storages[(int)value].Name);

    private static Launch Pass(Value from, Value to)
    {
        static RowOperand Operand(bool written) => new(written, Columns, new EquatableArray<int>(1));
        RowInstruction[] instructions =
        [
            new(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
            new(RowInstructionKind.Apply, new Relu(), new EquatableArray<int>(0), -1, false, 0),
            new(RowInstructionKind.Store, null, new EquatableArray<int>(1), 1, false, 0),
        ];
        RowProgram program = new(
            true, EquatableArray<int>.Empty, new EquatableArray<int>(Columns), new EquatableArray<RowOperand>(Operand(false), Operand(true)),
            instructions.ToEquatable(), 1, true);
        return new Launch(
            new PassKernel(program), new EquatableArray<DeviceOperand>(At(from), At(to)), null, 0, false, RowCount.Examples,
            EquatableArray<int>.Empty, "pass");
    }

    /// <summary>A reader of the pass' result that cannot be fused.</summary>
    private static Launch Use(Value value) => new(
        new OneHotKernel(Columns), new EquatableArray<DeviceOperand>(At(value), At(Value.Other)), null, 0, false, RowCount.Examples,
        EquatableArray<int>.Empty, "use");

    private static string[] Fused(params DeviceStep[] steps) => [.. Run([steps])
        .Select(launch => launch.Comment.Replace("; ", ", ", StringComparison.Ordinal)).Where(comment => comment != "use")];

    private static int Stores(params DeviceStep[][] phases)
    {
        FusedProductKernel kernel = Assert.Single(Run(phases).Select(launch => launch.Kernel).OfType<FusedProductKernel>());
        return Enumerable.Range(0, kernel.OperandCount).Count(kernel.Writes);
    }

    private static Launch[] Run(DeviceStep[][] phases)
    {
        RoutineProgram source = new(
            EquatableArray<Phase>.Empty, Storages.ToEquatable(), EquatableArray<RowProgram>.Empty, 1, 0, 0, 0, 0, 0, 0);
        DeviceProgram program = new(phases.Select(steps => new DevicePhase(steps.ToEquatable(), 0, 0)).ToEquatable(), source);
        return [.. FuseProducts.Run(program).Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
    }
}
