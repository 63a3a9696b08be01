using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>Memory that an operand of a row program stands for, before addresses are known.</summary>
/// <param name="Root">The node that owns the storage, or -1 for a result.</param>
/// <param name="Result">Index of the result, or -1.</param>
/// <param name="Offset">Elements from the storage's first.</param>
internal sealed record OperandReference(int Root, int Result, int Offset);

/// <summary>What a row program computes, in the user's words; no part of the program, so that equal work is one.</summary>
/// <param name="Comment">Formulas of what is written.</param>
/// <param name="Values">The user's names of the values of instructions; empty where there is none.</param>
internal sealed record RowWords(string Comment, EquatableArray<string> Values);

/// <summary>Turns a group of fused nodes into a row program.</summary>
internal sealed class RowProgramBuilder
{
    private readonly Graph graph;
    private readonly View[] views;
    private readonly GroupDraft group;
    private readonly List<(OperandReference Reference, bool IsWritten, int ExampleStride, int[] Strides)> operands = [];
    private readonly List<RowInstruction> instructions = [];
    private readonly Dictionary<int, string> names = [];
    private readonly Dictionary<int, int> instructionOf = [];

    private RowProgramBuilder(Graph graph, View[] views, GroupDraft group)
    {
        this.graph = graph;
        this.views = views;
        this.group = group;
    }

    private int RowRank => group.RowRank ?? 0;

    /// <param name="graph">The lowered graph.</param>
    /// <param name="views">Its views.</param>
    /// <param name="group">The group.</param>
    /// <param name="isStored">Whether a member's value is read by another step.</param>
    /// <param name="words">What the program computes.</param>
    public static (RowProgram Program, OperandReference[] Operands) Build(
        Graph graph, View[] views, GroupDraft group, Func<int, bool> isStored, out RowWords words)
    {
        RowProgramBuilder builder = new(graph, views, group);
        GroupFormulas formulas = new(graph, views, group);
        List<string> written = [];
        foreach (int member in group.Members)
        {
            builder.AddMember(graph[member]);
            if (isStored(member))
            {
                builder.Store(member);
                written.Add(formulas.Of(member));
            }
        }
        foreach (Sink sink in group.Sinks)
        {
            builder.AddSink(sink);
            written.Add(formulas.Of(sink));
        }
        IEnumerable<string> values = builder.instructions.Select((_, i) => builder.names.TryGetValue(i, out string? name) ? name : "");
        words = new RowWords(string.Join("; ", written), values.ToEquatable());
        return (builder.Finish(), builder.operands.Select(operand => operand.Reference).ToArray());
    }

    private void AddMember(Node node)
    {
        bool perRow = group.RowMembers.Contains(node.Id);
        bool reduces = node.Operation is Reduce or Max;
        int[] inputs = node.Inputs.Select(input => Operand(input, perRow && !reduces)).ToArray();
        int stage = inputs.Select(input => instructions[input].Stage).DefaultIfEmpty(0).Max();
        RowInstruction instruction = reduces
            ? new(node.Operation is Max ? RowInstructionKind.ReduceMaximum : RowInstructionKind.ReduceSum,
                null, new EquatableArray<int>(inputs), -1, PerRow: true, stage + 1)
            : new(RowInstructionKind.Apply, Meaning(node.Operation), new EquatableArray<int>(inputs), -1, perRow, stage);
        instructionOf[node.Id] = Append(instruction);
        names[instructionOf[node.Id]] = node.Name;
    }

    /// <summary>Which phase computes an operation again is no part of a program, so that layers share one.</summary>
    private static Operation Meaning(Operation operation) => operation is Again again ? again.Inner : operation;

    private int Append(RowInstruction instruction)
    {
        int known = instructions.IndexOf(instruction);
        if (known >= 0 && instruction.Kind is RowInstructionKind.Load or RowInstructionKind.Leaf)
        {
            return known;
        }
        instructions.Add(instruction);
        return instructions.Count - 1;
    }

