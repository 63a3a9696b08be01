using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Emit.Gpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Products on tensor cores, executed without any: an emulator runs the text that NVIDIA's driver gets, thread by thread, and multiplies fragments as
/// the manual lays them out. It watches bounds, alignment, races in shared memory and that warps stay together.
/// </summary>
public sealed class EmulatedProductTests
{
    /// <summary>A factor is off by half a unit of its tenth mantissa bit, at most.</summary>
    private const double FactorRoundoff = 1.0 / (1 << 11);

    private const double SingleRoundoff = 1.0 / (1 << 24);

    private const int Rows = 3;

    private static readonly Lazy<Dictionary<string, GpuKernel>> Kernels = new(() =>
    {
        GpuKernel[] emitted = GpuGraph.Kernels(ProductCases.All.Values.Select(product => product with { OnTensorCores = true }));
        return ProductCases.All.Keys.Zip(emitted).ToDictionary(pair => pair.First, pair => pair.Second);
    });

    public static TheoryData<string> Cases => new(ProductCases.All.Keys);

    public static TheoryData<string> Graphs => new(FusionCases.Large.Keys.Concat(FusionCases.LargeJoined.Keys).Concat(FusionCases.LargeGradients.Keys));

    [Fact]
    public void Numbers_are_rounded_to_ten_bits_and_the_rest_is_zero()
    {
        float[] values = Tf32.Samples();
        GpuKernel kernel = TensorCoreSuite.RoundKernel;
        float[] found = new EmulatedKernel(kernel, onTensorCores: false).Run([values], rows: 0, values.Length / kernel.Threads).Single();
        Assert.Equal(values.Select(Tf32.Rounded), found);
        Assert.All(found, value => Assert.Equal(0u, BitConverter.SingleToUInt32Bits(value) & 0x1FFF));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Elements_are_sums_of_products_of_rounded_factors(string name)
    {
        ProductMeaning meaning = new(ProductCases.All[name], Rows);
        (float[] left, float[] right, float[] found) = Multiply(name, onTensorCores: true);
        AssertSums(meaning, left, right, found, (a, b) => (double)Tf32.Rounded(a) * Tf32.Rounded(b));
        Assert.InRange(
            ErrorOf(meaning, left, right, found), 0,
            (2 * FactorRoundoff) + (FactorRoundoff * FactorRoundoff) + ((meaning.InnerCount + 2) * SingleRoundoff));
    }

    /// <summary>What the attribute and docs/gpu.md say of the error: change them together with this.</summary>
    [Theory]
    [InlineData("rows by rows", 64, 2.1e-4)]
    [InlineData("sum over examples, in parts", 450, 6.4e-5)]
    public void Errors_are_those_of_the_documentation(string name, int terms, double error)
    {
        ProductMeaning meaning = new(ProductCases.All[name], Rows);
        (float[] left, float[] right, float[] found) = Multiply(name, onTensorCores: true);
        Assert.Equal(terms, meaning.InnerCount);
        Assert.InRange(ErrorOf(meaning, left, right, found), error * 0.95, error * 1.05);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Elements_without_tensor_cores_are_sums_of_products(string name)
    {
        ProductMeaning meaning = new(ProductCases.All[name], Rows);
        (float[] left, float[] right, float[] found) = Multiply(name, onTensorCores: false);
        AssertSums(meaning, left, right, found, (a, b) => (double)a * b);
    }

    /// <summary>Whole launches of graphs, fused ones too, in both forms: with factors of ten bits there is nothing to round but sums.</summary>
    [Theory]
    [MemberData(nameof(Graphs))]
    public void Forms_agree_on_factors_of_ten_bits(string name)
    {
        RoutineProgram source = LargeProducts.Source(name);
        GpuKernel[] emitted = GpuGraph.Kernels(source, tensorCores: true);
        DeviceProgram routine = DeviceScheduler.Run(source, LoopForm.Automatic, tensorCores: true);
        KernelNames names = KernelNames.Of([routine], []);
        Launch[] launches = [.. routine.Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
        foreach (Launch launch in launches)
        {
            string kernelName = names.Of(launch.Kernel).Name;
            if (launch.Kernel.HasTensorForm)
            {
                GpuKernel kernel = emitted.Single(kernel => kernel.Name == kernelName);
                float[][] plain = Launched(source, launch, new EmulatedKernel(kernel, onTensorCores: false));
                float[][] rounded = Launched(source, launch, new EmulatedKernel(kernel, onTensorCores: true));
                AssertClose(plain, rounded, launch.Kernel, kernelName);
            }
        }

        Assert.Contains(launches, launch => launch.Kernel.HasTensorForm);
    }

    /// <summary>Elements are sums of terms, but for the roundings of single-precision sums.</summary>
    private static void AssertSums(ProductMeaning meaning, float[] left, float[] right, float[] found, Func<float, float, double> term)
    {
        IEnumerable<(int Place, double Sum)> sizes = meaning.Elements(left, right, (a, b) => Math.Abs(term(a, b)));
        foreach (((int place, double sum), (_, double size)) in meaning.Elements(left, right, term).Zip(sizes))
        {
            double roundings = (meaning.InnerCount + 2) * SingleRoundoff * size;
            Assert.InRange(found[place], sum - roundings, sum + roundings);
        }
    }

    /// <summary>The largest error of an element, against the sum of its terms' magnitudes.</summary>
    private static double ErrorOf(ProductMeaning meaning, float[] left, float[] right, float[] found) =>
        meaning.Elements(left, right, (a, b) => (double)a * b).Zip(meaning.Elements(left, right, (a, b) => Math.Abs((double)a * b)))
            .Max(pair => Math.Abs(found[pair.First.Place] - pair.First.Sum) / pair.Second.Sum);

    /// <summary>
    /// Both forms add up the same products of numbers up to 1, in different orders: each is off by at most a roundoff of their sum for each
    /// addition, those of the pass included; and a factor that a prologue makes has more bits, which one form rounds off.
    /// </summary>
    private static void AssertClose(float[][] expected, float[][] found, DeviceKernel kernel, string name)
    {
        IEnumerable<ProductKernel> products = kernel switch
        {
            ProductsKernel joined => joined.Parts.Select(part => part.Product),
            ProductSumsKernel sums => sums.Parts,
            _ => ProductReader.ProductsOf(kernel),
        };
        double terms = products.Sum(product => new ProductMeaning(product, 1).InnerCount) + 4;
        double madeTerms = products.Sum(product =>
            new[] { product.LeftPrologue, product.RightPrologue }.Count(prologue => prologue is not null) * (double)new ProductMeaning(product, 1).InnerCount);
        double tolerance = (2 * terms * SingleRoundoff * terms) + (madeTerms * FactorRoundoff);
        Assert.Equal(expected.Length, found.Length);
        for (int buffer = 0; buffer < expected.Length; buffer++)
        {
            for (int i = 0; i < expected[buffer].Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[buffer][i] - found[buffer][i]) <= tolerance, $"{name}, buffer {buffer} [{i}]: {expected[buffer][i]} and {found[buffer][i]}");
            }
        }
    }

    /// <summary>Whole arenas, and where in them the operands are.</summary>
    private static float[][] Launched(RoutineProgram program, ProductsKernel kernel, Launch launch, EmulatedKernel emulated)
    {
        Random random = new(7);
        StoredValue[] storages = [.. launch.Operands.Select(operand => program.Storages[operand.Storage])];
        float[][] arenas = [.. kernel.Arenas.Distinct().OrderBy(arena => arena).Select(arena => Random(
            random, storages.Where((_, operand) => kernel.Arenas[operand] == arena).Max(storage => storage.Offset + storage.Size), Tf32.Rounded))];
        int[] places = [.. storages.Zip(launch.Operands, (storage, operand) => storage.Offset + operand.Offset)];
        return emulated.Run(arenas, places, kernel.Members.Sum(member => member.Part.Blocks));
    }

    private static float[][] Launched(RoutineProgram program, Launch launch, EmulatedKernel kernel)
    {
        if (launch.Kernel is ProductsKernel products)
        {
            return Launched(program, products, launch, kernel);
        }

        const int examples = 1;
        Random random = new(7);
        float[] Buffer(DeviceOperand operand) => Random(random, program.Storages[operand.Storage].Size - operand.Offset, Tf32.Rounded);

        if (launch.Kernel is ProductSumsKernel sums)
        {
            Reduction cut = new() { Chunk = ProductTile.Inner };
            int[] parts = [.. sums.Sums.Select(sum => GpuRun.Parts(sum.InnerOfRow, cut.Chunk))];
            return
            [
                kernel.Reduce(
                    [.. launch.Operands.Take(sums.Inputs).Select(Buffer)], new float[sums.Sums.Select((sum, i) => parts[i] * sum.Places.Elements).Sum()], examples,
                    sums.Sums.Select((sum, i) => parts[i] * sum.Tiles(sums.Tile)).Sum(), cut),
            ];
        }

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
