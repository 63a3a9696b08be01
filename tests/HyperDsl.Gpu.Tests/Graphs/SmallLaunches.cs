using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Launches by hand, for schedules in which memory is shared in ways that a compiled routine has at other places.</summary>
/// <param name="storages">Where values lie; launches name them by their number.</param>
internal sealed class SmallLaunches(StoredValue[] storages)
{
    /// <summary>A temporary value of each example.</summary>
    public static StoredValue Scratch(string name, int offset, int size) => new(Place.Scratch, offset, size, Shape.Of(size), name, true);

    /// <summary>[N, columns] = left [N, inner] · right [inner, columns].</summary>
    public static Launch Product(int left, int right, int result, int inner, int columns) => new(
        new ProductKernel(
            EquatableArray<ProductAxis>.Empty, new EquatableArray<ProductAxis>(ProductAxis.Open(inner, 0, columns)),
            new EquatableArray<ProductAxis>(ProductAxis.Closed(inner, 1, columns, 0)),
            new EquatableArray<ProductAxis>(ProductAxis.Closed(columns, 0, 1, 1)), new ProductTile(16, 16, 1, 1)),
        new EquatableArray<DeviceOperand>(At(left), At(right)), At(result), columns, false, RowCount.Examples, EquatableArray<int>.Empty, "product");

    /// <summary>Zeros.</summary>
    public Launch Fill(int value) => new(
        new FillKernel(storages[value].Size, 0), new EquatableArray<DeviceOperand>(At(value)), null, 0, false, RowCount.Examples,
        EquatableArray<int>.Empty, "fill " + storages[value].Name);

    /// <summary>The relu of a value.</summary>
    /// <param name="from">The value.</param>
    /// <param name="to">Where to.</param>
    /// <param name="size">Its elements.</param>
    /// <param name="offset">Where in the result they begin.</param>
    public Launch Pass(int from, int to, int size, int offset = 0)
    {
        RowInstruction[] instructions =
        [
            new(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
            new(RowInstructionKind.Apply, new Relu(), new EquatableArray<int>(0), -1, false, 0),
            new(RowInstructionKind.Store, null, new EquatableArray<int>(1), 1, false, 0),
        ];
        RowProgram program = new(
            true, EquatableArray<int>.Empty, new EquatableArray<int>(size),
            new EquatableArray<RowOperand>(Walk(from, isWritten: false), Walk(to, isWritten: true)), instructions.ToEquatable(), 1, true);
        return new Launch(
            new PassKernel(program), new EquatableArray<DeviceOperand>(At(from), new DeviceOperand(to, offset)), null, 0, false,
            RowCount.Examples, EquatableArray<int>.Empty, "pass");
    }

    /// <summary>A pass that stores its result a second time.</summary>
    public Launch Twice(Launch pass, int again)
    {
        RowProgram program = ((PassKernel)pass.Kernel).Program;
        RowProgram twice = program with
        {
            Operands = program.Operands.Append(Walk(again, isWritten: true)).ToEquatable(),
            Instructions = program.Instructions.Append(program.Instructions[2] with { Operand = 2 }).ToEquatable(),
        };
        return pass with { Kernel = new PassKernel(twice), Operands = pass.Operands.Append(At(again)).ToEquatable() };
    }

    /// <summary>A reader into which nothing is fused.</summary>
    public static Launch Use(int value, int result) => new(
        new OneHotKernel(1), new EquatableArray<DeviceOperand>(At(value), At(result)), null, 0, false, RowCount.Examples,
        EquatableArray<int>.Empty, "use");

    public DeviceProgram Program(IEnumerable<DeviceStep[]> phases) => new(
        phases.Select(steps => new DevicePhase(steps.ToEquatable(), 0, 0)).ToEquatable(),
        new RoutineProgram(EquatableArray<Phase>.Empty, storages.ToEquatable(), EquatableArray<RowProgram>.Empty, 1, 0, 0, 0, 0, 0, 0));

    private static DeviceOperand At(int value) => new(value, 0);

    private RowOperand Walk(int value, bool isWritten) => new(isWritten, storages[value].Size, new EquatableArray<int>(1));
}
