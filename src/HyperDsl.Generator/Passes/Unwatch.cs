using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Forgets what the user watches: the routine of a call that asks for nothing computes and stores nothing for it. Outputs of scans
/// that nobody reads any more are dropped by <see cref="HoistFromScan"/>.
/// </summary>
internal static class Unwatch
{
    public static Graph Run(Graph graph) => IsWatched(graph)
        ? GraphRewriter.Rewrite(
            graph with { Results = graph.Results.Where(result => result.Kind != ResultKind.Watched).ToEquatable() }, (_, _, _) => null)
        : graph;

    public static bool IsWatched(Graph graph) => graph.Results.Any(result => result.Kind == ResultKind.Watched);
}
