using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Groups nodes that can share one pass over memory. Nodes come in order; each joins the latest group that makes one of its
/// inputs, walks the same shape and runs after everything else the node reads; otherwise it opens a group of its own.
/// </summary>
internal sealed class Fuse
{
    // Beyond this the live values of one pass no longer fit the 32 vector registers.
    public const int MembersLimit = 64;

    private readonly Graph graph;
    private readonly View[] views;
    private readonly PhaseAssignment phases;
    private readonly Loops loops;
    private readonly List<StepDraft>[] steps;
    private readonly StepDraft?[] makers;
    private readonly Dictionary<int, int> outputs = [];
    private readonly ILookup<int, Node> readers;

    private Fuse(Graph graph, View[] views, PhaseAssignment phases)
    {
        this.graph = graph;
        this.views = views;
        this.phases = phases;
        loops = Loops.Find(graph);
        steps = Enumerable.Range(0, phases.Count).Select(_ => new List<StepDraft>()).ToArray();
        makers = new StepDraft?[graph.Nodes.Count];
        readers = graph.Nodes.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node);
    }

    public static Fusion Run(Graph graph, View[] views, PhaseAssignment phases, CancellationToken token)
    {
        Fuse fuse = new(graph, views, phases);
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            fuse.Place(node);
        }
        for (int index = 0; index < graph.Results.Count; index++)
        {
            fuse.PlaceResult(index);
        }
        return new Fusion(fuse.steps, fuse.makers, fuse.outputs);
    }

    private void Place(Node node)
    {
        if (node.Operation is Leaf || View.IsViewing(node.Operation))
        {
            return;
        }
        Where where = WhereIs(node);
        switch (node.Operation)
        {
            case LoopState:
                // The first value is stored before the loop begins.
                PlaceSink(new Sink(SinkKind.Loop, node.Inputs[0], node.Id, 0), new Where(where.Phase, 0, false), fill: -1);
                break;
            case StepOutput output when IsWrittenInPlace(node, output):
                int value = views[node.Inputs[0]].Root;
                outputs.Add(node.Id, value);
                makers[node.Id] = makers[value];
                break;
            case StepOutput output:
                PlaceSink(new Sink(SinkKind.Loop, node.Inputs[0], node.Id, 0), new Where(where.Phase, output.Loop, false), fill: -1);
                break;
            case NextState next:
                // On its own and last: until then, steps of this turn read the old state.
                PlaceSink(
                    new Sink(SinkKind.Loop, node.Inputs[1], node.Id, 0), new Where(where.Phase, next.Loop, false), fill: -1,
                    apart: true);
                break;
            case Elementwise:
                JoinOrOpen(node, where, node.Shape, rowRank: null);
                break;
            case Reduce { OverExamples: false } reduce when IsSuffix(reduce.Axes, InputShape(node)):
                JoinOrOpen(node, where, InputShape(node), node.Shape.Rank);
                break;
            case Max:
                JoinOrOpen(node, where, InputShape(node), node.Shape.Rank);
                break;
            case Reduce reduce:
                // Lanes are zeroed by whoever runs the routine.
                PlaceSink(
                    new Sink(SinkKind.Accumulate, node.Inputs[0], node.Id, 0), where with { OverSteps = IsSequence(node.Inputs[0]) && where.Loop == 0 },
                    fill: reduce.OverExamples ? -1 : node.Id);
                break;
            case Assemble assemble:
                int fill = assemble.HasGaps(graph.InputsOf(node)) ? node.Id : -1;
                for (int part = 0; part < node.Inputs.Count; part++)
                {
                    PlaceSink(new Sink(SinkKind.Assemble, node.Inputs[part], node.Id, part), where, part == 0 ? fill : -1);
                }
                break;
            default:
                PlaceCall(node, where with
                {
                    OverSteps = where.Loop == 0 && (where.OverSteps || node.Inputs.Any(IsSequence)),
                });
                break;
        }
    }

    /// <summary>When a step runs: steps that share a pass agree in all of it.</summary>
    private readonly record struct Where(int Phase, int Loop, bool OverSteps);

    private Where WhereIs(Node node) =>
        new(phases.Runs(node.Id), loops.Of(node.Id), loops.Of(node.Id) == 0 && IsSequence(node.Id));

    private bool IsSequence(int node) => (graph[node].Varies & Varies.Time) != 0;

    private void PlaceCall(Node node, Where where)
    {
        CallDraft call = new()
        {
            Phase = where.Phase, Position = steps[where.Phase].Count, Varies = where.Phase % 2 == 1, Node = node.Id,
            Loop = where.Loop, OverSteps = where.OverSteps,
        };
        // Kernel gradients and scattered rows add to what is there.
        if (node.Operation is CorrelateKernelGradient { OverExamples: false } or ScatterRow or OneHot)
        {
            call.FillsBefore.Add(node.Id);
        }
        steps[where.Phase].Add(call);
        makers[node.Id] = call;
    }

    private void PlaceResult(int index)
    {
        Result result = graph.Results[index];
        PlaceSink(
            new Sink(SinkKind.Result, result.Node, index, 0), new Where(phases.Writes(result), 0, IsSequence(result.Node)),
            fill: -1);
    }

    /// <summary>A sink belongs to the group that makes its value; a value from elsewhere is loaded by a group of its own.</summary>
    private void PlaceSink(Sink sink, Where where, int fill, bool apart = false)
    {
        Node value = graph[sink.Value];
        View view = views[sink.Value];
        if (apart || makers[view.Root] is not GroupDraft group || !IsAt(group, where) || !group.Refers(graph, view, value.Shape))
        {
            group = Open(where, value.Shape);
        }
        group.Sinks.Add(sink);
        if (fill >= 0)
        {
            group.FillsBefore.Add(fill);
        }
        if (sink.Kind != SinkKind.Result)
        {
            // With several parts the last one to run completes the buffer.
            StepDraft? earlier = makers[sink.Target];
            makers[sink.Target] = earlier is null || earlier.Position < group.Position ? group : earlier;
            MoveFill(sink.Target);
        }
    }

    /// <summary>Keeps the fill of an assembled buffer before the first of its writers, in whatever order they were placed.</summary>
    private void MoveFill(int target)
    {
        List<StepDraft> all = steps[phases.Runs(target)];
        StepDraft? holder = all.FirstOrDefault(step => step.FillsBefore.Contains(target));
        StepDraft? first = all.FirstOrDefault(step => step is GroupDraft group && group.Sinks.Any(
            sink => sink.Kind != SinkKind.Result && sink.Target == target));
        if (holder is not null && first is not null && first.Position < holder.Position)
        {
            holder.FillsBefore.Remove(target);
            first.FillsBefore.Add(target);
        }
    }

    private static bool IsAt(StepDraft step, Where where) =>
        step.Phase == where.Phase && step.Loop == where.Loop && step.OverSteps == where.OverSteps;

    private void JoinOrOpen(Node node, Where where, Shape iteration, int? rowRank)
    {
        foreach (GroupDraft candidate in Candidates(node, where))
        {
            if (candidate.Members.Count < MembersLimit && Accepts(candidate, node, iteration, rowRank, out bool perRow))
            {
                candidate.RowRank ??= rowRank;
                candidate.Add(node.Id, perRow || rowRank is not null);
                NoteReads(candidate, node);
                makers[node.Id] = candidate;
                return;
            }
        }
        GroupDraft group = Open(where, iteration);
        group.RowRank = rowRank;
        group.Add(node.Id, perRow: rowRank is not null);
        NoteReads(group, node);
        makers[node.Id] = group;
    }

    private void NoteReads(GroupDraft group, Node node) =>
        group.Reads.UnionWith(node.Inputs.Select(input => views[input].Root).Where(root => !group.Contains(root)));

    /// <summary>
    /// Whether what a step outputs is one whole value of that step, so that its maker can write it to its place among all
    /// steps' values.
    /// </summary>
    private bool IsWrittenInPlace(Node node, StepOutput output)
    {
        View view = views[node.Inputs[0]];
        Node root = graph[view.Root];
        return makers[view.Root] is StepDraft maker && maker.Loop == output.Loop && root.Operation is not LoopState
            && view.Offset == 0 && root.Shape.Count == node.Shape.Count && view.IsContiguous(node.Shape);
    }

    private GroupDraft Open(Where where, Shape iteration)
    {
        GroupDraft group = new()
        {
            Phase = where.Phase, Position = steps[where.Phase].Count, Varies = where.Phase % 2 == 1, Iteration = iteration,
            Loop = where.Loop, OverSteps = where.OverSteps,
        };
        steps[where.Phase].Add(group);
        return group;
    }

    /// <summary>Groups that make an input, latest first; then groups that read one, to read it once.</summary>
    private IEnumerable<GroupDraft> Candidates(Node node, Where where)
    {
        int[] roots = node.Inputs.Select(input => views[input].Root)
            .Where(root => graph[root].Operation is not (Constant or ExampleCount or StepCount or KeepMask)).ToArray();
        GroupDraft[] makersOfInputs = roots.Select(root => makers[root]).OfType<GroupDraft>()
            .Where(group => IsAt(group, where) && !IsMaskForLater(node, group)).Distinct().OrderByDescending(group => group.Position).ToArray();
        IEnumerable<GroupDraft> readersOfInputs = steps[where.Phase].OfType<GroupDraft>()
            .Where(group => IsAt(group, where) && roots.Any(group.Reads.Contains))
            .OrderByDescending(group => group.Position);
        return makersOfInputs.Concat(readersOfInputs);
    }

    /// <summary>
    /// Whether a comparison is needed only where a group's values are not in registers any more, such as the derivative of a rectifier: it is
    /// made there, of a value that is kept anyway, instead of being kept as well.
    /// </summary>
    private bool IsMaskForLater(Node node, GroupDraft group) => node.Operation is Less
        && readers[node.Id].All(reader => !View.IsViewing(reader.Operation)
            && !reader.Inputs.Where(input => input != node.Id).All(input => CanBeIn(views[input].Root, group, [])));

    /// <summary>Whether a group finds a value or, if that has no place yet, may come to make it.</summary>
    private bool CanBeIn(int root, GroupDraft group, HashSet<int> seen) => !seen.Add(root) || group.Contains(root) || IsThereBefore(root, group)
        || (makers[root] is null && graph[root].Operation is Elementwise && graph[root].Inputs.All(input => CanBeIn(views[input].Root, group, seen)));

    private bool Accepts(GroupDraft group, Node node, Shape iteration, int? rowRank, out bool perRow)
    {
        perRow = false;
        bool columns = iteration == group.Iteration
            && (rowRank is null || group.RowRank is null || group.RowRank == rowRank);
        if (!columns)
        {
            perRow = rowRank is null && group.RowRank is int rank && group.IsRowShape(node.Shape, rank);
            if (!perRow)
            {
                return false;
            }
        }
        foreach (int input in node.Inputs)
        {
            View view = views[input];
            if (perRow && graph[view.Root].Operation is KeepMask)
            {
                // A mask is counted over the columns, so a number of the row cannot be one.
                return false;
            }
            bool fits = group.Contains(view.Root)
                ? group.Refers(graph, view, graph[input].Shape) && !(perRow && !group.RowMembers.Contains(view.Root))
                : IsThereBefore(view.Root, group);
            if (!fits)
            {
                return false;
            }
        }
        return true;
    }

    private bool IsThereBefore(int root, GroupDraft group) =>
        graph[root].Operation is Leaf
        || phases.Readable(root) < group.Phase
        || (phases.Readable(root) == group.Phase && makers[root] is StepDraft maker
            && (maker.Phase < group.Phase || maker.Position < group.Position));

    private static bool IsSuffix(EquatableArray<int> axes, Shape shape) =>
        axes.Count > 0 && axes[0] == shape.Rank - axes.Count;

    private Shape InputShape(Node node) => graph[node.Inputs[0]].Shape;
}
