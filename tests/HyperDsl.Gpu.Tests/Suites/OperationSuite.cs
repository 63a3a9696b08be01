using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Gpu.Tests;

/// <summary>Every operation through the whole back end, as a prediction and in training, against what the graph means.</summary>
public abstract class OperationSuite(GpuBackend backend)
{
    /// <summary>A driver compiles each kernel anew, so of equal forms of binary operations one is enough.</summary>
    public static TheoryData<string> Cases => new(OperationCases.All.Keys.Where(name => !name.EndsWith("turned", StringComparison.Ordinal)));

    // A batch of one, and one that fills no group of threads and no tile.
    private static readonly int[] Sizes = [1, 18];

    private static readonly Lazy<Dictionary<string, GpuRoutine>> Emitted = new(Load);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Prediction_is_what_the_graph_means(string name) => Check(name, training: false);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_what_the_graph_means(string name) => Check(name, training: true);

    private static TestModel Model(string name, bool training)
    {
        CaseBuilder builder = new();
        Value value = OperationCases.All[name](builder);
        return training ? builder.Training(value) : builder.Predicting(value);
    }

    private static string Key(string name, bool training) => (training ? "training " : "prediction ") + name;

    private static Dictionary<string, GpuRoutine> Load()
    {
        (string Key, TestModel Model)[] all =
            [.. OperationCases.All.Keys.SelectMany(name => new[] { false, true }, (name, training) => (Key(name, training), Model(name, training)))];
        GpuRoutine[] routines = GpuGraph.Load(
            [.. all.Select(item => GpuGraph.Program(item.Model.Differentiated(), item.Model.Parameters))]);
        return all.Zip(routines).ToDictionary(pair => pair.First.Key, pair => pair.Second);
    }

    private void Check(string name, bool training)
    {
        GpuDevice device = backend.Device;
        TestModel model = Model(name, training);
        using GpuGraphRun run = new(device, model, model.Differentiated(), Emitted.Value[Key(name, training)]);
        foreach (int examples in Sizes)
        {
            string? difference = run.Difference(examples);
            Assert.True(difference is null, difference + "\n" + model.Graph);
        }
    }
}

public sealed class PoclOperationTests() : OperationSuite(PoclBackend.Instance);

public sealed class CudaOperationTests() : OperationSuite(CudaBackend.Instance);
