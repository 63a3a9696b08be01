using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class NameValuesTests
{
    [Fact]
    public void A_product_that_is_seen_reshaped_takes_that_name()
    {
        string[] names = NamesOf("""
            readonly Weight w = new(6, 4);
            [Predict] public Tensor P([Shape(4)] Tensor x)
            {
                Tensor d = Reshape(Dot(w, x), 2, 3);
                return Sum(d * d, [0]);
            }
            """, machine: true);
        Assert.Contains("gemm d", names);
    }

    [Theory]
    [InlineData("Sigmoid(s + 1)", "sigmoid sigmoid of s")]
    [InlineData("Sigmoid(1 + s)", "sigmoid sigmoid of s")]
    [InlineData("Sigmoid(s + s * x)", "sigmoid ")]
    [InlineData("Sigmoid(Reshape(s, 2, 2))", "sigmoid sigmoid of s")]
    [InlineData("Sin(Sigmoid(s))", "sin ")]
    [InlineData("Dot(v, Sin(s))", "contract v product")]
    [InlineData("Dot(v, w)", "contract ")]
    [InlineData("Dot(s, x)", "contract ")]
    public void What_has_no_name_is_called_after_what_it_is_made_of(string expression, string expected)
    {
        string[] names = NamesOf($$"""
            readonly Weight v = new(3, 4), w = new(4);
            [Predict] public Tensor P([Shape(4)] Tensor x)
            {
                Tensor s = w * x;
                return Exp({{expression}}) * 2;
            }
            """, machine: false);
        Assert.Contains(expected, names);
    }

    [Fact]
    public void Steps_of_scans_know_weights_and_sequences_but_a_state_is_not_what_it_begins_with()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Walk cell = new();
                [Predict] public Tensor P([Steps, Shape(4)] Tensor x) => MeanOverSteps(cell.Scan(x * 2));
            }
            [Network] public sealed partial class Walk : Cell
            {
                readonly Weight w = new(4, 4);
                [State] Tensor state;
                public Walk() => state = new Weight(4);
                public override Tensor Step(Tensor x)
                {
                    state = Tanh(Dot(w, state)) + x;
                    return state;
                }
            }
            """);
        Graph graph = Compiler.Prepare(model.Entries[0].Evaluation, CancellationToken.None);
        Graph body = Assert.Single(graph.Nodes.Select(node => node.Operation).OfType<Scan>()).Body;
        Assert.Contains(body.Nodes, node => node is { Operation.Name: "contract", Name: "cell.w product" });
    }

    /// <summary>Backwards, a product with a weight is no product of the forward pass.</summary>
    [Fact]
    public void Gradients_that_go_through_a_weight_say_so()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Weight v = new(4, 4), w = new(4, 4), u = new(4);
                [Loss] public Tensor L([Shape(4)] Tensor x)
                {
                    Tensor s = Tanh(u * x);
                    Tensor a = Dot(v, s);
                    Tensor b = Dot(w, s);
                    return Sum(a * b);
                }
            }
            """);
        Graph gradient = Differentiate.Run(
            Compiler.Prepare(model.Entries[0].Training!, CancellationToken.None), model.Parameters, CancellationToken.None);
        string[] names = [.. Compiler.Machine(gradient, CancellationToken.None).Nodes.Select(node => node.Name)];
        Assert.Contains("gradient through v", names);
        Assert.DoesNotContain(names, name => name.EndsWith(" product", StringComparison.Ordinal));
    }

    /// <summary>The names of baked values stand in files.</summary>
    [Fact]
    public void Baked_values_keep_the_names_that_files_have()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                [Hyper] readonly Linear generator = new(3, 8);
                readonly Weight z = new(3);
                [Predict] public Tensor P([Shape(4)] Tensor x) => Dot(Reshape(Tanh(generator.Call(z)), 2, 4), x);
            }
            """);
        string plan = Compiler.Compile(model, CancellationToken.None).Single(file => file.HintName == "M.Plan.g.cs").Text;
        Assert.Contains("\"generated\"", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("tanh of", plan, StringComparison.Ordinal);
    }

    /// <summary>Operations and names, those without a name as well.</summary>
    private static string[] NamesOf(string members, bool machine)
    {
        TracedModel model = Tracing.TraceModel("[HyperModel] public sealed partial class M : Model {\n" + members + "\n}");
        Graph graph = Compiler.Prepare(model.Entries[0].Evaluation, CancellationToken.None);
        graph = machine ? Compiler.Machine(graph, CancellationToken.None) : graph;
        return [.. graph.Nodes.Select(node => node.Operation.Name + " " + node.Name)];
    }
}
