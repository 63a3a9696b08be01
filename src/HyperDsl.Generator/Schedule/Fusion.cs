using HyperDsl.Generator.Analyses;
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
    public required int Position { get; set; }

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

    /// <summary>
    /// Whether a view of a member, read at the group's own position, is the value just computed there: the same element for a
    /// column value, the row's number for a row value.
    /// </summary>
    public bool Refers(Graph graph, View view, Shape shape)
    {
        if (!Contains(view.Root) || view.Offset != 0)
        {
            return false;
        }
        if (!RowMembers.Contains(view.Root))
        {
            return (shape == Iteration || Iteration.Refines(shape)) && view.IsContiguous(shape);
        }
        int rank = RowRank!.Value;
        if (shape != Iteration && !IsRowShape(shape, rank))
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
        return graph[view.Root].Shape.Count == expected;
    }

    /// <summary>Whether a shape is the leading axes of the iteration, perhaps followed by axes of size 1.</summary>
    public bool IsRowShape(Shape shape, int rank) =>
        shape.Rank >= rank
        && shape.Sizes.Take(rank).SequenceEqual(Iteration.Sizes.Take(rank))
        && shape.Sizes.Skip(rank).All(size => size == 1);
}

/// <summary>The steps of every phase, and which step makes which node.</summary>
/// <param name="Phases">Steps by phase.</param>
/// <param name="Makers">By node; <c>null</c> for what no step makes.</param>
/// <param name="Outputs">
/// By <see cref="Ops.Lowered.StepOutput"/>, values of a loop that are written straight to where all steps' values are kept.
/// </param>
internal sealed record Fusion(List<StepDraft>[] Phases, StepDraft?[] Makers, IReadOnlyDictionary<int, int> Outputs)
{
    private readonly HashSet<int> written = [.. Outputs.Values];

    /// <summary>Whether a value of a loop is written straight to its place among all steps' values.</summary>
    public bool IsOutput(int node) => written.Contains(node);
}
