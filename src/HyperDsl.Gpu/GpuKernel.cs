using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>A kernel of a compiled model.</summary>
public abstract class GpuKernel
{
    private protected GpuKernel(string name, Delegate method, int threads, Delegate? onTensorCores)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (Name, Method, OnTensorCores, Threads) = (name, method.Method, onTensorCores?.Method, threads);
    }

    /// <summary>Its name, unique in the model.</summary>
    public string Name { get; }

    /// <summary>The method that a device's compiler reads.</summary>
    public MethodInfo Method { get; }

    /// <summary>What devices with tensor cores read instead, where the model allows it and the kernel gains by it.</summary>
    public MethodInfo? OnTensorCores { get; }

    /// <summary>Threads of a group.</summary>
    public int Threads { get; }

    /// <summary>The method for a device with or without tensor cores.</summary>
    internal MethodInfo MethodFor(bool tensorCores) => tensorCores ? OnTensorCores ?? Method : Method;
}

/// <summary>A kernel whose groups do not work together.</summary>
/// <typeparam name="T">Structure of its arguments.</typeparam>
public sealed class GpuKernel<T> : GpuKernel
    where T : struct
{
    private DeviceLauncher<Action<AcceleratorStream, KernelConfig, T>> launcher;

    /// <summary>Describes a kernel; it is compiled for a device when it is launched there for the first time.</summary>
    public GpuKernel(string name, Action<T> method, int threads, Action<T>? onTensorCores = null)
        : base(name, method, threads, onTensorCores)
    {
    }

    internal void Launch(GpuDevice device, int groups, in T arguments) =>
        launcher.On(device, this)(device.Stream, new KernelConfig(groups, Threads), arguments);
}

/// <summary>A kernel that adds up; several groups may share a sum, whose parts are then added in order.</summary>
/// <typeparam name="T">Structure of its arguments.</typeparam>
public sealed class GpuReduction<T> : GpuKernel
    where T : struct
{
    private DeviceLauncher<Action<AcceleratorStream, KernelConfig, T, Reduction>> launcher;

    /// <summary>Describes a kernel; it is compiled for a device when it is launched there for the first time.</summary>
    public GpuReduction(string name, Action<T, Reduction> method, int threads, Action<T, Reduction>? onTensorCores = null)
        : base(name, method, threads, onTensorCores)
    {
    }

    internal void Launch(GpuDevice device, int groups, in T arguments, in Reduction reduction) =>
        launcher.On(device, this)(device.Stream, new KernelConfig(groups, Threads), arguments, reduction);
}

/// <summary>The typed launcher of a kernel on the device that used it last: in a training run that is always the same.</summary>
internal struct DeviceLauncher<TDelegate>
    where TDelegate : Delegate
{
    private GpuDevice? device;
    private TDelegate? launch;

    public TDelegate On(GpuDevice wanted, GpuKernel kernel)
    {
        if (!ReferenceEquals(device, wanted) || launch is null)
        {
            (device, launch) = (wanted, wanted.LauncherOf<TDelegate>(kernel));
        }

        return launch;
    }
}
