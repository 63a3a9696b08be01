using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Moves a group of fused nodes into the group that reads it first, where that one walks the same shape. <see cref="Fuse"/> looks back only:
/// what a derivative computes again of the forward pass comes early in the graph, far from its readers, and opened groups of its own.
/// </summary>
internal sealed class JoinReaders
{
    private readonly Graph graph;
    private readonly View[] views;
    private readonly Fusion fusion;
    private readonly bool intoRows;

    /// <summary>By group that has moved, the group that it is part of now.</summary>
    private readonly Dictionary<StepDraft, GroupDraft> movedInto = [];

    private JoinReaders(Graph graph, View[] views, Fusion fusion, bool intoRows)
    {
        this.intoRows = intoRows;
        this.graph = graph;
        this.views = views;
        this.fusion = fusion;
    }

    /// <param name="graph">The lowered graph.</param>
    /// <param name="views">Its views.</param>
    /// <param name="fusion">The steps.</param>
    /// <param name="intoRows">Whether a flat group joins one that walks the same elements in rows.</param>
    /// <param name="token">Cancels.</param>
    public static Fusion Run(Graph graph, View[] views, Fusion fusion, bool intoRows, CancellationToken token)
    {
        JoinReaders join = new(graph, views, fusion, intoRows);
        Usage usage = Usage.Of(graph, views, fusion);
        foreach (List<StepDraft> steps in fusion.Phases)
        {
            // From the last on, so that a chain of groups ends in its last reader.
            for (int position = steps.Count - 1; position >= 0; position--)
            {
                token.ThrowIfCancellationRequested();
                if (steps[position] is GroupDraft { Sinks.Count: 0, FillsBefore.Count: 0 } group
                    && join.FirstReader(usage, group) is GroupDraft reader && join.Joined(group, reader) is GroupDraft joined)
                {
                    join.movedInto[group] = joined;
                    join.movedInto[reader] = joined;
                }
            }
        }
        return join.movedInto.Count == 0 ? fusion : join.Finish();
    }

    private StepDraft Now(StepDraft step)
    {
        while (movedInto.TryGetValue(step, out GroupDraft? joined))
        {
            step = joined;
        }
        return step;
    }

    /// <summary>The step of the same phase that reads a group first, whether in the same turn of a loop or behind it.</summary>
    private StepDraft? FirstReader(Usage usage, GroupDraft group)
    {
        IEnumerable<int> outputs = fusion.Outputs.Where(output => group.Contains(output.Value)).Select(output => output.Key);
        return group.Members.Concat(outputs).SelectMany(usage.ReadersOf).Select(Now)
            .Where(reader => reader != group && reader.Phase == group.Phase)
            .OrderBy(reader => reader.Position).FirstOrDefault();
    }

    /// <summary>Both groups as one that runs at the reader's place; <c>null</c> if they cannot be one.</summary>
    private GroupDraft? Joined(GroupDraft group, GroupDraft reader)
    {
        bool together = reader.Loop == group.Loop && reader.OverSteps == group.OverSteps
            && group.Members.Count + reader.Members.Count <= Fuse.MembersLimit
            && !reader.Sinks.Any(sink => sink.Kind == SinkKind.Loop && graph[sink.Target].Operation is NextState);
        if (!together || !WalkTogether(group, reader, out bool ofRows))
        {
            return null;
        }
        GroupDraft joined = new()
        {
            Phase = reader.Phase, Position = reader.Position, Varies = reader.Varies, Iteration = reader.Iteration, Loop = reader.Loop,
            OverSteps = reader.OverSteps, RowRank = group.RowRank ?? reader.RowRank,
        };
        group.Members.ForEach(member => joined.Add(member, ofRows || group.RowMembers.Contains(member)));
        reader.Members.ForEach(member => joined.Add(member, reader.RowMembers.Contains(member)));
        joined.Reads.UnionWith(group.Reads.Concat(reader.Reads).Where(root => !joined.Contains(root)));
        joined.Sinks.AddRange(reader.Sinks);
        joined.FillsBefore.AddRange(reader.FillsBefore);
        return ReadsItself(joined) ? joined : null;
    }

    /// <summary>
    /// Whether two groups can walk rows together: their shapes are the same, or the first makes a number for each row of the other, or
    /// the other's rows are runs of its elements.
    /// </summary>
    private bool WalkTogether(GroupDraft group, GroupDraft reader, out bool ofRows)
    {
        ofRows = false;
        if (group.Iteration == reader.Iteration)
        {
            return group.RowRank is null || reader.RowRank is null || group.RowRank == reader.RowRank;
        }
        if (IsWalkedInRuns(group, reader.Iteration))
        {
            return true;
        }
        // A mask is counted over the columns, so a number of the row cannot be one.
        ofRows = group.RowRank is null && reader.RowRank is int rank && reader.IsRowShape(group.Iteration, rank)
            && !group.Members.Any(member => graph[member].Inputs.Any(input => graph[views[input].Root].Operation is KeepMask));
        return ofRows;
    }

    private bool IsWalkedInRuns(GroupDraft group, Shape rows) =>
        intoRows && group.RowRank is null && rows.Refines(group.Iteration)
        && group.Members.All(member => graph[member].Inputs.All(input => graph[input].Shape == group.Iteration || graph[input].Shape.Count == 1));

    /// <summary>Whether all that a group's members and sinks read of the group is what has just been computed at the same place.</summary>
    private bool ReadsItself(GroupDraft group)
    {
        bool Reads(int input, bool perRow)
        {
            View view = views[input];
            return !group.Contains(view.Root)
                || (group.Refers(graph, view, graph[input].Shape) && (!perRow || group.RowMembers.Contains(view.Root)));
        }
        return group.Members.All(member => graph[member].Inputs.All(input =>
                Reads(input, group.RowMembers.Contains(member) && graph[member].Operation is Elementwise)))
            && group.Sinks.All(sink => Reads(sink.Value, perRow: false));
    }

    private Fusion Finish()
    {
        // Of the groups that are one now, the last one stands at the common place.
        List<StepDraft>[] phases = fusion.Phases
            .Select(steps => steps.Where(step => Now(step).Position == step.Position).Select(Now).ToList()).ToArray();
        StepDraft?[] makers = fusion.Makers.Select(maker => maker is null ? null : Now(maker)).ToArray();
        foreach (List<StepDraft> steps in phases)
        {
            for (int position = 0; position < steps.Count; position++)
            {
                steps[position].Position = position;
            }
        }
        return fusion with { Phases = phases, Makers = makers };
    }
}
