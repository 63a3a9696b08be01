using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>From which step to which a value's buffer is in use.</summary>
internal sealed class Lifetimes(Graph graph, Usage usage, Fusion fusion)
{
    /// <summary>The step that first touches a node's buffer: an assembled one has several writers.</summary>
    public int FirstWriter(Node node)
    {
        StepDraft maker = fusion.Makers[node.Id]!;
        if (node.Operation is StepOutput || fusion.IsOutput(node.Id))
        {
            // Other steps' values are there already when a later turn comes round.
            return fusion.Phases[maker.Phase].First(step => step.Loop == maker.Loop).Position;
        }
        return fusion.Phases[maker.Phase]
            .First(step => step == maker || step.FillsBefore.Contains(node.Id)
                || (step is GroupDraft group && group.Sinks.Any(
                    sink => sink.Kind != SinkKind.Result && sink.Target == node.Id)))
            .Position;
    }

    /// <summary>
    /// The last step that needs a buffer. What a loop finds made is read again in its next turn, so it stays to the loop's end; a
    /// state stays as long as the final one is read.
    /// </summary>
    public int LastUse(Node node)
    {
        StepDraft maker = fusion.Makers[node.Id]!;
        IEnumerable<StepDraft> readers = ReadersOf(node);
        if (node.Operation is LoopState state)
        {
            readers = readers.Append(fusion.Makers[NextOf(state).Id]!);
        }
        return readers.Append(maker)
            .Max(step => step.Loop != 0 && step.Loop != maker.Loop ? LoopEnd(step) : step.Position);
    }

    /// <summary>
    /// Who reads a buffer: a value of a loop that is written straight to its place among all steps' values is read there under another
    /// name, and the last step of a loop leaves its state where the first one found it.
    /// </summary>
    public IEnumerable<StepDraft> ReadersOf(Node node)
    {
        IEnumerable<int> names = fusion.Outputs.Where(output => output.Value == node.Id).Select(output => output.Key).Append(node.Id);
        if (node.Operation is LoopState state)
        {
            names = names.Append(NextOf(state).Id);
        }
        return names.SelectMany(usage.ReadersOf);
    }

    private Node NextOf(LoopState state) => graph.Nodes.First(other =>
        other.Operation is NextState next && next.Loop == state.Loop && next.Index == state.Index);

    private int LoopEnd(StepDraft step) =>
        fusion.Phases[step.Phase].Last(other => other.Loop == step.Loop).Position;
}
