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
    private const int MembersLimit = 48;

    private readonly Graph graph;
    private readonly View[] views;
    private readonly PhaseAssignment phases;
    private readonly List<StepDraft>[] steps;
    private readonly StepDraft?[] makers;

    private Fuse(Graph graph, View[] views, PhaseAssignment phases)
    {
        this.graph = graph;
        this.views = views;
        this.phases = phases;
        steps = Enumerable.Range(0, phases.Count).Select(_ => new List<StepDraft>()).ToArray();
        makers = new StepDraft?[graph.Nodes.Count];
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
        return new Fusion(fuse.steps, fuse.makers);
    }

    private void Place(Node node)
    {
        if (node.Operation is Leaf || View.IsViewing(node.Operation))
        {
            return;
        }
        int phase = phases.Runs(node.Id);
        switch (node.Operation)
        {
            case Elementwise:
                JoinOrOpen(node, phase, node.Shape, rowRank: null);
                break;
            case Reduce { OverExamples: false } reduce when IsSuffix(reduce.Axes, InputShape(node)):
                JoinOrOpen(node, phase, InputShape(node), node.Shape.Rank);
                break;
            case Max:
                JoinOrOpen(node, phase, InputShape(node), node.Shape.Rank);
                break;
            case Reduce reduce:
                // Lanes are zeroed by whoever runs the routine.
                PlaceSink(
                    new Sink(SinkKind.Accumulate, node.Inputs[0], node.Id, 0), phase,
                    fill: reduce.OverExamples ? -1 : node.Id);
                break;
            case Assemble assemble:
                int fill = assemble.HasGaps(graph.InputsOf(node)) ? node.Id : -1;
                for (int part = 0; part < node.Inputs.Count; part++)
                {
                    PlaceSink(new Sink(SinkKind.Assemble, node.Inputs[part], node.Id, part), phase, part == 0 ? fill : -1);
                }
                break;
            default:
                PlaceCall(node, phase);
                break;
        }
    }

    private void PlaceCall(Node node, int phase)
    {
        CallDraft call = new()
        {
            Phase = phase, Position = steps[phase].Count, Varies = phase % 2 == 1, Node = node.Id,
        };
        // Kernel gradients and scattered rows add to what is there.
        if (node.Operation is CorrelateKernelGradient { OverExamples: false } or ScatterRow or OneHot)
        {
            call.FillsBefore.Add(node.Id);
        }
        steps[phase].Add(call);
        makers[node.Id] = call;
    }

    private void PlaceResult(int index)
    {
        Result result = graph.Results[index];
        PlaceSink(new Sink(SinkKind.Result, result.Node, index, 0), phases.Writes(result), fill: -1);
    }

    /// <summary>A sink belongs to the group that makes its value; a value from elsewhere is loaded by a group of its own.</summary>
    private void PlaceSink(Sink sink, int phase, int fill)
    {
        Node value = graph[sink.Value];
        View view = views[sink.Value];
        if (makers[view.Root] is not GroupDraft group || group.Phase != phase || !Refers(group, view, value.Shape)
            || group.Varies != (phase % 2 == 1))
        {
            group = Open(phase, value.Shape);
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

    private void JoinOrOpen(Node node, int phase, Shape iteration, int? rowRank)
    {
        foreach (GroupDraft candidate in Candidates(node, phase))
        {
            if (candidate.Members.Count < MembersLimit && Accepts(candidate, node, iteration, rowRank, out bool perRow))
            {
                candidate.RowRank ??= rowRank;
                candidate.Add(node.Id, perRow || rowRank is not null);
                makers[node.Id] = candidate;
                return;
            }
        }
        GroupDraft group = Open(phase, iteration);
        group.RowRank = rowRank;
        group.Add(node.Id, perRow: rowRank is not null);
        makers[node.Id] = group;
    }

    private GroupDraft Open(int phase, Shape iteration)
    {
        GroupDraft group = new()
        {
            Phase = phase, Position = steps[phase].Count, Varies = phase % 2 == 1, Iteration = iteration,
        };
        steps[phase].Add(group);
        return group;
    }

    private IEnumerable<GroupDraft> Candidates(Node node, int phase) => node.Inputs
        .Select(input => makers[views[input].Root])
        .OfType<GroupDraft>()
        .Where(group => group.Phase == phase)
        .Distinct()
        .OrderByDescending(group => group.Position);

    private bool Accepts(GroupDraft group, Node node, Shape iteration, int? rowRank, out bool perRow)
    {
        perRow = false;
        bool columns = iteration == group.Iteration
            && (rowRank is null || group.RowRank is null || group.RowRank == rowRank);
        if (!columns)
        {
            perRow = rowRank is null && group.RowRank is int rank && IsRowShape(node.Shape, group.Iteration, rank);
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
                ? Refers(group, view, graph[input].Shape) && !(perRow && !group.RowMembers.Contains(view.Root))
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

    /// <summary>
    /// Whether a view of a member, read at the group's own position, is the value just computed there: the same element for a
    /// column value, the row's number for a row value.
    /// </summary>
    private bool Refers(GroupDraft group, View view, Shape shape)
    {
        if (!group.Contains(view.Root) || view.Offset != 0)
        {
            return false;
        }
        Shape root = graph[view.Root].Shape;
        if (!group.RowMembers.Contains(view.Root))
        {
            return shape == group.Iteration && view.IsContiguous(shape);
        }
        int rank = group.RowRank!.Value;
        if (shape != group.Iteration && !IsRowShape(shape, group.Iteration, rank))
        {
            return false;
        }
        int expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && view.Strides[axis] != (axis < rank ? expected : 0))
            {
                return false;
            }
            expected *= axis < rank ? shape[axis] : 1;
        }
        return root.Count == expected;
    }

    /// <summary>Whether a shape is the leading axes of the iteration, perhaps followed by axes of size 1.</summary>
    private static bool IsRowShape(Shape shape, Shape iteration, int rank) =>
        shape.Rank >= rank
        && shape.Sizes.Take(rank).SequenceEqual(iteration.Sizes.Take(rank))
        && shape.Sizes.Skip(rank).All(size => size == 1);

    private static bool IsSuffix(EquatableArray<int> axes, Shape shape) =>
        axes.Count > 0 && axes[0] == shape.Rank - axes.Count;

    private Shape InputShape(Node node) => graph[node.Inputs[0]].Shape;
}
