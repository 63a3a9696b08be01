using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>From a lowered graph to a program: phases, fusion, places, and with these the steps.</summary>
internal static class Scheduler
{
    public static RoutineProgram Run(
        Graph graph, EquatableArray<Parameter> parameters, CancellationToken token, MachineCosts costs)
    {
        graph = Loops.Together(graph);
        View[] views = View.Of(graph);
        PhaseAssignment assignment = PhaseAssignment.Of(graph);
        Fusion fusion = JoinReaders.Run(graph, views, Fuse.Run(graph, views, assignment, token), costs.JoinsPasses, token);
        if (costs.JoinsPasses)
        {
            fusion = JoinStates.Run(graph, views, fusion);
        }
        Usage usage = Usage.Of(graph, views, fusion);
        IReadOnlyDictionary<int, int> inPlaceOf = costs.SharesRoom
            ? InPlace.Find(graph, views, usage, fusion, token)
            : new Dictionary<int, int>();
        Plan plan = Plan.Run(graph, usage, fusion, parameters, inPlaceOf, costs);
        List<RowProgram> rowPrograms = [];
        Dictionary<RowProgram, int> known = [];
        List<Phase> phases = [];
        for (int phase = 0; phase < fusion.Phases.Length; phase++)
        {
            List<Step> steps = [];
            List<Step> inLoop = [];
            IReadOnlyList<StepDraft> drafts = fusion.Phases[phase];
            for (int position = 0; position < drafts.Count; position++)
            {
                token.ThrowIfCancellationRequested();
                StepDraft draft = drafts[position];
                List<Step> target = draft.Loop == 0 ? steps : inLoop;
                target.AddRange(draft.FillsBefore.Select(node =>
                {
                    FillStep fill = Fill(graph, plan, node);
                    return fill with { OverSteps = draft.Loop == 0 && plan.Storages[fill.Output.Storage].PerStep };
                }));
                Step step = draft is GroupDraft group
                    ? Row(graph, views, fusion, usage, plan, group, rowPrograms, known, costs)
                    : Call(graph, views, plan, graph[((CallDraft)draft).Node]);
                target.Add(step with { OverSteps = draft.OverSteps });
                if (draft.Loop != 0 && (position + 1 == drafts.Count || drafts[position + 1].Loop != draft.Loop))
                {
                    steps.Add(new LoopStep(inLoop.ToEquatable(), RunsFromLast(graph, draft.Loop)));
                    inLoop.Clear();
                }
            }
            (int offset, int size) = plan.LaneRanges[phase];
            phases.Add(new Phase(steps.ToEquatable(), offset, size));
        }
        return new RoutineProgram(
            phases.ToEquatable(), plan.Storages.ToEquatable(), rowPrograms.ToEquatable(),
            plan.SliceRows, plan.SharedSize, plan.BatchSize, plan.BatchSequenceSize, plan.LaneSize, checked(plan.ScratchPerExample * plan.SliceRows), checked(plan.SequencePerExample * plan.SliceRows));
    }

    /// <summary>Without a state that anybody needs the order of steps is free.</summary>
    private static bool RunsFromLast(Graph graph, int loop) => graph.Nodes.Select(node => node.Operation)
        .OfType<LoopState>().Any(state => state.Loop == loop && state.FromLast);

    private static FillStep Fill(Graph graph, Plan plan, int node) => new(
        new Access(plan.TargetOf(node), 0), graph[node].Shape.Count,
        graph[node].Operation is Assemble assemble ? assemble.Number : 0);

    private static RowStep Row(
        Graph graph, View[] views, Fusion fusion, Usage usage, Plan plan, GroupDraft group,
        List<RowProgram> rowPrograms, Dictionary<RowProgram, int> known, MachineCosts costs)
    {
        (RowProgram program, OperandReference[] references) = RowProgramBuilder.Build(
            graph, views, group, member => usage.IsStored(member, group) || fusion.IsOutput(member), out RowWords words);
        EquatableArray<Access> accesses = references.Select((reference, i) => new Access(
            reference.Result >= 0 ? plan.StorageOfResult(reference.Result)
                : program.Operands[i].IsWritten ? plan.TargetOf(reference.Root)
                : plan.StorageOf(reference.Root),
            reference.Offset)).ToEquatable();
        if (costs.AsksAhead)
        {
            program = FarOperands.Mark(
                program, references, graph, fusion, group, accesses.Select(access => plan.Storages[access.Storage]).ToArray());
        }
        if (costs.SharesOperands)
        {
            (program, accesses) = ShareOperands.Run(program, accesses);
        }
        if (!known.TryGetValue(program, out int index))
        {
            index = rowPrograms.Count;
            known.Add(program, index);
            rowPrograms.Add(program);
        }
        return new RowStep(index, accesses, words.Comment, words.Values);
    }

    private static CallStep Call(Graph graph, View[] views, Plan plan, Node node) => new(
        node.Operation,
        node.Inputs.Select(input => new Access(plan.StorageOf(views[input].Root), views[input].Offset)).ToEquatable(),
        node.Inputs.Select(input => graph[input].Shape).ToEquatable(),
        node.Inputs.Select(input => views[input].Strides).ToEquatable(),
        new Access(plan.TargetOf(node.Id), 0),
        node.Shape);
}
