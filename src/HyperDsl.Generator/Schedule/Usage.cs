using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>Which steps read the storage of which node.</summary>
internal sealed class Usage
{
    private readonly Dictionary<int, List<StepDraft>> readers = [];

    public IReadOnlyList<StepDraft> ReadersOf(int root) =>
        readers.TryGetValue(root, out List<StepDraft>? found) ? found : [];

    public static Usage Of(Graph graph, View[] views, Fusion fusion)
    {
        Usage usage = new();
        foreach (StepDraft step in fusion.Phases.SelectMany(phase => phase))
        {
            foreach (int root in ReadBy(graph, views, step).Distinct())
            {
                if (!usage.readers.TryGetValue(root, out List<StepDraft>? list))
                {
                    usage.readers[root] = list = [];
                }
                list.Add(step);
            }
        }
        return usage;
    }

    /// <summary>Whether a fused node's value is read anywhere but in its own group.</summary>
    public bool IsStored(int node, StepDraft maker) => ReadersOf(node).Any(reader => reader != maker);

    private static IEnumerable<int> ReadBy(Graph graph, View[] views, StepDraft step) => step switch
    {
        CallDraft call => graph[call.Node].Inputs.Select(input => views[input].Root),
        GroupDraft group => group.Members.SelectMany(member => graph[member].Inputs)
            .Concat(group.Sinks.Select(sink => sink.Value))
            .Select(node => views[node].Root)
            .Where(root => !group.Contains(root)),
        _ => [],
    };
}
