using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Models that allow tensor cores, on devices. Those without run what they would run anyway; what the others would run is executed by an
/// emulator (<see cref="EmulatedProductTests"/>) and, where there is such a device, here.
/// </summary>
public abstract class TensorCoreSuite(GpuBackend backend)
{
    /// <summary>A factor is off by half a unit of its tenth mantissa bit, at most.</summary>
    private const double FactorRoundoff = 1.0 / (1 << 11);

    private const double SingleRoundoff = 1.0 / (1 << 24);

    /// <summary>How tensor cores round sums is not documented; so much more than half a unit of the last place is allowed.</summary>
    private const double SumsOfTensorCores = 4;

    private const int Rows = 256;
    private const int Columns = 256;
    private const int Inner = 64;

    internal static readonly GpuKernel<RoundArguments> RoundKernel = new("Round", Round, 64);

    public static TheoryData<string> Cases => new(FusionCases.Large.Keys);

    internal struct RoundArguments
    {
        public ArrayView<float> Values;
    }

    [SkippableFact]
    public void Numbers_are_rounded_to_ten_bits()
    {
        GpuDevice device = backend.Device;
        float[] values = Tf32.Samples();
        using DeviceBuffer<float> buffer = new(device);
        ArrayView<float> view = buffer.Of(values.Length);
        view.CopyFromCPU(device.Stream, values);
        RoundKernel.Launch(device, values.Length / 64, new RoundArguments { Values = view });
        float[] found = new float[values.Length];
        view.CopyToCPU(device.Stream, found);
        device.Synchronize();
        Assert.Equal(values.Select(Tf32.Rounded), found);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Without_tensor_cores_results_are_those_of_models_that_do_not_ask_for_them(string name)
    {
        GpuDevice device = backend.Device;
        Skip.If(device.HasTensorCores, "This device has tensor cores.");
        TestModel model = LargeProducts.Model(name);
        Graph graph = model.Differentiated();
        using GpuGraphRun asking = new(device, model, graph, GpuGraph.Load([LargeProducts.Source(name)], tensorCores: true)[0]);
        using GpuGraphRun plain = new(device, model, graph, GpuGraph.Load([LargeProducts.Source(name)])[0]);
        Assert.Null(asking.Difference(1));
        Assert.Equal(plain.Results(1), asking.Results(1));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_are_within_the_bounds_of_rounded_factors(string name)
    {
        GpuDevice device = WithTensorCores();
        TestModel model = LargeProducts.Model(name);
        GpuRoutine routine = GpuGraph.Load([LargeProducts.Source(name)], tensorCores: true)[0];
        using GpuGraphRun run = new(device, model, model.Differentiated(), routine, FactorRoundoff);
        Assert.Null(run.Difference(1));
    }

    [SkippableFact]
    public void Factors_are_rounded_and_sums_are_not()
    {
        GpuDevice device = WithTensorCores();
        CaseBuilder builder = new();
        TestModel model = builder.Predicting(builder.Einsum("ij,kj>ik", builder.X(Rows, Inner), builder.W(Columns, Inner)));
        Graph graph = model.Differentiated();
        GpuRoutine routine = GpuGraph.Load([GpuGraph.Program(graph, model.Parameters)], tensorCores: true)[0];
        using GpuGraphRun run = new(device, model, graph, routine);
        float[] found = run.Results(1).Single();
        double[] x = Leaf(model, leaf => leaf is InputLeaf);
        double[] w = Leaf(model, leaf => leaf is ParameterLeaf);
        for (int i = 0; i < found.Length; i++)
        {
            (double rounded, double size) = (0, 0);
            for (int k = 0; k < Inner; k++)
            {
                double a = Tf32.Rounded((float)x[(i / Columns * Inner) + k]);
                double b = Tf32.Rounded((float)w[(i % Columns * Inner) + k]);
                (rounded, size) = (rounded + (a * b), size + Math.Abs(a * b));
            }

            double sums = SumsOfTensorCores * Inner * SingleRoundoff * size;
            Assert.InRange(found[i], rounded - sums, rounded + sums);
        }
    }

    private static double[] Leaf(TestModel model, Func<Operation, bool> isWanted) =>
        TestModel.Leaf(model.Graph.Nodes.Single(node => isWanted(node.Operation)), 0);

    private static void Round(RoundArguments args)
    {
        int index = (Grid.IdxX * 64) + Group.IdxX;
        args.Values[index] = TensorCores.Round(args.Values[index]);
    }

    private GpuDevice WithTensorCores()
    {
        GpuDevice device = backend.Device;
        Skip.IfNot(device.HasTensorCores, "This device has no tensor cores.");
        return device;
    }
}

public sealed class PoclTensorCoreTests() : TensorCoreSuite(PoclBackend.Instance);

public sealed class CudaTensorCoreTests() : TensorCoreSuite(CudaBackend.Instance);
