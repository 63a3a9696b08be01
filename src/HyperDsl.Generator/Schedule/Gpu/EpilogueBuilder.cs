using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A pass while products are fused into it: a row program whose operands know their memory, and some of which are sums in registers.
/// </summary>
internal sealed class EpilogueBuilder
{
    private readonly RowProgram pass;
    private List<RowInstruction> instructions;
    private List<RowOperand> operands;
    private List<DeviceOperand> memory;
    private List<int> sums = [];

    private EpilogueBuilder(RowProgram pass, IEnumerable<DeviceOperand> operands)
    {
        this.pass = pass;
        instructions = [.. pass.Instructions];
        this.operands = [.. pass.Operands];
        memory = [.. operands];
    }

    /// <summary>For each sum, the operand that it stands for.</summary>
    public IReadOnlyList<int> Sums => sums;

    /// <summary>Where operands lie; sums as well, though nothing needs to be there.</summary>
    public IReadOnlyList<DeviceOperand> Memory => memory;

    public static EpilogueBuilder Of(RowProgram pass, IEnumerable<DeviceOperand> operands) => new(pass, operands);

    public EpilogueBuilder Copy() => new(pass, memory) { instructions = [.. instructions], operands = [.. operands], sums = [.. sums] };

    public RowProgram Program() => pass with
    {
        Operands = operands.ToEquatable(),
        Instructions = instructions.ToEquatable(),
        Stages = 1,
        Flat = false,
    };

    /// <summary>Operands that are loaded from memory and lie at a place.</summary>
    public IEnumerable<int> LoadedFrom(DeviceOperand place) =>
        Enumerable.Range(0, operands.Count).Where(operand => !operands[operand].IsWritten && !sums.Contains(operand) && memory[operand] == place);

    public IEnumerable<DeviceOperand> Read() => memory.Where((_, operand) => !operands[operand].IsWritten && !sums.Contains(operand));

    public IEnumerable<DeviceOperand> Written() => memory.Where((_, operand) => operands[operand].IsWritten);

    public RowOperand Operand(int operand) => operands[operand];

    /// <summary>Makes an operand a sum in registers; where others read its memory, too, it is stored there.</summary>
    public void BecomeSum(int operand, bool isStored)
    {
        sums.Add(operand);
        if (isStored)
        {
            int load = instructions.FindIndex(instruction => instruction.Kind == RowInstructionKind.Load && instruction.Operand == operand);
            instructions.Add(instructions[load] with
            {
                Kind = RowInstructionKind.Store, Inputs = new EquatableArray<int>(load), Operand = operands.Count,
            });
            operands.Add(operands[operand] with { IsWritten = true });
            memory.Add(memory[operand]);
        }
    }

    /// <summary>
    /// Puts another pass over the same places before this one. Operands of this pass, given by operands that the other one writes, become the
    /// values written; those whose memory nothing else reads are not stored any more.
    /// </summary>
    /// <param name="other">The other pass.</param>
    /// <param name="places">Where its operands lie.</param>
    /// <param name="otherSums">Which of them are sums.</param>
    /// <param name="joined">For operands of this pass, those of the other one that they read.</param>
    /// <param name="isStored">Whether a place has to be written.</param>
    public void Prepend(
        RowProgram other, IReadOnlyList<DeviceOperand> places, IReadOnlyList<int> otherSums, IReadOnlyDictionary<int, int> joined,
        Func<DeviceOperand, bool> isStored)
    {
        int shift = other.Instructions.Count;
        int firstOperand = other.Operands.Count;
        List<RowInstruction> own = instructions.ConvertAll(instruction => instruction with
        {
            Inputs = instruction.Inputs.Select(input => input + shift).ToEquatable(),
            Operand = instruction.Operand < 0 ? -1 : instruction.Operand + firstOperand,
        });
        instructions = [.. other.Instructions, .. own];
        operands = [.. other.Operands, .. operands];
        memory = [.. places, .. memory];
        sums = [.. otherSums, .. sums.Select(sum => sum + firstOperand)];
        foreach (KeyValuePair<int, int> join in joined)
        {
            int store = instructions.FindIndex(instruction => instruction.Kind == RowInstructionKind.Store && instruction.Operand == join.Value);
            for (int load = shift; load < instructions.Count; load++)
            {
                if (instructions[load].Kind == RowInstructionKind.Load && instructions[load].Operand == join.Key + firstOperand)
                {
                    Replace(load, instructions[store].Inputs[0]);
                }
            }
        }
        HashSet<int> dropped = [.. joined.Values.Where(operand => !isStored(memory[operand]))];
        Keep(instruction => instruction.Kind == RowInstructionKind.Store && !dropped.Contains(instruction.Operand));
    }

    /// <summary>Two sums that are only added up become one; which, or <c>null</c> when there is no such pair.</summary>
    public (int First, int Second)? JoinSums()
    {
        for (int i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].Operation is Add && instructions[i].Kind == RowInstructionKind.Apply
                && OnlySum(instructions[i].Inputs[0]) is int a && OnlySum(instructions[i].Inputs[1]) is int b && a != b)
            {
                (int first, int second) = (Math.Min(a, b), Math.Max(a, b));
                instructions[i] = instructions[instructions[i].Inputs[a < b ? 0 : 1]];
                sums.RemoveAt(second);
                Keep(instruction => instruction.Kind == RowInstructionKind.Store);
                return (first, second);
            }
        }
        return null;
    }

    /// <summary>The sum that an instruction loads, if nothing but one instruction reads it.</summary>
    private int? OnlySum(int load)
    {
        RowInstruction instruction = instructions[load];
        int sum = instruction.Kind == RowInstructionKind.Load ? sums.IndexOf(instruction.Operand) : -1;
        bool once = instructions.Sum(reader => reader.Inputs.Count(input => input == load)) == 1
            && instructions.Count(other => other.Operand == instruction.Operand) == 1;
        return sum >= 0 && once ? sum : null;
    }

    private void Replace(int instruction, int by) => instructions = instructions.ConvertAll(reader => reader with
    {
        Inputs = reader.Inputs.Select(input => input == instruction ? by : input).ToEquatable(),
    });

    /// <summary>Leaves out what is not needed for what is to stay.</summary>
    private void Keep(Func<RowInstruction, bool> stays)
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
        for (int i = 0; i < instructions.Count; i++)
        {
            if (stays(instructions[i]))
            {
                Need(i);
            }
        }
        int[] kept = needed.ToArray();
        int[] used = kept.Select(i => instructions[i].Operand).Where(operand => operand >= 0).Distinct().OrderBy(operand => operand).ToArray();
        instructions = [.. kept.Select(i => instructions[i] with
        {
            Inputs = instructions[i].Inputs.Select(input => Array.IndexOf(kept, input)).ToEquatable(),
            Operand = instructions[i].Operand < 0 ? -1 : Array.IndexOf(used, instructions[i].Operand),
        })];
        sums = [.. sums.Select(sum => Array.IndexOf(used, sum))];
        operands = [.. used.Select(operand => operands[operand])];
        memory = [.. used.Select(operand => memory[operand])];
    }
}
