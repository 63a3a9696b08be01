using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>What is done with a value besides computing it.</summary>
internal enum SinkKind
{
    /// <summary>Written into a part of an assembled buffer.</summary>
    Assemble,

    /// <summary>Added up over axes or examples.</summary>
    Accumulate,

    /// <summary>Written to where a result of the graph is read.</summary>
    Result,

    /// <summary>Stored as the first value of a loop's state, as what a step leaves, or as what it outputs.</summary>
    Loop,
}

/// <param name="Kind">What is done.</param>
/// <param name="Value">The node whose value it is, possibly a view.</param>
/// <param name="Target">The assembling or reducing node, or the index of the result.</param>
/// <param name="Part">For an assembled buffer, which of its inputs this is.</param>
internal sealed record Sink(SinkKind Kind, int Value, int Target, int Part);

/// <summary>A step before addresses are known: a group of fused nodes or a call of a kernel.</summary>
internal abstract class StepDraft
{
    public required int Phase { get; init; }

    /// <summary>Index among the steps of its phase.</summary>
    public required int Position { get; init; }

    /// <summary>Whether it runs for each example of a slice.</summary>
    public required bool Varies { get; init; }

    /// <summary>The loop over time whose steps it is part of; 0 for none.</summary>
    public required int Loop { get; init; }

    /// <summary>Whether, outside of loops, it runs for all steps of time.</summary>
    public required bool OverSteps { get; init; }

    /// <summary>Nodes whose buffers are filled with a number before this step, because it is the first to write into them.</summary>
    public List<int> FillsBefore { get; } = [];
}

/// <summary>A kernel call for one node.</summary>
internal sealed class CallDraft : StepDraft
{
    public required int Node { get; init; }
}

/// <summary>Nodes that share one pass over memory.</summary>
internal sealed class GroupDraft : StepDraft
{
    public required Shape Iteration { get; init; }

    /// <summary>How many leading axes are rows, once a reduction along the rest has joined.</summary>
    public int? RowRank { get; set; }

    public List<int> Members { get; } = [];

    public HashSet<int> RowMembers { get; } = [];

    public List<Sink> Sinks { get; } = [];

    public bool Contains(int node) => members.Contains(node);

    /// <summary>Roots of what the group reads from elsewhere.</summary>
    public HashSet<int> Reads { get; } = [];

    private readonly HashSet<int> members = [];

    public void Add(int node, bool perRow)
    {
        Members.Add(node);
        members.Add(node);
        if (perRow)
        {
            RowMembers.Add(node);
        }
    }
}

/// <summary>The steps of every phase, and which step makes which node.</summary>
/// <param name="Phases">Steps by phase.</param>
/// <param name="Makers">By node; <c>null</c> for what no step makes.</param>
/// <param name="Outputs">
/// By <see cref="Ops.Lowered.StepOutput"/>, values of a loop that are written straight to where all steps' values are kept.
/// </param>
internal sealed record Fusion(List<StepDraft>[] Phases, StepDraft?[] Makers, IReadOnlyDictionary<int, int> Outputs);
