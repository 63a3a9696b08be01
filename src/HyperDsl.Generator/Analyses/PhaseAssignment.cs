using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Analyses;

/// <summary>
/// In which phase each node runs: even phases once, odd phases over slices of the batch. A value that does not vary runs in the
/// earliest even phase that has its inputs; a sum over examples is added up in an odd phase and can be read from the next
/// phase on.
/// </summary>
internal sealed class PhaseAssignment
{
    private readonly int[] runs;
    private readonly int[] readable;

    /// <summary>A loop runs in one phase: it begins when everything that any of its steps reads is there.</summary>
    private int ReadyForLoop(Graph graph, Loops loops, int loop, Dictionary<int, int> known)
    {
        if (!known.TryGetValue(loop, out int ready))
        {
            int outside = graph.Nodes.Where(node => loops.Of(node.Id) == loop)
                .SelectMany(node => node.Inputs).Where(input => loops.Of(input) != loop)
                .Select(Readable).DefaultIfEmpty(0).Max();
            ready = outside + (outside % 2 == 1 ? 0 : 1);
            known.Add(loop, ready);
        }
        return ready;
    }

    private PhaseAssignment(int[] runs, int[] readable)
    {
        this.runs = runs;
        this.readable = readable;
    }

    /// <summary>The phase in which a node is computed.</summary>
    public int Runs(int node) => runs[node];

    /// <summary>The first phase in which its value is there.</summary>
    public int Readable(int node) => readable[node];

    /// <summary>
    /// The phase that writes a result. Outputs are written slice by slice even where they do not vary. The first phase is
    /// left out of a run while the parameters stay the same, so it writes no result if there are others.
    /// </summary>
    public int Writes(Result result)
    {
        int ready = readable[result.Node];
        return result.IsOutput ? ready + ((ready + 1) % 2)
            : Count > 1 ? Math.Max(2, ready + (ready % 2))
            : ready + (ready % 2);
    }

    /// <summary>The number of phases, odd: the last one runs once.</summary>
    public int Count { get; private set; }

    public static PhaseAssignment Of(Graph graph)
    {
        int count = graph.Nodes.Count;
        PhaseAssignment phases = new(new int[count], new int[count]);
        Loops loops = Loops.Find(graph);
        Dictionary<int, int> readyForLoop = [];
        foreach (Node node in graph.Nodes)
        {
            int ready = loops.Of(node.Id) is > 0 and var loop
                ? phases.ReadyForLoop(graph, loops, loop, readyForLoop)
                : node.Inputs.Select(phases.Readable).DefaultIfEmpty(0).Max();
            bool sums = node.Operation is ISumsOverExamples { OverExamples: true };
            bool slices = sums || node.VariesWithExample;
            // A mask or an input costs no phase by itself, but whoever reads it varies too.
            int phase = ready + (ready % 2 == (slices ? 1 : 0) ? 0 : 1);
            if (node.Operation is Again again)
            {
                phase = again.Phase;
            }
            phases.runs[node.Id] = phase;
            phases.readable[node.Id] = sums ? phase + 1 : node.Operation is Leaf ? 0 : phase;
        }
        int last = graph.Nodes.Select(node => Math.Max(phases.runs[node.Id], phases.readable[node.Id]))
            .Concat(graph.Results.Where(result => result.IsOutput).Select(phases.Writes))
            .DefaultIfEmpty(0).Max();
        phases.Count = last + (last % 2 == 0 ? 1 : 2);
        return phases;
    }
}
