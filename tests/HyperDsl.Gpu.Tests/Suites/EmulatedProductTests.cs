using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Emit.Gpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using Xunit.Abstractions;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Products on tensor cores, executed without any: an emulator runs the text that NVIDIA's driver gets, thread by thread, and multiplies fragments as
/// the manual lays them out. It watches bounds, alignment, races in shared memory and that warps stay together.
/// </summary>
public sealed class EmulatedProductTests(ITestOutputHelper output)
{
    /// <summary>A factor is off by half a unit of its tenth mantissa bit, at most.</summary>
    private const double FactorRoundoff = 1.0 / (1 << 11);

    private const double SingleRoundoff = 1.0 / (1 << 24);

    /// <summary>What the documentation says: error of an element against the sum of its terms' magnitudes.</summary>
    private const double DocumentedError = 3e-4;

    private const int Rows = 3;

    private static readonly Lazy<Dictionary<string, GpuKernel>> Kernels = new(() =>
    {
        GpuKernel[] emitted = GpuGraph.Kernels(ProductCases.All.Values.Select(product => product with { OnTensorCores = true }));
        return ProductCases.All.Keys.Zip(emitted).ToDictionary(pair => pair.First, pair => pair.Second);
    });

    public static TheoryData<string> Cases => new(ProductCases.All.Keys);

    public static TheoryData<string> Graphs => new(FusionCases.Large.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Elements_are_sums_of_products_of_rounded_factors(string name)
    {
        ProductMeaning meaning = new(ProductCases.All[name], Rows);
        (float[] left, float[] right, float[] found) = Multiply(name, onTensorCores: true);
        double[] sizes = [.. meaning.Elements(left, right, (a, b) => Math.Abs((double)a * b)).Select(element => element.Sum)];
        double[] exact = [.. meaning.Elements(left, right, (a, b) => (double)a * b).Select(element => element.Sum)];
        double measured = 0;
        int index = 0;
        foreach ((int place, double rounded) in meaning.Elements(left, right, (a, b) => (double)Tf32.Rounded(a) * Tf32.Rounded(b)))
        {
            double sums = (meaning.InnerCount + 2) * SingleRoundoff * sizes[index] * (1 + (3 * FactorRoundoff));
            Assert.InRange(found[place], rounded - sums, rounded + sums);
            measured = Math.Max(measured, Math.Abs(found[place] - exact[index]) / sizes[index++]);
        }

        output.WriteLine($"{name}: largest error {measured:E2} of the sum of magnitudes");
        Assert.InRange(measured, DocumentedError / 100, (2 * FactorRoundoff) + (FactorRoundoff * FactorRoundoff) + (meaning.InnerCount * SingleRoundoff));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Elements_without_tensor_cores_are_sums_of_products(string name)
    {
        ProductMeaning meaning = new(ProductCases.All[name], Rows);
        (float[] left, float[] right, float[] found) = Multiply(name, onTensorCores: false);
        double[] sizes = [.. meaning.Elements(left, right, (a, b) => Math.Abs((double)a * b)).Select(element => element.Sum)];
        int index = 0;
        foreach ((int place, double exact) in meaning.Elements(left, right, (a, b) => (double)a * b))
        {
            double sums = (meaning.InnerCount + 2) * SingleRoundoff * sizes[index++];
            Assert.InRange(found[place], exact - sums, exact + sums);
        }
    }

    /// <summary>Whole launches of graphs, fused ones too, in both forms: with factors of ten bits there is nothing to round but sums.</summary>
    [Theory]
    [MemberData(nameof(Graphs))]
    public void Forms_agree_on_factors_of_ten_bits(string name)
    {
        RoutineProgram source = LargeProducts.Source(name);
        KernelNames names = new();
        GpuKernel[] emitted = GpuGraph.Kernels(source, tensorCores: true);
        Launch[] launches = [.. DeviceScheduler.Run(source, LoopForm.Automatic, tensorCores: true).Phases
            .SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
        foreach (Launch launch in launches)
        {
            string kernelName = names.Of(launch.Kernel).Name;
            if (launch.Kernel.HasTensorForm)
            {
                GpuKernel kernel = emitted.Single(kernel => kernel.Name == kernelName);
                float[][] plain = Launched(source, launch, new EmulatedKernel(kernel, onTensorCores: false));
                float[][] rounded = Launched(source, launch, new EmulatedKernel(kernel, onTensorCores: true));
                AssertClose(plain, rounded, kernelName);
            }
        }

        Assert.Contains(launches, launch => launch.Kernel.HasTensorForm);
    }

    private static void AssertClose(float[][] expected, float[][] found, string name)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int buffer = 0; buffer < expected.Length; buffer++)
        {
            for (int i = 0; i < expected[buffer].Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[buffer][i] - found[buffer][i]) <= 1e-4, $"{name}, buffer {buffer} [{i}]: {expected[buffer][i]} and {found[buffer][i]}");
            }
        }
    }

    private static float[][] Launched(RoutineProgram program, Launch launch, EmulatedKernel kernel)
    {
        const int examples = 1;
        Random random = new(7);
        float[] Buffer(DeviceOperand operand) => Random(random, program.Storages[operand.Storage].Size - operand.Offset, Tf32.Rounded);
        float[][] operands = [.. launch.Operands.Select(Buffer)];
        ProductKernel product = launch.Kernel is FusedProductKernel fused ? fused.Products[0] : (ProductKernel)launch.Kernel;
        ProductMeaning meaning = new(product, examples);
        if (launch.Kernel is FusedProductKernel)
        {
            return kernel.Run(operands, examples, meaning.Tiles);
        }

        Reduction sizes = new() { Elements = launch.TargetSize, Length = meaning.InnerCount, Chunk = Chunk(meaning.InnerCount, 1) };
        return [kernel.Reduce(operands, new float[launch.TargetSize], examples, meaning.Tiles, sizes)];
    }

    private static (float[] Left, float[] Right, float[] Found) Multiply(string name, bool onTensorCores)
    {
        ProductKernel product = ProductCases.All[name];
        ProductMeaning meaning = new(product, Rows);
        Random random = new(3);
        float[] left = Random(random, meaning.LeftLength, value => value);
        float[] right = Random(random, meaning.RightLength, value => value);
        int chunk = Chunk(meaning.InnerCount, product.InnerIsOpen ? 2 : 1);
        int parts = GpuRun.Parts(meaning.InnerCount, chunk);
        int size = meaning.ResultLength;
        // Sums are added to what was there, as gradients are: here to zeros, so that both branches of the store are executed.
        float[] found = new EmulatedKernel(Kernels.Value[name], onTensorCores).Reduce(
            [left, right], new float[size * parts], Rows, meaning.Tiles * parts,
            new Reduction { Elements = size, Length = meaning.InnerCount, Chunk = chunk, Adds = parts == 1 ? 1 : 0 });
        return (left, right, [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, parts).Sum(part => found[(part * size) + i]))]);
    }

    private static int Chunk(int inner, int parts) => GpuRun.Parts(GpuRun.Parts(inner, parts), ProductTile.Inner) * ProductTile.Inner;

    private static float[] Random(Random random, int length, Func<float, float> change) =>
        [.. Enumerable.Range(0, length).Select(_ => change((2 * random.NextSingle()) - 1))];
}
