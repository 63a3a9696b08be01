namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Which buffers a launch reads and writes.</summary>
internal static class LaunchAccesses
{
    /// <summary>What a launch reads; of a loop, everything that it touches.</summary>
    public static IEnumerable<DeviceOperand> ReadBy(Launch launch)
    {
        IEnumerable<DeviceOperand> read = launch.Operands.Where((_, i) => launch.Kernel is LoopKernel || !IsWritten(launch.Kernel, i));
        return launch.Target is DeviceOperand target && launch.Adds ? read.Append(target) : read;
    }

    public static IEnumerable<DeviceOperand> WrittenBy(Launch launch)
    {
        IEnumerable<DeviceOperand> written = launch.Operands.Where((_, i) => IsWritten(launch.Kernel, i));
        return launch.Target is DeviceOperand target ? written.Append(target) : written;
    }

    private static bool IsWritten(DeviceKernel kernel, int operand) => kernel switch
    {
        PassKernel pass => pass.Program.Operands[operand].IsWritten,
        SumsKernel sums => operand >= sums.Inputs,
        PassesKernel passes => passes.Find(operand) is var (program, number) && program.Operands[number].IsWritten,
        LoopKernel loop => loop.AllParts.Any(part => WritesTo(part, operand)),
        ReducingKernel => false,
        _ => operand == kernel.OperandCount - 1,
    };

    private static bool WritesTo(LoopPart part, int buffer) =>
        part.Target?.Buffer == buffer || part.Operands.Where((operand, i) => operand.Buffer == buffer && IsWritten(part.Kernel, i)).Any();

    public static IEnumerable<Launch> Flattened(DeviceStep step) =>
        step is DeviceLoop loop ? loop.Body.SelectMany(Flattened) : [(Launch)step];
}
