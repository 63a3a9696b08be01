using HyperDsl.Gpu;
using HyperDsl.GpuBenchmarks;

CommandLine commandLine;
try
{
    commandLine = CommandLine.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

if (commandLine.Help)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

try
{
    if (commandLine.List)
    {
        IReadOnlyList<GpuDescription> devices = GpuDevice.List();
        Console.WriteLine(devices.Count == 0 ? "no devices" : string.Join(Environment.NewLine, devices));
        Console.WriteLine($"cases: {string.Join(", ", DeviceCase.All.Select(item => item.Name))}");
        return 0;
    }

    using GpuDevice device = commandLine.Cuda ? GpuDevice.Cuda(commandLine.Device) : GpuDevice.OpenCL(commandLine.Device);
    return DeviceBenchmark.Run(device, commandLine.Cases, commandLine.Seconds, Console.Out) ? 0 : 1;
}
catch (GpuNotFoundException missing)
{
    Console.Error.WriteLine(missing.Message);
    return 2;
}
