using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Tests.Passes;

/// <summary>Graphs as text, for tests of passes.</summary>
internal static class PrintedGraph
{
    /// <summary>Reads a graph that must be valid.</summary>
    public static Graph Read(string text)
    {
        Graph graph = GraphParser.Parse(text);
        Assert.Empty(GraphVerifier.Verify(graph));
        return graph;
    }

    /// <summary>The graph is valid and prints as expected.</summary>
    public static void AssertPrints(string expected, Graph graph)
    {
        Assert.Empty(GraphVerifier.Verify(graph));
        Assert.Equal(expected.ReplaceLineEndings("\n").TrimEnd() + "\n", graph.ToString());
    }
}
