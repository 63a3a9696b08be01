using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit;

/// <summary>What a fused pass is called, but for a number.</summary>
internal static class PassStem
{
    /// <summary>
    /// Up to two values that a pass writes name it, such as <c>ComputeGates</c>; where its callers call them differently, up to three of its
    /// operations, such as <c>AddRelu</c>.
    /// </summary>
    /// <param name="program">The pass.</param>
    /// <param name="operands">In what its callers agree.</param>
    public static string Of(RowProgram program, EquatableArray<ValueLabel> operands)
    {
        string[] operations = Operations(program);
        string[] columns = Written(program, operands, instruction => instruction.Kind == RowInstructionKind.Store && !instruction.PerRow);
        string[] stored = columns.Length > 0 ? columns : Written(program, operands, instruction => instruction.Kind == RowInstructionKind.Store);
        // Gradients of weights are added up, and numbers of a row stored, beside what the pass is for.
        string[] results = stored.Length > 0 ? stored : Written(program, operands, instruction => instruction.Writes);
        if (results.Length > 0)
        {
            return Verb(program, operations) + string.Join("And", results.Take(2)) + (results.Length > 2 ? "Etc" : "");
        }
        return Joined(operations);
    }

    /// <summary>Up to three operations as a name.</summary>
    public static string Joined(string[] operations)
    {
        string stem = string.Concat(operations.Take(3).Select(Capitalised));
        return stem.Length == 0 ? "Move" : operations.Length > 3 ? stem + "Etc" : stem;
    }

    private static string Verb(RowProgram program, string[] operations) => operations switch
    {
        _ when program.Instructions.All(instruction => instruction.Kind != RowInstructionKind.Store) => "AddTo",
        [] when program.Instructions.All(instruction => instruction.Kind != RowInstructionKind.Load) => "Fill",
        [] => "Move",
        _ => "Compute",
    };

    /// <summary>The user's names of what some instructions write; names that were made of others' only where there is nothing else.</summary>
    private static string[] Written(RowProgram program, EquatableArray<ValueLabel> operands, Func<RowInstruction, bool> isMeant)
    {
        string[] labels = program.Instructions
            .Where(isMeant)
            .Select(instruction => operands[instruction.Operand])
            .Where(label => label.IsGiven && label.Text.Length > 0)
            .Select(label => label.Text)
            .ToArray();
        string[] own = labels.Where(label => !ValueNames.IsMade(label)).ToArray();
        return (own.Length > 0 ? own : labels)
            .Select(label => Capitalised(UniqueNames.CamelCase(PassWords.Shortest(label))))
            .Distinct()
            .ToArray();
    }

    private static string[] Operations(RowProgram program) => program.Instructions
        .Select(instruction => instruction.Kind switch
        {
            RowInstructionKind.Apply when instruction.Operation is not Copy => instruction.Operation!.Name,
            RowInstructionKind.ReduceSum or RowInstructionKind.Accumulate => "sum",
            RowInstructionKind.ReduceMaximum => "max",
            _ => "",
        })
        .Where(name => name.Length > 0)
        .Distinct()
        .ToArray();

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
