extern alias benchmarks;

using System.Diagnostics;
using benchmarks::HyperDsl.GpuBenchmarks;

namespace HyperDsl.Gpu.Tests;

/// <summary>The program that is carried to machines with a GPU, on its smallest cases.</summary>
public sealed class BenchmarkTests
{
    [SkippableFact]
    public void The_tiny_cases_agree_with_the_processor_and_fill_the_table()
    {
        GpuDevice device = PoclBackend.Instance.Device;
        DeviceCase[] tiny = [.. DeviceCase.All.Where(item => item.Answers("tiny"))];
        Assert.Equal(2, tiny.Length);
        StringWriter table = new();
        Assert.True(DeviceBenchmark.Run(device, tiny, seconds: 0, table), table.ToString());
        string[] lines = table.ToString().TrimEnd().Split('\n');
        Assert.StartsWith("HyperDsl on ", lines[0], StringComparison.Ordinal);
        Assert.Equal(tiny.Select(item => item.Name), lines[^2..].Select(line => line.Split('|')[1].Trim()));
        Assert.All(lines[^2..], line => Assert.Equal(lines[2].Split('|').Length, line.Split('|').Length));
    }

    /// <summary>What the emulator cannot run in a test's time: at least, each of these models has kernels for tensor cores, and the others have none.</summary>
    [Fact]
    public void Cases_of_tensor_cores_have_kernels_for_them()
    {
        foreach (DeviceCase item in DeviceCase.All)
        {
            Type model = item.Make().GetType();
            Type kernels = model.Assembly.GetTypes().Single(
                type => type.Namespace == "HyperDsl.Compiled." + model.FullName!.Replace('.', '_') && type.Name == "GpuKernels");
            bool any = kernels.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
                .Any(field => field.GetValue(null) is GpuKernel { OnTensorCores: not null });
            Assert.Equal(item.OnTensorCores, any);
        }
    }

    [SkippableFact]
    public void A_device_without_tensor_cores_says_so_in_the_table()
    {
        GpuDevice device = PoclBackend.Instance.Device;
        DeviceCase[] rounded = [.. DeviceCase.All.Where(item => item.Answers("tf32"))];
        Assert.Equal(3, rounded.Length);
        StringWriter table = new();
        Assert.True(DeviceBenchmark.Run(device, rounded, seconds: 0, table));
        string[] lines = table.ToString().TrimEnd().Split('\n');
        Assert.All(lines[^3..], line => Assert.Contains("no tensor cores", line, StringComparison.Ordinal));
        Assert.All(lines[^3..], line => Assert.Equal(lines[2].Split('|').Length, line.Split('|').Length));
    }

    [Fact]
    public void Where_gradients_differ_the_result_says_so()
    {
        DeviceResult result = new(DeviceCase.All[0], 1, 1, 1, 1, 1, Difference: 1e-2, Tolerance: 1e-3);
        Assert.False(result.Agrees);
        Assert.Contains("MORE THAN", result.ToString(), StringComparison.Ordinal);
        Assert.False((result with { Difference = double.NaN }).Agrees);
    }

    [SkippableTheory]
    [InlineData("", "driver")]
    [InlineData("--backend tpu", "--backend is cuda or opencl, not 'tpu'")]
    [InlineData("--case nothing", "There is no case 'nothing'")]
    public void Refusals_end_with_2(string arguments, string message)
    {
        Skip.If(arguments.Length == 0 && GpuDevice.List().Any(device => device.Kind == "cuda"), "There is an NVIDIA device.");
        ProcessStartInfo start = new("dotnet", [typeof(DeviceCase).Assembly.Location, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
