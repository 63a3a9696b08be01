using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>
/// What later walks along the columns of a row read back instead of computing it again: values that an earlier walk stores anyway, and
/// costly ones that it leaves in a buffer of one row. Reading back changes no bit.
/// </summary>
/// <remarks>
/// The layer norm of an LSTM's cell walks a row three times, and each walk would compute three sigmoids and a hyperbolic tangent again;
/// that took half of the pass.
/// </remarks>
internal sealed class RowReuse
{
    /// <summary>Cycles of a vector beyond which what is stored is read back: a load and one operation are as fast as the load.</summary>
    private const int CheapToComputeAgain = 2;

    /// <summary>Cycles of a vector beyond which a value is worth a store of its own.</summary>
    private const int CheaperThanBuffer = 6;

    /// <summary>Elements of all buffers of a row, a part of the first-level cache.</summary>
    private const int BufferElements = 2048;

    /// <summary>A random mask of 16 elements, by the order of magnitude.</summary>
    private const int CyclesOfMask = 40;

    private readonly Dictionary<int, RowInstruction> storedBy = [];
    private readonly List<int[]> neededIn = [];
    private readonly List<int> buffered = [];
    private readonly double[] cycles;

    private RowReuse(RowProgram program)
    {
        Program = program;
        cycles = new double[program.Instructions.Count];
    }

    /// <summary>The program, with stores to the buffers of a row at its end.</summary>
    public RowProgram Program { get; private set; }

    /// <summary>The values that are left in buffers of a row; the buffers are the last operands of <see cref="Program"/>.</summary>
    public IReadOnlyList<int> Buffered => buffered;

    public static RowReuse Of(RowProgram program)
    {
        RowReuse reuse = new(program);
        bool applies = program.Stages > 1 && Columns(program) > 1;
        if (applies)
        {
            reuse.FindStored();
            reuse.ChooseBuffered();
            reuse.AddBuffers();
        }
        for (int walk = 0; walk < program.Stages; walk++)
        {
            int present = walk;
            reuse.neededIn.Add(reuse.Program.NeededIn(walk, index => applies && reuse.IsReadBack(index, present)));
        }
        return reuse;
    }

    /// <summary>The instructions of a walk.</summary>
    public int[] NeededIn(int walk) => neededIn[walk];

    /// <summary>The store whose place a walk reads a value back from; <c>null</c> if it computes the value.</summary>
    public RowInstruction? ReadBackFrom(int index, int walk) => IsReadBack(index, walk) ? storedBy[index] : null;

    private bool IsReadBack(int index, int walk) =>
        storedBy.ContainsKey(index) && Program.Instructions[index].Stage < walk && cycles[index] > CheapToComputeAgain;

    private static int Columns(RowProgram program) => program.ColumnExtents[program.ColumnExtents.Count - 1];

    private static int RowElements(RowProgram program) => program.ColumnExtents.Aggregate(1, (count, extent) => count * extent);

    /// <summary>Values that are stored as neighbours in memory, and what each value costs where those are read back.</summary>
    private void FindStored()
    {
        foreach (RowInstruction store in Program.Instructions)
        {
            int last = Program.RowExtents.Count + Program.ColumnExtents.Count - 1;
            if (store.Kind == RowInstructionKind.Store && !store.PerRow && Program.Operands[store.Operand].Strides[last] == 1
                && Program.Instructions[store.Inputs[0]].Kind == RowInstructionKind.Apply
                && Program.Instructions[store.Inputs[0]].Stage == store.Stage)
            {
                storedBy[store.Inputs[0]] = store;
            }
        }
        for (int i = 0; i < cycles.Length; i++)
        {
            RowInstruction instruction = Program.Instructions[i];
            cycles[i] = instruction.PerRow ? 0 : instruction.Kind switch
            {
                RowInstructionKind.Load => 1,
                RowInstructionKind.Leaf => instruction.Operation is KeepMask ? CyclesOfMask : 0,
                RowInstructionKind.Apply => ((Elementwise)instruction.Operation!).Cycles
                    + instruction.Inputs.Sum(input => storedBy.ContainsKey(input) ? Math.Min(1, cycles[input]) : cycles[input]),
                _ => 0,
            };
        }
    }

    /// <summary>Costly values that a walk and a later one need, as long as there is room.</summary>
    private void ChooseBuffered()
    {
        HashSet<int> before = [];
        for (int walk = 0; walk < Program.Stages; walk++)
        {
            int present = walk;
            int[] needed = Program.NeededIn(walk, index => IsReadBack(index, present) || IsWorthBuffer(index, before));
            foreach (int index in needed.Where(index => !IsReadBack(index, present) && IsWorthBuffer(index, before)))
            {
                if ((buffered.Count + 1) * RowElements(Program) <= BufferElements)
                {
                    storedBy.Add(index, new RowInstruction(
                        RowInstructionKind.Store, null, new EquatableArray<int>(index), Program.Operands.Count + buffered.Count,
                        PerRow: false, Program.Instructions[index].Stage));
                    buffered.Add(index);
                }
            }
            before.UnionWith(needed);
        }
    }

    private bool IsWorthBuffer(int index, HashSet<int> neededBefore) =>
        Program.Instructions[index].Kind == RowInstructionKind.Apply && !storedBy.ContainsKey(index)
        && neededBefore.Contains(index) && cycles[index] > CheaperThanBuffer;

    private void AddBuffers()
    {
        if (buffered.Count == 0)
        {
            return;
        }
        List<int> strides = [.. Enumerable.Repeat(0, Program.RowExtents.Count)];
        int stride = RowElements(Program);
        foreach (int extent in Program.ColumnExtents)
        {
            stride /= extent;
            strides.Add(stride);
        }
        RowOperand buffer = new(IsWritten: true, ExampleStride: 0, strides.ToEquatable());
        Program = Program with
        {
            Operands = Program.Operands.Concat(buffered.Select(_ => buffer)).ToEquatable(),
            Instructions = Program.Instructions.Concat(buffered.Select(index => storedBy[index])).ToEquatable(),
        };
    }
}
