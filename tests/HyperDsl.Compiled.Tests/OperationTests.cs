using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Every operation through the whole back end, as a prediction and in training.</summary>
public sealed class OperationTests
{
    private const int Group = 60;

    private static readonly Lazy<Dictionary<string, string?>> Predicted = new(() => Failures((c, value) => c.Predicting(value)));

    private static readonly Lazy<Dictionary<string, string?>> Trained = new(() => Failures((c, value) => c.Training(value)));

    public static TheoryData<string> Cases => new(OperationCases.All.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prediction_is_what_the_graph_means(string name) => Assert.Null(Predicted.Value[name]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_what_the_graph_means(string name) => Assert.Null(Trained.Value[name]);

    /// <summary>The compiler refuses scans, so none reaches the back end.</summary>
    /// <summary>What has to do with time is tested with whole scans.</summary>
    private static readonly Type[] OfScans =
        [typeof(Scan), typeof(ScanResult), typeof(BlockArgument), typeof(SumOverSteps), typeof(StepCount), typeof(EachStep)];

    [Fact]
    public void Every_operation_has_a_case()
    {
        HashSet<Type> met = [];
        foreach (Func<CaseBuilder, Value> make in OperationCases.All.Values)
        {
            CaseBuilder builder = new();
            TestModel model = builder.Training(make(builder));
            met.UnionWith(model.Graph.Nodes.Concat(model.Differentiated().Nodes).Select(node => node.Operation.GetType()));
        }
        IEnumerable<Type> all = typeof(Operation).Assembly.GetTypes().Where(
            type => !type.IsAbstract && typeof(Operation).IsAssignableFrom(type) && type.Namespace == typeof(Add).Namespace);
        Assert.Empty(all.Except(met).Except(OfScans));
    }

    private static Dictionary<string, string?> Failures(Func<CaseBuilder, Value, TestModel> complete)
    {
        Dictionary<string, string?> failures = [];
        foreach (string[] names in OperationCases.All.Keys.Chunk(Group))
        {
            TestModel[] models = names.Select(name =>
            {
                CaseBuilder builder = new();
                return complete(builder, OperationCases.All[name](builder));
            }).ToArray();
            string?[] found = ShrunkGraph.Failures(models, 1, 18);
            for (int i = 0; i < names.Length; i++)
            {
                failures.Add(names[i], found[i] is null ? null : found[i] + "\n" + models[i].Graph);
            }
        }
        return failures;
    }
}
