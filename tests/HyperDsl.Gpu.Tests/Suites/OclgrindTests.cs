using System.Diagnostics;
using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Models;
using HyperDsl.Training;
using ILGPU;

namespace HyperDsl.Gpu.Tests;

/// <summary>Starts the process that runs <see cref="UnderOclgrindTests"/>, and reads what oclgrind had to say.</summary>
public sealed class OclgrindTests : IDisposable
{
    private static readonly string[] Drivers =
        ["/usr/lib/oclgrind/liboclgrind-rt-icd.so", "/usr/local/lib/liboclgrind-rt-icd.so", "/usr/lib64/liboclgrind-rt-icd.so"];

    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-oclgrind").FullName;

    [SkippableFact]
    public void Kernels_have_no_races_and_stay_in_bounds()
    {
        (string output, string said) = Run(nameof(UnderOclgrindTests));
        Assert.Matches("Failed: +0, Passed: +[1-9][0-9]*, Skipped: +0", output);
        Assert.True(said.Trim().Length == 0, said);
    }

    /// <summary>That the watcher watches: a kernel without its barrier.</summary>
    [SkippableFact]
    public void A_race_would_be_seen()
    {
        (string output, string said) = Run(nameof(RaceUnderOclgrindTests));
        Assert.Matches("Failed: +0, Passed: +1, Skipped: +0", output);
        Assert.Contains("race", said, StringComparison.Ordinal);
    }

    private (string Output, string Said) Run(string tests)
    {
        string? driver = Drivers.FirstOrDefault(File.Exists);
        Skip.If(driver is null, "oclgrind was not found: install the package oclgrind.");
        File.WriteAllText(Path.Combine(folder, "oclgrind.icd"), driver + "\n");
        string log = Path.Combine(folder, "log.txt");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "test", typeof(OclgrindTests).Assembly.Location, "--filter", "FullyQualifiedName~." + tests })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OCL_ICD_VENDORS"] = folder;
        start.Environment["OCLGRIND_DATA_RACES"] = "1";
        start.Environment["OCLGRIND_LOG"] = log;

        // oclgrind 21.10 has the barrier of OpenCL 1.2 only.
        start.Environment["OCLGRIND_BUILD_OPTIONS"] = "-Dwork_group_barrier(x)=barrier(3)";
        start.Environment[OclgrindBackend.Variable] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);

        // Its text can hold zero bytes.
        return (output, File.Exists(log) ? File.ReadAllText(log).Replace("\0", "", StringComparison.Ordinal) : "");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>Kernels of every kind on small shapes, where each work item is watched.</summary>
public sealed class UnderOclgrindTests
{
    public static TheoryData<string> Cases =>
        ["softmax", "two reductions of different axes", "sum over 0", "mask of a row", "gather from a parameter", .. ProductsAndPools()];

    public static TheoryData<string> Fused =>
    [
        "sum of three products", "product of two products", "batched", "convolution", "few columns", "padded, stored by a product",
        "scaled before few columns", "generators", "generators of several forms",
        "gradients of layers", "gradients of kernels", "gradients of parts of weights",
    ];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Operations_are_right(string name) => Check(OperationCases.All[name]);

    [SkippableTheory]
    [MemberData(nameof(Fused))]
    public void Fused_products_are_right(string name) => Check(FusionCases.All[name]);

    [SkippableFact]
    public void A_large_product_is_right()
    {
        GpuDevice device = OclgrindBackend.Instance.Device;
        TestModel model = LargeProducts.Model(LargeProducts.Fused);
        GpuRoutine routine = GpuGraph.Load([GpuGraph.Program(model.Differentiated(), model.Parameters)])[0];
        using GpuGraphRun run = new(device, model, model.Differentiated(), routine);
        Assert.Null(run.Difference(1, again: false));
    }

