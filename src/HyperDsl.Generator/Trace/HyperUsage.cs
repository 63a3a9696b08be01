using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Trace;

/// <summary>Where one entry has the values that <c>[Hyper]</c> fields generate. Numbers are of nodes of <paramref name="Graph"/>.</summary>
/// <param name="Graph">The entry, with the steps of its scans among the other nodes.</param>
/// <param name="Generated">What each field generates.</param>
/// <param name="Flows">Where a value enters or leaves a step of a scan.</param>
internal sealed record HyperUsage(
    Graph Graph, IReadOnlyList<(int Field, int Node)> Generated, IReadOnlyList<(int From, int To)> Flows)
{
    public static HyperUsage Of(
        GraphBuilder builder,
        IReadOnlyList<Result> results,
        IReadOnlyList<(int Field, Value Value)> generated,
        IReadOnlyList<(Value From, Value To)> flows)
    {
        // Kept as extra results, so that they are found again after dead nodes are dropped.
        Graph graph = builder.Build(
        [
            .. results,
            .. generated.Select(mark => new Result(ResultKind.Baked, "", mark.Field, mark.Value.Id)),
            .. flows.SelectMany(flow => new[] { flow.From, flow.To }).Select(end => new Result(ResultKind.Step, "", 0, end.Id)),
        ]);
        int[] ends = [.. graph.Results.Skip(results.Count + generated.Count).Select(end => end.Node)];
        return new HyperUsage(
            graph,
            [.. graph.Results.Skip(results.Count).Take(generated.Count).Select(mark => (mark.Index, mark.Node))],
            [.. flows.Select((_, index) => (ends[2 * index], ends[(2 * index) + 1]))]);
    }
}
