using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Analyses;

/// <summary>Which loop over time each node of an opened graph belongs to; 0 for none.</summary>
internal sealed class Loops
{
    private readonly int[] loops;

    private Loops(int[] loops) => this.loops = loops;

    /// <summary>The loop of a node; its states count as its own, though their first values are stored before it.</summary>
    public int Of(int node) => loops[node];

    public static Loops Find(Graph graph)
    {
        int[] loops = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            loops[node.Id] = node.Operation switch
            {
                LoopState state => state.Loop,
                AtStep step => step.Loop,
                StepOutput output => output.Loop,
                NextState next => next.Loop,
                KeepMask mask => mask.Loop,
                _ => node.Inputs.Where(input => !LeavesLoop(graph[input].Operation))
                    .Select(input => loops[input]).DefaultIfEmpty(0).Max(),
            };
        }
        return new Loops(loops);
    }

    /// <summary>Whether a value of a loop is read behind it: of all steps, the last one's, or added up over all of them.</summary>
    private static bool LeavesLoop(Operation operation) =>
        operation is StepOutput or NextState or ISumsOverExamples { OverExamples: true };

    /// <summary>
    /// The same graph with the nodes of each loop next to one another: states first, then the step, then what it leaves. Whatever
    /// the loop reads comes before it.
    /// </summary>
    public static Graph Together(Graph graph)
    {
        Loops loops = Find(graph);
        if (loops.loops.All(loop => loop == 0))
        {
            return graph;
        }
        List<int> order = [];
        HashSet<int> placed = [];
        HashSet<int> opened = [];
        void Place(int id)
        {
            if (placed.Contains(id))
            {
                return;
            }
            int loop = loops.Of(id);
            if (loop == 0)
            {
                foreach (int input in graph[id].Inputs)
                {
                    Place(input);
                }
                placed.Add(id);
                order.Add(id);
                return;
            }
            if (!opened.Add(loop))
            {
                throw new InvalidOperationException($"Loop {loop} reads what is made of its own results: node {id}, {graph[id].Operation.Name}.");
            }
            Node[] members = graph.Nodes.Where(node => loops.Of(node.Id) == loop)
                .OrderBy(node => node.Operation is LoopState ? 0 : node.Operation is NextState ? 2 : 1).ToArray();
            foreach (int input in members.SelectMany(member => member.Inputs).Where(input => loops.Of(input) != loop))
            {
                Place(input);
            }
            foreach (Node member in members)
            {
                placed.Add(member.Id);
                order.Add(member.Id);
            }
        }
        foreach (Node node in graph.Nodes)
        {
            Place(node.Id);
        }
        int[] renumbered = new int[order.Count];
        for (int i = 0; i < order.Count; i++)
        {
            renumbered[order[i]] = i;
        }
        return new Graph(
            order.Select((id, i) => graph[id] with
            {
                Id = i, Inputs = graph[id].Inputs.Select(input => renumbered[input]).ToEquatable(),
            }).ToEquatable(),
            graph.Results.Select(result => result with { Node = renumbered[result.Node] }).ToEquatable());
    }
}
