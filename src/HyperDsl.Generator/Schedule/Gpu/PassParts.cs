using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Takes a row program apart for a machine that cannot add up as it goes: a pass that only stores, and a kernel for each sum. What
/// is added up is computed again in the sum's kernel, unless it depends on a reduction along a row; then the sum reads what the pass stores.
/// </summary>
internal sealed class PassParts
{
    private readonly RowProgram program;
    private readonly List<RowOperand> operands;
    private readonly List<RowInstruction> passInstructions = [];
    private readonly List<(SumKernel Kernel, int[] Operands, int Target)> sums = [];
    private readonly List<int> temporaries = [];

    private PassParts(RowProgram program)
    {
        this.program = program;
        operands = [.. program.Operands];
    }

    /// <summary>What stores; <c>null</c> if nothing does.</summary>
    public PassKernel? Pass { get; private set; }

    /// <summary>Operands of the pass: those of the row program, then temporaries from this number on.</summary>
    public int[] PassOperands { get; private set; } = [];

    /// <summary>Sums with their operands and target, numbered as those of the pass.</summary>
    public IReadOnlyList<(SumKernel Kernel, int[] Operands, int Target)> Sums => sums;

    /// <summary>Elements of one row of each temporary.</summary>
    public EquatableArray<int> Temporaries => temporaries.ToEquatable();

    private int RowRank => program.RowExtents.Count;

