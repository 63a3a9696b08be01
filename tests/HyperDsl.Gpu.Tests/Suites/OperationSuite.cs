using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Gpu.Tests;

/// <summary>Every operation through the whole back end, as a prediction and in training, against what the graph means.</summary>
public abstract class OperationSuite(GpuBackend backend)
{
    /// <summary>
    /// Cases of everything that has a kernel of its own, and of each way through the fused ones. A driver takes a second or so to compile a
    /// case's kernels, so families of like cases are left to the tests of the processor, which share the schedule.
    /// </summary>
    private static readonly string[] Names = [.. OperationCases.All.Keys.Where((name, index) => Belongs(name) || index % 7 == 0)];

    public static TheoryData<string> Cases => new(Names);

    private static bool Belongs(string name) =>
        name.StartsWith("mask", StringComparison.Ordinal) || name.StartsWith("gather", StringComparison.Ordinal)
        || name.StartsWith("softmax", StringComparison.Ordinal) || name.StartsWith("two reductions", StringComparison.Ordinal)
        || name.Contains("pool", StringComparison.OrdinalIgnoreCase) || name.StartsWith("one", StringComparison.Ordinal);

    // A batch of one, and one that fills no group of threads and no tile.
    private static readonly int[] Sizes = [1, 18];

    private static readonly Lazy<Dictionary<string, GpuRoutine>> Emitted = new(Load);

    /// <summary>Training computes the case's value on its way.</summary>
    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_what_the_graph_means(string name) => Check(name);

    /// <summary>Passes compare with the label, but the caller wants the vector.</summary>
    [SkippableFact]
    public void A_label_is_predicted_as_a_vector()
    {
        GpuDevice device = backend.Device;
        CaseBuilder builder = new();
        TestModel model = builder.Predicting(builder.Add(new OneHot(17), builder.Label(17)));
        GpuRoutine routine = GpuGraph.Load([GpuGraph.Program(model.Differentiated(), model.Parameters)])[0];
        using GpuGraphRun run = new(device, model, model.Differentiated(), routine);
        Assert.Null(run.Difference(18));
    }

    private static TestModel Model(string name)
    {
        CaseBuilder builder = new();
        return builder.Training(OperationCases.All[name](builder));
    }

    private static Dictionary<string, GpuRoutine> Load()
    {
        TestModel[] models = [.. Names.Select(Model)];
        GpuRoutine[] routines = GpuGraph.Load([.. models.Select(model => GpuGraph.Program(model.Differentiated(), model.Parameters))]);
        return Names.Zip(routines).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private void Check(string name)
    {
        GpuDevice device = backend.Device;
        TestModel model = Model(name);
        using GpuGraphRun run = new(device, model, model.Differentiated(), Emitted.Value[name]);
        foreach (int examples in Sizes)
        {
            string? difference = run.Difference(examples);
            Assert.True(difference is null, difference + "\n" + model.Graph);
        }
    }
}

public sealed class PoclOperationTests() : OperationSuite(PoclBackend.Instance);

public sealed class CudaOperationTests() : OperationSuite(CudaBackend.Instance);
