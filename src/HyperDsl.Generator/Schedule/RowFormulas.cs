using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule;

/// <summary>What a row program computes, as formulas of its operands: comments above a pass or a kernel.</summary>
internal static class RowFormulas
{
    private const int LongestFormula = 90;

    /// <param name="program">The program.</param>
    /// <param name="operands">Names of its operands.</param>
    /// <param name="locals">Variables of its values, at which long formulas stop; <c>null</c> where the reader does not see them.</param>
    /// <param name="given">The user's names of its values, empty where there is none; <c>null</c> for no names at all.</param>
    public static IEnumerable<string> Of(
        RowProgram program, IReadOnlyList<string> operands, IReadOnlyList<string>? locals = null, IReadOnlyList<string>? given = null)
    {
        FormulaText Named(int index) => HasInputs(program.Instructions[index])
            ? FormulaText.Whole(locals?[index] ?? OperationOf(program.Instructions[index]) + "(…)")
            : Written(program, operands, program.Instructions[index], _ => default);
        FormulaOfParts formulas = new(
            LongestFormula, (index, part) => Written(program, operands, program.Instructions[index], part), Named,
            index => program.Instructions[index].Inputs.Where(input => HasInputs(program.Instructions[input])),
            given is null ? null : index => given[index].Length > 0);
        foreach (RowInstruction instruction in program.Instructions.Where(instruction => instruction.Writes))
        {
            string sign = instruction.Kind == RowInstructionKind.Store ? " = " : " += ";
            yield return Operand(operands, instruction) + sign + formulas.Of(instruction.Inputs[0]).Text;
        }
    }

    private static string Operand(IReadOnlyList<string> operands, RowInstruction instruction) => operands[instruction.Operand]
        + (instruction.Displacement == 0 ? "" : "[" + Literal.Integer(instruction.Displacement) + "..]");

    private static bool HasInputs(RowInstruction instruction) => instruction.Kind is not (RowInstructionKind.Load or RowInstructionKind.Leaf);

    private static string OperationOf(RowInstruction instruction) => instruction.Kind switch
    {
        RowInstructionKind.ReduceSum => "sum",
        RowInstructionKind.ReduceMaximum => "max",
        _ => instruction.Operation!.Name,
    };

    private static FormulaText Written(
        RowProgram program, IReadOnlyList<string> operands, RowInstruction instruction, Func<int, FormulaText> part) => instruction.Kind switch
        {
            RowInstructionKind.Load when program.Operands[instruction.Operand].IsLabel => FormulaText.Whole("oneHot(" + Operand(operands, instruction) + ")"),
            RowInstructionKind.Load => FormulaText.Whole(Operand(operands, instruction)),
            RowInstructionKind.ReduceSum or RowInstructionKind.ReduceMaximum =>
                FormulaText.Whole(OperationOf(instruction) + "(" + part(instruction.Inputs[0]).Text + ")"),
            RowInstructionKind.Leaf => FormulaText.Whole(instruction.Operation switch
            {
                Constant constant => Literal.Exact(constant.Number),
                ExampleCount => "examples",
                StepCount => "steps",
                _ => "mask",
            }),
            _ => ((Elementwise)instruction.Operation!).Formula([.. instruction.Inputs.Select(part)]),
        };
}
