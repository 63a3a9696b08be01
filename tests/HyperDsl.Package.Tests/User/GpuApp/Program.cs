using HyperDsl;
using HyperDsl.Gpu;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using static HyperDsl.TensorMath;

var model = new Generated();
model.Initialise(seed: 1);
Console.WriteLine($"loss on the processor: {double.IsFinite(model.Loss(nameof(Generated.Loss), Generated.Data))}");

// What a CUDA driver gets of each kernel, for which no device is needed.
using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O1));
var architecture = new CudaArchitecture(8, 0);
using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, new CudaInstructionSet(7, 8), null);
Console.WriteLine($"kernels: {model.Kernels.Count > 0}, as PTX: {model.Kernels.All(kernel => Ptx(kernel).Contains(".entry", StringComparison.Ordinal))}");

string Ptx(GpuKernel kernel) =>
    ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), default)).PTXAssembly;

try
{
    using GpuDevice device = GpuDevice.Cuda();
    model.To(device);
    Console.WriteLine($"loss on the device: {double.IsFinite(model.Loss(nameof(Generated.Loss), Generated.Data))}");
}
catch (GpuNotFoundException missing)
{
    Console.WriteLine($"loss on the device: {missing.Message.Length > 0}");
}

/// <summary>A layer whose weights another generates.</summary>
[HyperModel]
public sealed partial class Generated : Model
{
    [Hyper] private readonly Linear generator = new(3, 12);
    private readonly Weight layer = new(3) { Init = Initialiser.Normal() };

    public static Batch Data { get; } = new Batch(2).Add("x", [1f, 2, 3, 4, 5, 6, 7, 8]).Add("target", [1f, 2, 3, 4, 5, 6]);

    public IReadOnlyList<GpuKernel> Kernels => ((GpuPlan)DevicePlan!).Kernels;

    [Loss]
    public Tensor Loss([Shape(4)] Tensor x, [Shape(3)] Tensor target) =>
        MeanSquaredError(Tanh(Dot(Reshape(generator.Call(layer), 3, 4), x)), target);
}
