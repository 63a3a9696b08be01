using System.Diagnostics;
using System.Globalization;
using HyperDsl.Execution;
using HyperDsl.Gpu;
using HyperDsl.Training;

namespace HyperDsl.GpuBenchmarks;

/// <summary>Compares a device with this processor and measures training on it.</summary>
public static class DeviceBenchmark
{
    private const string Entry = "Loss";

    // Clocks of a device rise within the first tenths of a second; the first step compiles its kernels.
    private const double WarmUpSeconds = 1;
    private const int WarmUpSteps = 3;

    /// <summary>A sample is so long that the wait at its end does not count.</summary>
    private const double SampleMilliseconds = 50;

    private const int LeastSamples = 5;

    /// <summary>Runs cases and prints the table.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="seconds">How long to sample each case.</param>
    /// <param name="writer">Where the table goes.</param>
    /// <returns>Whether all gradients are those of this processor.</returns>
    public static bool Run(GpuDevice device, IEnumerable<DeviceCase> cases, double seconds, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"HyperDsl on {device.Name}, {device.MemorySize / (1 << 20):N0} MiB, float32"));
        writer.WriteLine();
        writer.WriteLine(DeviceResult.Head);
        bool agree = true;
        foreach (DeviceCase item in cases)
        {
            if (item.OnTensorCores && !device.HasTensorCores)
            {
                writer.WriteLine($"| {item.Name} | not measured: this device has no tensor cores for TF32 | | | | | | | | |");
                continue;
            }

            DeviceResult result = Run(device, item, seconds);
            writer.WriteLine(result);
            agree &= result.Agrees;
        }

        return agree;
    }

    private static DeviceResult Run(GpuDevice device, DeviceCase item, double seconds)
    {
        Model model = item.Make();
        Batch batch = item.Data();
        double difference = Difference(device, model, batch);
        var trainer = new Trainer(model, new Adam(1e-3) { ClipNorm = 1 });
        (double[] samples, long launches) = Sample(device, trainer, batch, seconds);
        var result = new DeviceResult(
            item, model.ParameterCount, launches, samples[0], samples[samples.Length / 2], device.AllocatedBytes, difference, item.Tolerance);
        model.To(null);
        return result;
    }

    /// <summary>Leaves the model on the device.</summary>
    private static double Difference(GpuDevice device, Model model, Batch batch)
    {
        GradientStore expected = new(model.Parameters);
        GradientStore found = new(model.Parameters);
        double expectedLoss = model.LossAndGradient(Entry, batch, expected);
        model.To(device);
        double loss = model.LossAndGradient(Entry, batch, found);
        ReadOnlySpan<float> wanted = expected.Values;
        ReadOnlySpan<float> have = found.Values;
        double largest = 0, furthest = 0;
        for (int index = 0; index < wanted.Length; index++)
        {
            largest = Math.Max(largest, Math.Abs(wanted[index]));

            // Not a number differs from everything.
            double distance = Math.Abs(wanted[index] - have[index]);
            furthest = distance <= furthest ? furthest : distance;
        }

        return Math.Max(furthest / largest, Math.Abs((loss / expectedLoss) - 1));
    }

    /// <summary>Milliseconds a step, in order, and the launches of one.</summary>
    private static (double[] Samples, long Launches) Sample(GpuDevice device, Trainer trainer, Batch batch, double seconds)
    {
        long begin = Stopwatch.GetTimestamp();
        double last = 0;
        for (int step = 0; step < WarmUpSteps || Stopwatch.GetElapsedTime(begin).TotalSeconds < Math.Min(WarmUpSeconds, seconds); step++)
        {
            last = Time(device, trainer, batch, steps: 1);
        }

        int stepsOfSample = seconds > 0 ? Math.Max(1, (int)Math.Ceiling(SampleMilliseconds / last)) : 1;
        long before = device.Launches;
        trainer.Step(batch);
        long launches = device.Launches - before;
        List<double> samples = [];
        begin = Stopwatch.GetTimestamp();
        while (samples.Count < LeastSamples || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            samples.Add(Time(device, trainer, batch, stepsOfSample));
        }

        return ([.. samples.Order()], launches);
    }

    private static double Time(GpuDevice device, Trainer trainer, Batch batch, int steps)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            trainer.Step(batch);
        }

        device.Synchronize();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds / steps;
    }
}