    /// <summary>The second has groups of four examples, of which three are there; the last, whose products take long to watch, does one step.</summary>
    [SkippableTheory]
    [InlineData(nameof(HyperLstmCharacters), 2)]
    [InlineData(nameof(PlainCharacters), 2)]
    [InlineData(nameof(HyperLstmCharactersByHost), 2)]
    [InlineData(nameof(LargeHyperLstmByHost), 1)]
    public void A_training_step_of_a_recurrent_network_is_right(string name, int steps)
    {
        GpuDevice device = OclgrindBackend.Instance.Device;
        const int Examples = 3;
        Model expected = LoopSuite.Make(name);
        Model model = LoopSuite.Make(name);
        Batch batch = new Batch(Examples).Add("text", [.. Enumerable.Range(1, Examples * steps)], steps).Add("next", [.. Enumerable.Range(0, Examples * steps)], steps);
        GradientStore wanted = new(expected.Parameters);
        GradientStore found = new(model.Parameters);
        expected.LossAndGradient("Loss", batch, wanted);
        model.To(device);
        model.LossAndGradient("Loss", batch, found);
        Closeness.Agree(Closeness.Widened(wanted.Values), Closeness.Widened(found.Values), Closeness.SingleRoundoff, 1000, "gradient");
    }

    [SkippableFact]
    public void Training_steps_with_clipping_of_a_static_hypernetwork_are_right()
    {
        GpuDevice device = OclgrindBackend.Instance.Device;
        const int Examples = 2, Steps = 2;
        SmallHyperDigits expected = new();
        SmallHyperDigits model = new();
        Trainer expectedTrainer = new(expected, new Adam(0.01, weightDecay: 0.1) { ClipNorm = 0.2, ClipValue = 0.1 });
        Trainer trainer = new(model, new Adam(0.01, weightDecay: 0.1) { ClipNorm = 0.2, ClipValue = 0.1 });
        model.To(device);
        for (int step = 0; step < Steps; step++)
        {
            Random random = new(step);
            float[] image = new float[Examples * SmallDigits.Side * SmallDigits.Side];
            for (int i = 0; i < image.Length; i++)
            {
                image[i] = random.NextSingle();
            }

            Batch batch = new Batch(Examples).Add("image", image).Add("label", [step, 1]);
            expectedTrainer.Step(batch);
            trainer.Step(batch);
        }

        Closeness.Agree(
            Closeness.Widened(expected.Parameters.ReadOnlyValues), Closeness.Widened(model.Parameters.ReadOnlyValues), Closeness.SingleRoundoff, 400 * Steps,
            "parameters");
    }

    private static void Check(Func<CaseBuilder, Value> value)
    {
        GpuDevice device = OclgrindBackend.Instance.Device;
        CaseBuilder builder = new();
        TestModel model = builder.Training(value(builder));
        GpuRoutine routine = GpuGraph.Load([GpuGraph.Program(model.Differentiated(), model.Parameters)])[0];
        using GpuGraphRun run = new(device, model, model.Differentiated(), routine);
        Assert.Null(run.Difference(5, again: false));
    }

    private static IEnumerable<string> ProductsAndPools() => OperationCases.All.Keys
        .Where(name => name.Contains("pool", StringComparison.OrdinalIgnoreCase)).Take(2)
        .Concat(OperationCases.All.Keys.Where(name => name.Contains("convol", StringComparison.OrdinalIgnoreCase)).Take(2))
        .Concat(OperationCases.All.Keys.Where(name => name.Contains("matrix", StringComparison.OrdinalIgnoreCase) || name.Contains("ij,", StringComparison.Ordinal)).Take(2));
}

/// <summary>A kernel that reads its neighbour's number without waiting for it.</summary>
public sealed class RaceUnderOclgrindTests
{
    private static readonly GpuKernel<Arguments> ShiftKernel = new("Shift", Shift, 64);

    internal struct Arguments
    {
        public ArrayView<float> Values;
    }

    [SkippableFact]
    public void It_runs()
    {
        GpuDevice device = OclgrindBackend.Instance.Device;
        using DeviceBuffer<float> values = new(device);
        ShiftKernel.Launch(device, 1, new Arguments { Values = values.Of(64) });
        device.Synchronize();
    }

    private static void Shift(Arguments args)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(64);
        shared[Group.IdxX] = Group.IdxX;
        args.Values[Group.IdxX] = shared[(Group.IdxX + 1) % 64];
    }
}
