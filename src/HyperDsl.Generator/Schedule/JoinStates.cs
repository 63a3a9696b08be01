using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Spares a loop the passes that do nothing but copy its states. What a step leaves is stored by the pass that makes it, if that is the last
/// to need what the step found; and the pass that reads a state first keeps it for the derivative. Where only products read a state, it is
/// kept at the beginning of the step.
/// </summary>
internal sealed class JoinStates
{
    private readonly Graph graph;
    private readonly View[] views;
    private readonly List<StepDraft>[] phases;
    private readonly StepDraft?[] makers;

    private JoinStates(Graph graph, View[] views, Fusion fusion)
    {
        this.graph = graph;
        this.views = views;
        phases = fusion.Phases.Select(steps => steps.ToList()).ToArray();
        makers = (StepDraft?[])fusion.Makers.Clone();
    }

    public static Fusion Run(Graph graph, View[] views, Fusion fusion)
    {
        JoinStates join = new(graph, views, fusion);
        foreach (List<StepDraft> steps in join.phases)
        {
            foreach (GroupDraft copy in join.Copies<StepOutput>(steps))
            {
                join.KeepWhereRead(steps, copy);
            }
            Number(steps);
            foreach (GroupDraft copy in join.Copies<NextState>(steps))
            {
                join.LeaveWhereMade(steps, copy);
            }
            Number(steps);
        }
        return fusion with { Phases = join.phases, Makers = join.makers };
    }

    /// <summary>Groups that do nothing but store one value of a loop as what it keeps, or as what a step leaves.</summary>
    private GroupDraft[] Copies<TOperation>(List<StepDraft> steps) => steps.OfType<GroupDraft>().Where(group =>
        group.Loop != 0 && group.Members.Count == 0 && group.FillsBefore.Count == 0 && group.Sinks.Count == 1
        && group.Sinks[0].Kind == SinkKind.Loop && graph[group.Sinks[0].Target].Operation is TOperation).ToArray();

    private void KeepWhereRead(List<StepDraft> steps, GroupDraft copy)
    {
        Sink sink = copy.Sinks[0];
        int state = views[sink.Value].Root;
        if (graph[state].Operation is not LoopState)
        {
            return;
        }
        GroupDraft? reader = steps.OfType<GroupDraft>().FirstOrDefault(group => group != copy && group.Loop == copy.Loop
            && IsWalkedWhole(group, sink.Value) && InputsOf(group).Any(input => views[input].Root == state && IsWalkedWhole(group, input)));
        steps.Remove(copy);
        if (reader is null)
        {
            steps.Insert(steps.FindIndex(step => step.Loop == copy.Loop), copy);
            return;
        }
        reader.Sinks.Add(sink);
        makers[sink.Target] = reader;
    }

    private void LeaveWhereMade(List<StepDraft> steps, GroupDraft copy)
    {
        Sink sink = copy.Sinks[0];
        int state = graph[sink.Target].Inputs[0];
        int value = views[sink.Value].Root;
        if (makers[value] is not GroupDraft maker || maker.Loop != copy.Loop || !maker.Contains(value) || maker.RowMembers.Contains(value)
            || !IsWalkedWhole(maker, sink.Value) || !steps.Where(step => step.Loop == copy.Loop).All(step => IsReadBefore(step, state, maker)))
        {
            return;
        }
        steps.Remove(copy);
        maker.Sinks.Add(sink);
        makers[sink.Target] = maker;
    }

    /// <summary>Whether a step needs no element of a state any more when a group overwrites it.</summary>
    private bool IsReadBefore(StepDraft step, int state, GroupDraft writer)
    {
        int[] reads = InputsOf(step).Where(input => views[input].Root == state).ToArray();
        return reads.Length == 0 || step.Position < writer.Position
            || (step == writer && reads.All(input => IsWalkedWhole(writer, input)));
    }

    private IEnumerable<int> InputsOf(StepDraft step) => step is GroupDraft group
        ? group.Members.SelectMany(member => graph[member].Inputs).Concat(group.Sinks.Select(sink => sink.Value))
        : graph[((CallDraft)step).Node].Inputs;

    /// <summary>Whether a group meets each element of a value exactly at its own place.</summary>
    private bool IsWalkedWhole(GroupDraft group, int value)
    {
        View view = views[value];
        Shape shape = graph[value].Shape;
        return view.Offset == 0 && shape.Count == graph[view.Root].Shape.Count && view.IsContiguous(shape)
            && (shape == group.Iteration || group.Iteration.Refines(shape));
    }

    private static void Number(List<StepDraft> steps)
    {
        for (int position = 0; position < steps.Count; position++)
        {
            steps[position].Position = position;
        }
    }
}
