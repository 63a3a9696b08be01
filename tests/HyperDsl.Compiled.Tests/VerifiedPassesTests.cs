using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Compiled.Tests;

/// <summary>Every pass leaves a valid graph, and does so again on its own result.</summary>
public sealed class VerifiedPassesTests
{
    private const int Drawn = 200;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Graphs_are_valid_between_all_passes(bool training)
    {
        for (int seed = 5000; seed < 5000 + Drawn; seed++)
        {
            TestModel model = RandomGraph.Draw(seed, 4 + (seed % 12), training);
            CancellationToken none = CancellationToken.None;
            Graph graph = Valid(model.Graph, seed, "drawing");
            graph = Valid(Simplify.Run(graph, none), seed, nameof(Simplify));
            graph = Valid(Reassociate.Run(graph, none), seed, nameof(Reassociate));
            if (training)
            {
                graph = Valid(Differentiate.Run(graph, model.Parameters, none), seed, nameof(Differentiate));
                graph = Valid(Simplify.Run(graph, none), seed, nameof(Simplify) + " again");
            }
            graph = Valid(Lower.Run(graph, none), seed, nameof(Lower));
            graph = Valid(Keep.Run(graph, none), seed, nameof(Keep));
            graph = Valid(Materialise.Run(graph, none), seed, nameof(Materialise));
            Assert.Equal(graph.ToString(), Materialise.Run(graph, none).ToString());
        }
    }

    private static Graph Valid(Graph graph, int seed, string pass)
    {
        IReadOnlyList<string> problems = GraphVerifier.Verify(graph);
        Assert.True(problems.Count == 0, $"seed {seed} after {pass}: {string.Join("; ", problems)}\n{graph}");
        return graph;
    }
}
