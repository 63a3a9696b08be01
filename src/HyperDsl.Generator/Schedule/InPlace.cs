using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Which values take the room of another one: a pass that is the last to read a value may write its own in the same place, element for
/// element. The gradients of a loop's values so replace, step by step, the values that the forward pass kept, which spares memory, and with
/// it the reading of lines that are only going to be written.
/// </summary>
internal sealed class InPlace
{
    private readonly Graph graph;
    private readonly View[] views;
    private readonly Usage usage;
    private readonly Fusion fusion;
    private readonly Dictionary<int, int> replaced = [];

    private InPlace(Graph graph, View[] views, Usage usage, Fusion fusion)
    {
        this.graph = graph;
        this.views = views;
        this.usage = usage;
        this.fusion = fusion;
    }

    /// <summary>By value, the one whose room it takes.</summary>
    public static IReadOnlyDictionary<int, int> Find(
        Graph graph, View[] views, Usage usage, Fusion fusion, CancellationToken token)
    {
        InPlace places = new(graph, views, usage, fusion);
        foreach (GroupDraft group in fusion.Phases.SelectMany(phase => phase).OfType<GroupDraft>().Where(group => group.Varies))
        {
            token.ThrowIfCancellationRequested();
            places.Replace(group);
        }
        return places.replaced;
    }

    private void Replace(GroupDraft group)
    {
        (RowProgram program, OperandReference[] references) = RowProgramBuilder.Build(
            graph, views, group, member => usage.IsStored(member, group) || fusion.IsOutput(member), out _);
        int[] written = references.Where((reference, operand) => reference.Root >= 0 && program.Operands[operand].IsWritten)
            .Select(reference => reference.Root).Distinct().ToArray();
        int[] read = references.Where((reference, operand) => reference.Root >= 0 && !program.Operands[operand].IsWritten)
            .Select(reference => OwnerOf(reference.Root)).Distinct().ToArray();
        foreach (int value in written.Where(value => IsMadeWhollyBy(group, value)))
        {
            RowInstruction[] stores = program.Instructions
                .Where(instruction => instruction.Writes && references[instruction.Operand].Root == value).ToArray();
            int old = read.Where(old => !replaced.ContainsValue(old) && IsReadLast(old, value, group)
                && stores.All(store => IsReadBefore(program, references, old, store))).DefaultIfEmpty(-1).First();
            if (old >= 0)
            {
                replaced.Add(value, old);
            }
        }
    }

    /// <summary>A value of a loop that is written straight to its place among all steps' values is read there under another name.</summary>
    private int OwnerOf(int root) => fusion.Outputs.TryGetValue(root, out int value) ? value : root;

    /// <summary>Whether a group alone writes a value, each element once: one that it computes, or one that it assembles of all parts.</summary>
    private bool IsMadeWhollyBy(GroupDraft group, int value)
    {
        if (fusion.Makers[value] != group || fusion.Phases[group.Phase].Any(step => step.FillsBefore.Contains(value)))
        {
            return false;
        }
        Node node = graph[value];
        return node.Operation is Assemble
            ? group.Sinks.Where(sink => sink.Kind == SinkKind.Assemble && sink.Target == value)
                .Sum(sink => graph[sink.Value].Shape.Count) == node.Shape.Count
            : group.Contains(value) && node.Shape.Count == group.Iteration.Count;
    }

    /// <summary>Whether a value is as large as the one that replaces it, lives as it does, and is read by nothing later.</summary>
    private bool IsReadLast(int old, int value, GroupDraft group)
    {
        Node node = graph[old];
        StepDraft? maker = fusion.Makers[old];
        if (maker is null || maker == group || maker.Phase != group.Phase || node.Shape.Count != graph[value].Shape.Count
            || node.Operation is LoopState or NextState || !node.VariesWithExample || IsKeptOverSteps(old) != IsKeptOverSteps(value)
            || !(IsKeptOverSteps(old) ? maker.Loop == 0 || maker.Loop != group.Loop : maker.Loop == group.Loop))
        {
            return false;
        }
        IEnumerable<int> names = fusion.Outputs.Where(output => output.Value == old).Select(output => output.Key).Append(old);
        return names.SelectMany(usage.ReadersOf).All(reader => reader.Phase == group.Phase
            && reader.Position <= group.Position && (reader.Loop == group.Loop || reader.Position < LoopStart(group)));
    }

    private int LoopStart(GroupDraft group) => group.Loop == 0
        ? group.Position
        : fusion.Phases[group.Phase].First(step => step.Loop == group.Loop).Position;

    private bool IsKeptOverSteps(int node) =>
        (graph[node].Varies & Varies.Time) != 0 || fusion.IsOutput(node);

    /// <summary>Whether the pass has read each element of a value, where a store is going to overwrite it, when it does so.</summary>
    private bool IsReadBefore(RowProgram program, OperandReference[] references, int old, RowInstruction store)
    {
        int[] extents = program.RowExtents.Concat(program.ColumnExtents).ToArray();
        RowOperand written = program.Operands[store.Operand];
        int start = references[store.Operand].Offset;
        if (store.Kind != RowInstructionKind.Store || store.PerRow
            || written.Strides.Zip(extents, (stride, extent) => stride == 0 && extent > 1).Any(repeats => repeats))
        {
            return false;
        }
        for (int operand = 0; operand < references.Length; operand++)
        {
            if (references[operand].Root < 0 || OwnerOf(references[operand].Root) != old)
            {
                continue;
            }
            RowOperand read = program.Operands[operand];
            int offset = references[operand].Offset;
            bool same = offset == start && read.Strides == written.Strides;
            if (read.IsWritten || read.ExampleStride != written.ExampleStride
                || !(same ? IsLoadedBefore(program, operand, store) : AreApart(offset, read, start, written, extents)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether no walk needs an operand's element once a store may have overwritten it.</summary>
    private static bool IsLoadedBefore(RowProgram program, int operand, RowInstruction store)
    {
        int position = program.Instructions.ToList().IndexOf(store);
        bool Loads(int index) => program.Instructions[index].Kind == RowInstructionKind.Load && program.Instructions[index].Operand == operand;
        return !program.Instructions.Any(instruction => instruction.PerRow && instruction.Operand == operand)
            && !Enumerable.Range(0, program.Stages).Any(walk => program.NeededIn(walk).Any(index =>
                Loads(index) && (walk > store.Stage || (walk == store.Stage && index > position))));
    }

    /// <summary>Whether two parts of an example have no element in common.</summary>
    private static bool AreApart(int first, RowOperand one, int second, RowOperand other, int[] extents)
    {
        int Length(RowOperand operand) => 1 + operand.Strides.Zip(extents, (stride, extent) => stride * (extent - 1)).Sum();
        bool forwards = one.Strides.Concat(other.Strides).All(stride => stride >= 0);
        return forwards && (first + Length(one) <= second || second + Length(other) <= first);
    }
}
