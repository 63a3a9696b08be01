using HyperDsl.Cpu;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu.Tests;

/// <summary>The functions that kernels call: their stated errors, and random numbers bit for bit.</summary>
public abstract class DeviceMathSuite(GpuBackend backend)
{
    private const int Count = 200_000;

    public static TheoryData<int, string, double, double, double> Functions => new()
    {
        // function, name, from, to, stated error in units of the last place
        { 0, "exp", -87, 88, 2 },
        { 1, "tanh", -10, 10, 4 },
        { 1, "tanh near 0", -1e-3, 1e-3, 4 },
        { 2, "sigmoid", -80, 80, 4 },
        { 3, "log", 1e-6, 10, 2 },
        { 3, "log near 1", 0.9, 1.1, 2 },
        { 4, "softplus", -80, 80, 4 },
    };

    [SkippableTheory]
    [MemberData(nameof(Functions))]
    public void Errors_are_as_stated(int function, string name, double from, double to, double units)
    {
        float[] x = [.. Enumerable.Range(0, Count).Select(i => (float)(from + ((to - from) * i / (Count - 1))))];
        float[] found = Run(x, function);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Exact(function, x[i]);
            double unit = MathF.BitIncrement((float)Math.Abs(exact)) - (double)(float)Math.Abs(exact);
            Assert.True(Math.Abs(found[i] - exact) <= units * unit, $"{name}({x[i]:R}): expected {exact:R}, found {found[i]:R}, {Math.Abs(found[i] - exact) / unit:0.00} units off");
        }
    }

    [SkippableTheory]
    [InlineData(5, -1000, 1000)]
    [InlineData(6, -1000, 1000)]
    public void Sines_are_right_to_the_last_place_of_one(int function, double from, double to)
    {
        float[] x = [.. Enumerable.Range(0, Count).Select(i => (float)(from + ((to - from) * i / (Count - 1))))];
        float[] found = Run(x, function);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Exact(function, x[i]);
            Assert.True(Math.Abs(found[i] - exact) <= 1.0 / (1 << 23), $"function {function} of {x[i]:R}: expected {exact:R}, found {found[i]:R}");
        }
    }

    [SkippableFact]
    public void What_is_no_number_stays_so()
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -1f];
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NaN], Run(special, 3));
        Assert.Equal([float.NaN, float.PositiveInfinity, 0.25f, 0.25f, 0.25f], Run(special, 7));
        Assert.Equal([float.NaN, 0.25f, float.NegativeInfinity, 0f, -1f], Run(special, 8));
        Assert.Equal([float.NaN, float.PositiveInfinity, 0f], Run(special, 0)[..3]);
        Assert.Equal([float.NaN, 1f, -1f, 0f], Run(special, 1)[..4]);
    }

    [SkippableTheory]
    [InlineData(77UL)]
    [InlineData(0x1234_5678_9ABC_DEF0UL)]
    [InlineData(0xFEDC_BA98_7654_3210UL)]
    public void Masks_are_those_of_the_processor(ulong key)
    {
        const double Keep = 0.7;
        float[] three = Masks(DeviceMathKernels.MaskKernel, key, Keep);
        float[] half = Masks(DeviceMathKernels.HalfMaskKernel, key, Keep);
        for (int i = 0; i < three.Length; i++)
        {
            double Mask(uint site, double keep) => CounterRandom.KeepMask(
                key, site, (uint)(i / DeviceMathKernels.MaskWidth), (uint)(i % DeviceMathKernels.MaskWidth), keep);
            Assert.Equal(Mask(0, Keep) + (2 * Mask(1, Keep)) + (4 * Mask(31, Keep)), three[i]);
            Assert.Equal(Mask(1, 0.5), half[i]);
        }
    }

    private float[] Masks(GpuKernel<DeviceMathKernels.MaskArguments> kernel, ulong key, double keep)
    {
        const int Length = 500 * DeviceMathKernels.MaskWidth;
        GpuDevice device = backend.Device;
        using DeviceBuffer<float> result = new(device);
        kernel.Launch(device, GpuRun.Parts(Length, 256), new DeviceMathKernels.MaskArguments
        {
            Result = result.Of(Length), Length = Length, Key = key, Threshold = (int)Math.Round(keep * (1 << 24)),
        });
        return Read(device, result);
    }

    private static double Exact(int function, double x) => function switch
    {
        0 => Math.Exp(x),
        1 => Math.Tanh(x),
        2 => 1 / (1 + Math.Exp(-x)),
        3 => Math.Log(x),
        4 => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))),
        5 => Math.Sin(x),
        _ => Math.Cos(x),
    };

    private static double LogOnePlus(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * x / (rounded - 1);
    }

    private float[] Run(float[] x, int function)
    {
        GpuDevice device = backend.Device;
        using DeviceBuffer<float> source = new(device);
        using DeviceBuffer<float> result = new(device);
        source.Of(x.Length).CopyFromCPU(device.Stream, x);
        DeviceMathKernels.FunctionsKernel.Launch(device, GpuRun.Parts(x.Length, 256), new DeviceMathKernels.FunctionArguments
        {
            X = source.All, Result = result.Of(x.Length), Length = x.Length, Function = function,
        });
        return Read(device, result);
    }

    private static float[] Read(GpuDevice device, DeviceBuffer<float> buffer)
    {
        float[] values = new float[buffer.All.Length];
        buffer.All.CopyToCPU(device.Stream, values);
        device.Synchronize();
        return values;
    }
}

public sealed class PoclDeviceMathTests() : DeviceMathSuite(PoclBackend.Instance);

public sealed class CudaDeviceMathTests() : DeviceMathSuite(CudaBackend.Instance);
