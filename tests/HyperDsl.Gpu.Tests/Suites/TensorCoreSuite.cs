using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Products with factors rounded to TF32. Where there are no tensor cores, the same rounded factors are multiplied one by one: that is what these
/// tests execute on a processor. The instructions themselves are assembled (<see cref="TensorCoreTests"/>) and were never executed.
/// </summary>
public abstract class TensorCoreSuite(GpuBackend backend)
{
    /// <summary>A factor is off by half a unit of its tenth mantissa bit, at most.</summary>
    private const double FactorRoundoff = 1.0 / (1 << 11);

    private const double SingleRoundoff = 1.0 / (1 << 24);

    private const int Rows = 256;
    private const int Columns = 256;
    private const int Inner = 64;

    internal static readonly GpuKernel<RoundArguments> RoundKernel = new("Round", Round, 64);

    internal struct RoundArguments
    {
        public ArrayView<float> Values;
    }

    [SkippableFact]
    public void Numbers_are_rounded_to_ten_bits()
    {
        GpuDevice device = backend.Device;
        Random random = new(5);
        float[] values =
        [
            0f, 1f, 1f + (1f / 2048), 1f + (1f / 4096), -1f - (3f / 2048), 2f - (1f / (1 << 23)), float.MaxValue, float.PositiveInfinity,
            float.NegativeInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF),
            .. Enumerable.Range(0, 1013).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))),
        ];
        using DeviceBuffer<float> buffer = new(device);
        ArrayView<float> view = buffer.Of(values.Length);
        view.CopyFromCPU(device.Stream, values);
        RoundKernel.Launch(device, values.Length / 64, new RoundArguments { Values = view });
        float[] found = new float[values.Length];
        view.CopyToCPU(device.Stream, found);
        device.Synchronize();
        Assert.Equal(values.Select(Rounded), found);
    }

    /// <summary>
    /// With rounded factors only the sums' roundings are left; compared with what was to be multiplied, the factors' own are there as well,
    /// more of them than sums could account for.
    /// </summary>
    [SkippableFact]
    public void Factors_are_rounded_and_sums_are_not()
    {
        GpuDevice device = backend.Device;
        CaseBuilder builder = new();
        TestModel model = builder.Predicting(builder.Einsum("ij,kj>ik", builder.X(Rows, Inner), builder.W(Columns, Inner)));
        Graph graph = model.Differentiated();
        GpuRoutine routine = GpuGraph.Load([GpuGraph.Program(graph, model.Parameters)], tensorCores: true)[0];
        using GpuGraphRun run = new(device, model, graph, routine);
        float[] found = run.Prediction(1);
        double[] x = Leaf(model, leaf => leaf is InputLeaf);
        double[] w = Leaf(model, leaf => leaf is ParameterLeaf);
        int beyondSums = 0;
        for (int i = 0; i < found.Length; i++)
        {
            (double exact, double rounded, double size) = (0, 0, 0);
            for (int k = 0; k < Inner; k++)
            {
                double a = x[(i / Columns * Inner) + k];
                double b = w[(i % Columns * Inner) + k];
                exact += a * b;
                rounded += (double)Rounded((float)a) * Rounded((float)b);
                size += Math.Abs(a * b);
            }

            double sums = Inner * SingleRoundoff * size * (1 + (3 * FactorRoundoff));
            Assert.InRange(found[i], rounded - sums, rounded + sums);
            Assert.True(Math.Abs(found[i] - exact) <= (((2 * FactorRoundoff) + (FactorRoundoff * FactorRoundoff)) * size) + sums);
            beyondSums += Math.Abs(found[i] - exact) > sums ? 1 : 0;
        }

        Assert.True(beyondSums > found.Length / 2, $"only {beyondSums} of {found.Length} results show rounded factors");
    }

    [SkippableTheory]
    [MemberData(nameof(PoclLargeProductTests.Cases), MemberType = typeof(PoclLargeProductTests))]
    public void Losses_and_gradients_are_within_the_bounds_of_rounded_factors(string name)
    {
        GpuDevice device = backend.Device;
        TestModel model = LargeProducts.Model(name);
        GpuRoutine routine = GpuGraph.Load([LargeProducts.Source(name)], tensorCores: true)[0];
        using GpuGraphRun run = new(device, model, model.Differentiated(), routine, FactorRoundoff);
        Assert.Null(run.Difference(1));
    }

    /// <summary>The definition: the nearest number with ten mantissa bits, of two the larger in magnitude.</summary>
    private static float Rounded(float value)
    {
        if (!float.IsFinite(value) || value == 0)
        {
            return value;
        }

        int exponent = Math.Max(Math.ILogB(value), -126);
        double unit = Math.ScaleB(1, exponent - 10);
        return (float)(Math.Round(value / unit, MidpointRounding.AwayFromZero) * unit);
    }

    private static double[] Leaf(TestModel model, Func<Operation, bool> isWanted) =>
        TestModel.Leaf(model.Graph.Nodes.Single(node => isWanted(node.Operation)), 0);

    private static void Round(RoundArguments args)
    {
        int index = (Grid.IdxX * 64) + Group.IdxX;
        args.Values[index] = TensorCores.Round(args.Values[index]);
    }
}

public sealed class PoclTensorCoreTests() : TensorCoreSuite(PoclBackend.Instance);

public sealed class CudaTensorCoreTests() : TensorCoreSuite(CudaBackend.Instance);

/// <summary>What NVIDIA's assembler makes of products on tensor cores.</summary>
public sealed class TensorCoreTests
{
    [Theory]
    [MemberData(nameof(PoclLargeProductTests.Cases), MemberType = typeof(PoclLargeProductTests))]
    public void Large_products_are_matrix_instructions(string name)
    {
        string[] texts = [.. Texts(name)];
        Assert.NotEmpty(texts);
        Assert.All(texts, text =>
        {
            Assert.Contains("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", text, StringComparison.Ordinal);
            Assert.DoesNotContain(".local ", text, StringComparison.Ordinal);
            Assert.Empty(Ptx.Unresolved(text));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(PoclLargeProductTests.Cases), MemberType = typeof(PoclLargeProductTests))]
    public void Kernels_assemble_without_spills_or_stack(string name)
    {
        Skip.IfNot(Ptxas.IsFound, Ptxas.Missing);
        foreach (string text in Texts(name))
        {
            foreach (string architecture in new[] { "sm_80", "sm_90" })
            {
                AssembledKernel assembled = Ptxas.Assemble(text, architecture);
                Assert.True(assembled is { Spills: 0, Stack: 0, Registers: <= PtxTests.MostRegisters }, $"{name} on {architecture}: {assembled}");
                Assert.True(assembled.TensorInstructions is null or > 0, $"{name} on {architecture}: no HMMA");
            }
        }
    }

    private static IEnumerable<string> Texts(string name) => LargeProducts.Kernels(name, tensorCores: true)
        .Where(kernel => kernel.OnTensorCores is not null).Select(kernel => Ptx.TextOf(kernel, onTensorCores: true)).Where(text => text.Contains("mma", StringComparison.Ordinal));
}
