using HyperDsl.Execution;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace HyperDsl.Gpu;

/// <summary>
/// A GPU, found by <see cref="Cuda"/> or <see cref="OpenCL"/>: <c>using GpuDevice gpu = GpuDevice.Cuda(); model.To(gpu);</c>. Not safe for use by
/// several threads at a time. Models have to be moved away, or forgotten with the states that they continued here, before it is disposed of.
/// </summary>
public sealed partial class GpuDevice : HyperDsl.Execution.Device
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly Func<CompiledKernel, CompiledKernel>? adapt;
    private readonly Dictionary<GpuKernel, Kernel> kernels = [];

    /// <summary>Takes over a context and its accelerator.</summary>
    /// <param name="context">The context; disposed of with this device.</param>
    /// <param name="accelerator">The accelerator; disposed of with this device.</param>
    /// <param name="adapt">Changes compiled kernels before they are loaded: for drivers that tests run on.</param>
    internal GpuDevice(Context context, Accelerator accelerator, Func<CompiledKernel, CompiledKernel>? adapt = null)
    {
        (this.context, this.accelerator, this.adapt) = (context, accelerator, adapt);
        Stream = accelerator.DefaultStream;
        HasTensorCores = accelerator is CudaAccelerator cuda && TensorCores.AreIn(cuda.Architecture);
    }

    /// <inheritdoc/>
    public override string Name => accelerator.Name;

    /// <summary>Bytes of memory that the device has.</summary>
    public long MemorySize => accelerator.MemorySize;

    /// <summary>Bytes of it that models on it take at the moment.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Kernels launched so far.</summary>
    public long Launches { get; private set; }

    /// <summary>Bytes copied from the host to the device and back so far.</summary>
    public long CopiedBytes { get; private set; }

    /// <summary>
    /// Whether large products of models that allow it (<c>[HyperModel(GpuTensorCores = true)]</c>) run on tensor cores: NVIDIA's devices of
    /// compute capability 8.0 or more. Others run the same kernels as for models that do not allow it.
    /// </summary>
    public bool HasTensorCores { get; }

    internal AcceleratorStream Stream { get; }

    /// <summary>Waits until everything that was launched is done.</summary>
    public void Synchronize() => Stream.Synchronize();

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (Kernel kernel in kernels.Values)
        {
            kernel.Dispose();
        }

        kernels.Clear();
        accelerator.Dispose();
        context.Dispose();
    }

    internal void CountLaunch() => Launches++;

    /// <summary>Copies to the device, before whatever is launched next. ILGPU waits for the copy, since the host's memory is not page-locked.</summary>
    internal void CopyFromHost<T>(ReadOnlySpan<T> from, ArrayView<T> to)
        where T : unmanaged
    {
        to.SubView(0, from.Length).CopyFromCPU(Stream, from);
        CopiedBytes += (long)from.Length * Interop.SizeOf<T>();
    }

    /// <summary>Copies to the host, as soon as whatever was launched is done.</summary>
    internal void CopyToHost<T>(ArrayView<T> from, Span<T> to)
        where T : unmanaged
    {
        from.SubView(0, to.Length).CopyToCPU(Stream, to);
        Synchronize();
        CopiedBytes += (long)to.Length * Interop.SizeOf<T>();
    }

    internal TDelegate LauncherOf<TDelegate>(GpuKernel kernel)
        where TDelegate : Delegate
    {
        if (!kernels.TryGetValue(kernel, out Kernel? loaded))
        {
            loaded = Load(kernel);
            kernels.Add(kernel, loaded);
        }

        return loaded.CreateLauncherDelegate<TDelegate>();
    }

    internal MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long length)
        where T : unmanaged
    {
        try
        {
            MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(length);
            AllocatedBytes += buffer.LengthInBytes;
            return buffer;
        }
        catch (AcceleratorException cause)
        {
            throw new OutOfMemoryException(
                $"{Name} has no room for another {length * Interop.SizeOf<T>():N0} bytes (it has {MemorySize:N0} in all). Use smaller batches or "
                + "shorter sequences, or close other programs that use it.",
                cause);
        }
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave.</summary>
    internal void Release(MemoryBuffer buffer)
    {
        AllocatedBytes -= buffer.LengthInBytes;
        buffer.Dispose();
    }

    internal override DeviceExecutor Prepare(Model model, DevicePlan? plan) => new GpuExecutor(this, model, plan as GpuPlan
        ?? throw new InvalidOperationException(
            $"The model {model.GetType().Name} was compiled without kernels for GPUs. Reference HyperDsl.Gpu in the project that contains the "
            + "model, so that the compiler sees it, and rebuild."));

    private Kernel Load(GpuKernel kernel)
    {
        try
        {
            CompiledKernel compiled = accelerator.GetBackend().Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(kernel.MethodFor(HasTensorCores)), KernelSpecialization.Empty);
            return accelerator.LoadKernel(adapt is null ? compiled : adapt(compiled));
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new InvalidOperationException(
                $"The kernel '{kernel.Name}' could not be compiled for {Name}: {Innermost(cause).Message} This is a fault of HyperDsl or of the "
                + "device's driver; please report it with the driver's version.",
                cause);
        }
    }

    private static Exception Innermost(Exception exception) =>
        exception.InnerException is null ? exception : Innermost(exception.InnerException);
}