    public static PassParts Of(RowProgram program)
    {
        PassParts parts = new(program);
        List<int> stores = [];
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            parts.passInstructions.Add(program.Instructions[i]);
            if (program.Instructions[i].Kind == RowInstructionKind.Store)
            {
                stores.Add(i);
            }
        }
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            if (program.Instructions[i].Kind == RowInstructionKind.Accumulate)
            {
                parts.AddSum(i, stores);
            }
        }
        if (stores.Count > 0)
        {
            (RowProgram pass, parts.PassOperands) = parts.Extract(parts.passInstructions, stores, parts.program);
            parts.Pass = new PassKernel(pass);
        }
        return parts;
    }

    private void AddSum(int index, List<int> stores)
    {
        RowInstruction sum = program.Instructions[index];
        int value = sum.Inputs[0];
        if (DependsOnReduction(value))
        {
            List<RowInstruction> loads =
            [
                new RowInstruction(RowInstructionKind.Load, null, EquatableArray<int>.Empty, StoredAnyway(value) ?? StoreForSum(value, stores), sum.PerRow, 0),
                sum with { Inputs = new EquatableArray<int>(0), Stage = 0 },
            ];
            AddSum(loads, 1, sum.PerRow, sum.Operand);
        }
        else
        {
            AddSum([.. program.Instructions], index, sum.PerRow, sum.Operand);
        }
    }

    /// <summary>Where the pass stores a value anyway, each element at a place of its own.</summary>
    private int? StoredAnyway(int value)
    {
        int rank = program.Instructions[value].PerRow ? RowRank : RowRank + program.ColumnExtents.Count;
        int[] extents = [.. program.RowExtents.Concat(program.ColumnExtents).Take(rank)];
        return program.Instructions
            .Where(instruction => instruction.Kind == RowInstructionKind.Store && instruction.Inputs[0] == value && instruction.Displacement == 0
                && (!program.OverExamples || program.Operands[instruction.Operand].ExampleStride != 0)
                && extents.Zip(program.Operands[instruction.Operand].Strides, (extent, stride) => extent == 1 || stride != 0).All(isApart => isApart)
                && program.Instructions.Count(other => other.Operand == instruction.Operand) == 1)
            .Select(instruction => (int?)instruction.Operand).FirstOrDefault();
    }

    /// <summary>Lets the pass store a value as a temporary.</summary>
    private int StoreForSum(int value, List<int> stores)
    {
        int temporary = Temporary(program.Instructions[value].PerRow);
        stores.Add(passInstructions.Count);
        passInstructions.Add(program.Instructions[value] with
        {
            Kind = RowInstructionKind.Store, Operation = null, Inputs = new EquatableArray<int>(value), Operand = temporary,
        });
        return temporary;
    }

    private void AddSum(List<RowInstruction> instructions, int root, bool perRow, int target)
    {
        RowProgram iteration = perRow ? OfRows() : program with { Flat = false };
        (RowProgram sum, int[] used) = Extract(instructions, [root], iteration);
        int[] inputs = used.Take(used.Length - 1).ToArray();
        EquatableArray<RowOperand> read = sum.Operands.Select((operand, i) => i < inputs.Length ? operand with { IsWritten = false } : operand).ToEquatable();
        sums.Add((new SumKernel(sum with { Operands = read }), inputs, target));
    }

    /// <summary>The same program over rows alone: one number a row.</summary>
    private RowProgram OfRows() => program with
    {
        RowExtents = EquatableArray<int>.Empty,
        ColumnExtents = RowRank == 0 ? new EquatableArray<int>(1) : program.RowExtents,
        Flat = false,
    };

    private bool DependsOnReduction(int value) =>
        program.Instructions[value].Reduces || program.Instructions[value].Inputs.Any(DependsOnReduction);

    private int Temporary(bool perRow)
    {
        int[] extents = [.. program.RowExtents, .. program.ColumnExtents];
        int[] strides = new int[extents.Length];
        int size = 1;
        for (int axis = (perRow ? RowRank : extents.Length) - 1; axis >= 0; axis--)
        {
            strides[axis] = size;
            size = checked(size * extents[axis]);
        }
        operands.Add(new RowOperand(true, program.OverExamples ? size : 0, new EquatableArray<int>(strides)));
        temporaries.Add(size);
        return operands.Count - 1;
    }

    /// <summary>A program of the instructions that some need, with the operands that these use; the written one comes last.</summary>
    private (RowProgram Program, int[] Operands) Extract(
        List<RowInstruction> instructions, IReadOnlyList<int> roots, RowProgram iteration)
    {
        SortedSet<int> needed = [];
        void Need(int index)
        {
            if (needed.Add(index))
            {
                foreach (int input in instructions[index].Inputs)
                {
                    Need(input);
                }
            }
        }
        foreach (int root in roots)
        {
            Need(root);
        }
        int[] kept = needed.ToArray();
        int[] used = kept.Where(i => instructions[i].Operand >= 0).Select(i => instructions[i].Operand).Distinct().ToArray();
        RowInstruction[] renumbered = kept.Select(i => instructions[i] with
        {
            Inputs = instructions[i].Inputs.Select(input => Array.IndexOf(kept, input)).ToEquatable(),
            Operand = instructions[i].Operand < 0 ? -1 : Array.IndexOf(used, instructions[i].Operand),
            PerRow = ReferenceEquals(iteration, program) && instructions[i].PerRow,
        }).ToArray();
        int stages = renumbered.Where(i => !i.PerRow || i.Reduces)
            .Select(i => i.PerRow ? i.Stage : i.Stage + 1).DefaultIfEmpty(0).Max();
        return (
            iteration with
            {
                Operands = used.Select(operand => Narrowed(operands[operand], iteration)).ToEquatable(),
                Instructions = renumbered.ToEquatable(),
                Stages = stages,
            },
            used);
    }

    private RowOperand Narrowed(RowOperand operand, RowProgram iteration)
    {
        int rank = iteration.RowExtents.Count + iteration.ColumnExtents.Count;
        int[] strides = operand.Strides.Take(rank).ToArray();
        return operand with
        {
            Strides = (RowRank == 0 && rank == 1 && program.ColumnExtents.Count > 0 && iteration.ColumnExtents[0] == 1
                ? new[] { 0 }
                : strides).ToEquatable(),
        };
    }
}
