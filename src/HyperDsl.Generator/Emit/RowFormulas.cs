using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit;

/// <summary>What a row program computes, as formulas of its operands: comments above a pass or a kernel.</summary>
internal static class RowFormulas
{
    private const int DeepestFormula = 6;
    private const int LongestFormula = 90;

    /// <param name="program">The program.</param>
    /// <param name="operands">Names of its operands.</param>
    /// <param name="locals">Names of its values, at which long formulas stop; <c>null</c> where the reader does not see them.</param>
    public static IEnumerable<string> Of(RowProgram program, IReadOnlyList<string> operands, IReadOnlyList<string>? locals = null)
    {
        foreach (RowInstruction instruction in program.Instructions.Where(instruction => instruction.Writes))
        {
            string sign = instruction.Kind == RowInstructionKind.Store ? " = " : " += ";
            yield return Operand(operands, instruction) + sign + Formula(program, operands, locals, instruction.Inputs[0], 0).Text;
        }
    }

    private static string Operand(IReadOnlyList<string> operands, RowInstruction instruction) => operands[instruction.Operand]
        + (instruction.Displacement == 0 ? "" : "[" + Literal.Integer(instruction.Displacement) + "..]");

    private static FormulaText Formula(
        RowProgram program, IReadOnlyList<string> operands, IReadOnlyList<string>? locals, int index, int depth)
    {
        RowInstruction instruction = program.Instructions[index];
        if (depth > DeepestFormula && instruction.Kind is not (RowInstructionKind.Load or RowInstructionKind.Leaf))
        {
            return FormulaText.Whole(locals?[index] ?? "…");
        }
        FormulaText[] inputs = instruction.Inputs.Select(input => Formula(program, operands, locals, input, depth + 1)).ToArray();
        FormulaText formula = instruction.Kind switch
        {
            RowInstructionKind.Load when program.Operands[instruction.Operand].IsLabel => FormulaText.Whole("oneHot(" + Operand(operands, instruction) + ")"),
            RowInstructionKind.Load => FormulaText.Whole(Operand(operands, instruction)),
            RowInstructionKind.ReduceSum => FormulaText.Whole("sum(" + inputs[0].Text + ")"),
            RowInstructionKind.ReduceMaximum => FormulaText.Whole("max(" + inputs[0].Text + ")"),
            RowInstructionKind.Leaf => FormulaText.Whole(instruction.Operation switch
            {
                Constant constant => Literal.Exact(constant.Number),
                ExampleCount => "examples",
                StepCount => "steps",
                _ => "mask",
            }),
            _ => ((Elementwise)instruction.Operation!).Formula(inputs),
        };
        return formula.Text.Length > LongestFormula ? FormulaText.Whole(locals?[index] ?? instruction.Operation?.Name + "(…)") : formula;
    }
}
