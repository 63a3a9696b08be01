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
