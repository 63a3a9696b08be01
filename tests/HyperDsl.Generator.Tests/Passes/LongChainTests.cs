using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

/// <summary>Chains whose every step reads the one before twice: as many paths as there are subsets of steps, which nobody can walk.</summary>
public class LongChainTests
{
    private const int Length = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Gates_cut_out_of_a_long_chain_are_compiled()
    {
        TracedModel model = Model("Tensor g = up.Call(x);", "g = g * Sigmoid(g);", "g[..16] * g[16..]");
        EquatableArray<GeneratedFile> files = await InTime(token => Compiler.Compile(model, token));
        Assert.NotEmpty(files);
        Graph prepared = await InTime(token => Compiler.Prepare(model.Entries[0].Evaluation, token));
        // Two gates, each with two operations a step: none is cut out twice.
        Assert.InRange(prepared.Nodes.Count(node => node.Shape == Shape.Of(16)), 4 * Length, (4 * Length) + 10);
    }

    [Fact]
    public async Task A_pad_that_is_doubled_many_times_is_no_concatenation()
    {
        GraphBuilder builder = new();
        Value sum = builder.Add(
            new Pad(new EquatableArray<int>(0), new EquatableArray<int>(2), 0), builder.Add(new InputLeaf(0, Shape.Of(2), 0)));
        for (int i = 0; i < Length; i++)
        {
            sum = builder.Add(new Add(), sum, sum);
        }
        Assert.Null(await InTime(_ => JoinPads.Of(builder, sum)));
    }

    [Theory]
    [InlineData("Reshape(generator.Call(x), 4, 8)", "m = m + Tanh(m);")]
    [InlineData("Dot(w, Diag(x))", "m = m + m;")]
    public async Task What_a_long_chain_makes_of_a_matrix_is_explained(string first, string step)
    {
        TracedModel model = Model($"Tensor m = {first};", step, "Dot(m, x)");
        EntryExplanation said = await InTime(
            token => Compiler.Explain("P", model.Entries[0].Evaluation, model.Parameters, token));
        // The matrix is made once, however often it is read on the way: 8 · 32 multiplications, or 32.
        Assert.Equal(32 + (first.StartsWith("Dot", StringComparison.Ordinal) ? 32 : 8 * 32), Assert.Single(said.Products).NaiveMultiplyAdds);
    }

    private static TracedModel Model(string first, string step, string last) => Tracing.TraceModel($$"""
        [HyperModel] public sealed partial class M : Model
        {
            readonly Linear up = new(8, 32);
            [Hyper] readonly Linear generator = new(8, 32);
            readonly Weight w = new(4, 8);
            [Predict] public Tensor P([Shape(8)] Tensor x)
            {
                {{first}}
                for (int i = 0; i < {{Length}}; i++)
                {
                    {{step}}
                }
                return {{last}};
            }
            // Uses what an example may not, so that it is not complained about.
            [Predict] public Tensor All([Shape(8)] Tensor x) => up.Call(x) + generator.Call(x) + Sum(w);
        }
        """);

    private static async Task<T> InTime<T>(Func<CancellationToken, T> work)
    {
        using CancellationTokenSource source = new(Patience);
        return await Task.Run(() => work(source.Token)).WaitAsync(Patience);
    }
}
