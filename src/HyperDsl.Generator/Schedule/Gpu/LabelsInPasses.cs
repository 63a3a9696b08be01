using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Passes and sums that read a label's one-hot vector read the label instead, and compare: so softmax and cross-entropy need no target in memory. The
/// vector is written, and all read it, if one of its readers is anything else, such as a product, a part of a loop, or the caller.
/// </summary>
internal sealed class LabelsInPasses
{
    private readonly Launch[] outside;
    private readonly Launch[] all;
    private readonly DeviceMemory memory;

    private LabelsInPasses(DeviceProgram program)
    {
        memory = new DeviceMemory(program.Source);
        DeviceStep[] steps = [.. program.Phases.SelectMany(phase => phase.Steps)];
        outside = [.. steps.OfType<Launch>()];
        all = [.. steps.SelectMany(DeviceMemory.LaunchesOf)];
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        LabelsInPasses labels = new(program);
        Launch[] unneeded = [.. labels.outside.Where(labels.IsUnneeded)];
        DeviceStep Step(DeviceStep step) => step is Launch launch ? unneeded.Aggregate(launch, Comparing) : step;
        return program with
        {
            Phases = program.Phases.Select(phase => phase with
            {
                Steps = phase.Steps.Where(step => step is not Launch launch || !unneeded.Contains(launch)).Select(Step).ToEquatable(),
            }).ToEquatable(),
        };
    }

    private bool IsUnneeded(Launch launch) => launch.Kernel is OneHotKernel && memory.IsPrivate(Vector(launch))
        && ReadersOf(launch).All(reader => CanCompare(reader, launch));

    private static DeviceOperand Vector(Launch oneHot) => oneHot.Operands[1];

    private IEnumerable<Launch> ReadersOf(Launch oneHot) => all.Where(launch => launch != oneHot && OperandsOf(launch, oneHot).Any());

    /// <summary>Which operands are a label's vector.</summary>
    private static IEnumerable<int> OperandsOf(Launch launch, Launch oneHot) =>
        Enumerable.Range(0, launch.Operands.Count).Where(operand => launch.Operands[operand].Storage == Vector(oneHot).Storage);

    private bool CanCompare(Launch reader, Launch oneHot) =>
        outside.Contains(reader) && reader.Rows == oneHot.Rows && reader.Kernel is PassKernel or SumKernel { OverSteps: false }
        && ProgramOf(reader.Kernel) is { OverExamples: true } program
        && OperandsOf(reader, oneHot).All(operand => reader.Operands[operand] == Vector(oneHot) && program.Operands[operand] is { IsWritten: false } walk
            && walk.ExampleStride == ((OneHotKernel)oneHot.Kernel).Classes);

    private static Launch Comparing(Launch launch, Launch oneHot)
    {
        int[] replaced = [.. OperandsOf(launch, oneHot)];
        if (replaced.Length == 0)
        {
            return launch;
        }
        RowProgram program = ProgramOf(launch.Kernel);
        program = program with
        {
            Operands = program.Operands.Select((operand, i) => replaced.Contains(i) ? operand with { ExampleStride = 1, IsLabel = true } : operand).ToEquatable(),
            Flat = false,
        };
        return launch with
        {
            Kernel = launch.Kernel is SumKernel sum ? sum with { Program = program } : new PassKernel(program),
            Operands = launch.Operands.Select((operand, i) => replaced.Contains(i) ? oneHot.Operands[0] : operand).ToEquatable(),
        };
    }

    private static RowProgram ProgramOf(DeviceKernel kernel) => kernel is SumKernel sum ? sum.Program : ((PassKernel)kernel).Program;
}