    /// <summary>The instruction whose value a node has here: a member's, a leaf's, or a load.</summary>
    private int Operand(int node, bool perRow)
    {
        View view = views[node];
        if (group.Contains(view.Root))
        {
            return instructionOf[view.Root];
        }
        Node root = graph[view.Root];
        if (root.Operation is Constant or ExampleCount or StepCount or KeepMask)
        {
            bool same = root.Operation is not KeepMask;
            return Append(new RowInstruction(
                RowInstructionKind.Leaf, root.Operation, EquatableArray<int>.Empty, -1, PerRow: same, 0));
        }
        int[] strides = OverIteration(view.Strides, graph[node].Shape);
        bool loadsRow = perRow || (group.RowRank is int rank && strides.Skip(rank).All(stride => stride == 0));
        int exampleStride = root.VariesWithExample ? root.Shape.Count : 0;
        int operand = AddOperand(new OperandReference(view.Root, -1, view.Offset), false, exampleStride, strides);
        return Append(new RowInstruction(
            RowInstructionKind.Load, null, EquatableArray<int>.Empty, operand, loadsRow, 0));
    }

    /// <summary>Strides over all axes of the iteration; a row value repeats along the columns, a merged axis is walked in runs.</summary>
    private int[] OverIteration(EquatableArray<int> strides, Shape shape)
    {
        int[] all = new int[group.Iteration.Rank];
        if (group.Iteration.Refines(shape))
        {
            int run = all.Length - 1;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                for (int walked = 1; walked < shape[axis]; run--)
                {
                    all[run] = strides[axis] * walked;
                    walked *= group.Iteration[run];
                }
            }
            return all;
        }
        for (int axis = 0; axis < all.Length && axis < shape.Rank; axis++)
        {
            all[axis] = shape[axis] == 1 ? 0 : strides[axis];
        }
        return all;
    }

    private int AddOperand(OperandReference reference, bool isWritten, int exampleStride, int[] strides)
    {
        int known = isWritten ? -1 : operands.FindIndex(operand => !operand.IsWritten && operand.Reference == reference
            && operand.ExampleStride == exampleStride && operand.Strides.SequenceEqual(strides));
        if (known >= 0)
        {
            return known;
        }
        operands.Add((reference, isWritten, exampleStride, strides));
        return operands.Count - 1;
    }

    private void Store(int member)
    {
        Node node = graph[member];
        int operand = AddOperand(
            new OperandReference(member, -1, 0), true, group.Varies ? node.Shape.Count : 0,
            OverIteration(new EquatableArray<int>(node.Shape.Strides()), node.Shape));
        Write(RowInstructionKind.Store, instructionOf[member], operand);
    }

    private void Write(RowInstructionKind kind, int value, int operand, bool everyColumn = false)
    {
        RowInstruction source = instructions[value];
        bool perRow = source.PerRow && !everyColumn && group.RowRank is not null
            && operands[operand].Strides.Skip(RowRank).All(stride => stride == 0);
        instructions.Add(new RowInstruction(
            kind, null, new EquatableArray<int>(value), operand, perRow, source.Stage));
    }

    private void AddSink(Sink sink)
    {
        Shape shape = graph[sink.Value].Shape;
        bool perRow = group.Contains(views[sink.Value].Root) && group.RowMembers.Contains(views[sink.Value].Root)
            && shape != group.Iteration;
        int value = Operand(sink.Value, perRow);
        switch (sink.Kind)
        {
            case SinkKind.Result:
                int example = graph.Results[sink.Target].IsOutput ? shape.Count : 0;
                Write(RowInstructionKind.Store, value, AddOperand(
                    new OperandReference(-1, sink.Target, 0), true, example,
                    OverIteration(new EquatableArray<int>(shape.Strides()), shape)));
                break;
            case SinkKind.Loop:
                Write(RowInstructionKind.Store, value, AddOperand(
                    new OperandReference(sink.Target, -1, 0), true, shape.Count,
                    OverIteration(new EquatableArray<int>(shape.Strides()), shape)));
                break;
            case SinkKind.Assemble:
                Write(RowInstructionKind.Store, value, PartOperand(graph[sink.Target], sink.Part, shape));
                break;
            default:
                // A row's number that is repeated along the columns counts once for each of them.
                Write(
                    RowInstructionKind.Accumulate, value, ReductionOperand(graph[sink.Target], shape),
                    everyColumn: shape == group.Iteration);
                break;
        }
    }

    private int PartOperand(Node whole, int part, Shape shape)
    {
        Assemble assemble = (Assemble)whole.Operation;
        int[] strides = whole.Shape.Strides();
        int offset = assemble.Starts[part].Select((start, axis) => start * strides[axis]).Sum();
        int[] partStrides = strides.Select((stride, axis) => stride * assemble.Steps[part][axis]).ToArray();
        return AddOperand(
            new OperandReference(whole.Id, -1, offset), true, group.Varies ? whole.Shape.Count : 0,
            OverIteration(new EquatableArray<int>(partStrides), shape));
    }

    private int ReductionOperand(Node target, Shape shape)
    {
        Reduce reduce = (Reduce)target.Operation;
        int[] kept = target.Shape.Strides();
        int[] strides = new int[shape.Rank];
        int next = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            strides[axis] = reduce.Axes.Contains(axis) ? 0 : kept[next++];
        }
        int example = reduce.OverExamples || !group.Varies ? 0 : target.Shape.Count;
        return AddOperand(
            new OperandReference(target.Id, -1, 0), true, example,
            OverIteration(new EquatableArray<int>(strides), shape));
    }

    private RowProgram Finish()
    {
        List<int> extents = [];
        List<List<int>> strides = operands.Select(_ => new List<int>()).ToList();
        int rowExtents = 0;
        for (int axis = 0; axis < group.Iteration.Rank; axis++)
        {
            int extent = group.Iteration[axis];
            if (extent != 1)
            {
                bool boundary = extents.Count == 0 || (axis >= RowRank && extents.Count == rowExtents);
                if (!boundary && CanMerge(strides, axis, extent))
                {
                    extents[extents.Count - 1] *= extent;
                    for (int i = 0; i < operands.Count; i++)
                    {
                        strides[i][strides[i].Count - 1] = operands[i].Strides[axis];
                    }
                }
                else
                {
                    extents.Add(extent);
                    for (int i = 0; i < operands.Count; i++)
                    {
                        strides[i].Add(operands[i].Strides[axis]);
                    }
                }
            }
            if (axis < RowRank)
            {
                rowExtents = extents.Count;
            }
        }
        if (extents.Count == rowExtents)
        {
            extents.Add(1);
            strides.ForEach(list => list.Add(0));
        }
        RowOperand[] rowOperands = operands
            .Select((operand, i) => new RowOperand(operand.IsWritten, operand.ExampleStride, strides[i].ToEquatable()))
            .ToArray();
        int stages = instructions.Where(i => !i.PerRow || i.Kind is RowInstructionKind.ReduceSum or RowInstructionKind.ReduceMaximum)
            .Select(i => i.PerRow ? i.Stage : i.Stage + 1).DefaultIfEmpty(0).Max();
        // A state is overwritten in the last walk: the walks before may read what the step found.
        IEnumerable<RowInstruction> ordered = instructions.Select(instruction => instruction.Kind == RowInstructionKind.Store && !instruction.PerRow
            && operands[instruction.Operand].Reference.Root is int root and >= 0 && graph[root].Operation is NextState
                ? instruction with { Stage = stages - 1 } : instruction);
        return new RowProgram(
            group.Varies,
            extents.Take(rowExtents).ToEquatable(),
            extents.Skip(rowExtents).ToEquatable(),
            rowOperands.ToEquatable(),
            ordered.ToEquatable(),
            stages,
            IsFlat(extents, rowExtents, rowOperands));
    }

    private bool CanMerge(List<List<int>> strides, int axis, int extent)
    {
        for (int i = 0; i < operands.Count; i++)
        {
            if (strides[i][strides[i].Count - 1] != operands[i].Strides[axis] * extent)
            {
                return false;
            }
        }
        return true;
    }

    private bool IsFlat(List<int> extents, int rowExtents, RowOperand[] rowOperands)
    {
        int columns = extents[extents.Count - 1];
        return group.Varies && rowExtents == 0 && extents.Count == 1 && group.RowRank is null
            && instructions.All(i => i.Kind != RowInstructionKind.Accumulate && i.Operation is not KeepMask)
            && rowOperands.All(operand =>
                (operand.ExampleStride == columns && (operand.Strides[0] == 1 || columns == 1))
                || (operand.ExampleStride == 0 && operand.Strides[0] == 0));
    }
}
