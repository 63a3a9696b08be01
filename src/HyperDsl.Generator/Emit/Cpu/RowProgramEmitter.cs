using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Prints a row program as one method: loops over examples, rows and columns, vectors along the last axis.</summary>
internal sealed partial class RowProgramEmitter
{
    private readonly SourceWriter writer;
    private readonly RowProgram program;
    private readonly Precision precision;
    private readonly string[] locals;

    /// <summary>The name of each operand's pointer at the present depth of loops.</summary>
    private readonly string[] pointers;

    private RowProgramEmitter(SourceWriter writer, RowProgram program, Precision precision)
    {
        this.writer = writer;
        this.program = program;
        this.precision = precision;
        pointers = OperandNames(program.Operands.Count);
        locals = program.Instructions.Select(LocalName).ToArray();
    }

    /// <summary>
    /// Names of the operands as parameters of the emitted method: a, b, …, z, a1, b1, … Everything else that the method declares
    /// has a name of several letters.
    /// </summary>
    public static string[] OperandNames(int count) => Enumerable.Range(0, count)
        .Select(i => (char)('a' + (i % 26)) + (i < 26 ? "" : Literal.Integer(i / 26)))
        .ToArray();

    public static void Emit(SourceWriter writer, RowProgram program, string name, Precision precision)
    {
        RowProgramEmitter emitter = new(writer, program, precision);
        emitter.WriteSummary();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (writer.Block("internal static void " + name + "(" + string.Join(", ", emitter.ParameterList()) + ")"))
        {
            emitter.WriteBody();
        }
    }

    private IEnumerable<string> ParameterList()
    {
        foreach (string pointer in pointers)
        {
            yield return precision.Type + "* " + pointer;
        }
        if (program.NeedsExampleCount)
        {
            yield return precision.Type + " examples";
        }
        if (program.NeedsStepCount)
        {
            yield return precision.Type + " steps";
        }
        if (program.NeedsExampleIndex)
        {
            yield return "ulong key";
            yield return "int first";
        }
        if (program.OverExamples)
        {
            yield return "int rows";
        }
    }

    private void WriteSummary()
    {
        string extents = string.Join(" × ", program.RowExtents.Select(e => Literal.Integer(e))
            .Concat(program.ColumnExtents.Select(e => Literal.Integer(e))));
        writer.Line("// " + (program.OverExamples ? "rows × " : "") + extents);
        foreach (string formula in RowFormulas.Of(program, pointers, locals))
        {
            writer.Line("// " + formula);
        }
    }

    private string LocalName(RowInstruction instruction, int index)
    {
        string name = instruction.Kind switch
        {
            RowInstructionKind.Load => pointers[instruction.Operand],
            RowInstructionKind.ReduceSum => "sum",
            RowInstructionKind.ReduceMaximum => "maximum",
            RowInstructionKind.Apply => instruction.Operation!.Name,
            RowInstructionKind.Leaf => "leaf",
            _ => "stored",
        };
        return name + "_" + Literal.Integer(index);
    }

    private void WriteBody()
    {
        if (program.Flat)
        {
            WriteFlat();
            return;
        }
        if (!program.OverExamples)
        {
            WriteRows(0);
            return;
        }
        using (writer.Block("for (int example = 0; example < rows; example++)"))
        {
            Advance(operand => operand.ExampleStride, "example");
            WriteRows(0);
        }
    }

    /// <summary>Declares the pointers that move with a loop, under names that end in the loop's variable.</summary>
    private void Advance(Func<RowOperand, int> stride, string variable)
    {
        for (int i = 0; i < pointers.Length; i++)
        {
            int step = stride(program.Operands[i]);
            if (step != 0)
            {
                string next = pointers[i] + char.ToUpperInvariant(variable[0]) + variable.Substring(1);
                string product = step == 1 ? variable : "((nint)" + variable + " * " + Literal.Integer(step) + ")";
                writer.Line(precision.Type + "* " + next + " = " + pointers[i] + " + " + product + ";");
                pointers[i] = next;
            }
        }
    }

    private void WriteRows(int axis)
    {
        if (axis == program.RowExtents.Count)
        {
            WriteRow();
            return;
        }
        string variable = "row" + Literal.Integer(axis);
        string[] outside = (string[])pointers.Clone();
        using (writer.Block(Loop(variable, program.RowExtents[axis])))
        {
            Advance(operand => operand.Strides[axis], variable);
            WriteRows(axis + 1);
        }
        outside.CopyTo(pointers, 0);
    }

    private static string Loop(string variable, int extent) =>
        "for (int " + variable + " = 0; " + variable + " < " + Literal.Integer(extent) + "; " + variable + "++)";

    /// <summary>A row: numbers of the row, a walk along the columns, numbers that the walk reduced to, the next walk …</summary>
    private void WriteRow()
    {
        for (int walk = 0; walk <= program.Stages; walk++)
        {
            for (int i = 0; i < program.Instructions.Count; i++)
            {
                RowInstruction instruction = program.Instructions[i];
                if (instruction.PerRow && instruction.Stage == walk)
                {
                    WriteRowInstruction(i, instruction);
                }
            }
            if (walk < program.Stages)
            {
                WriteWalk(walk);
            }
        }
    }

    private void WriteRowInstruction(int index, RowInstruction instruction)
    {
        string pointer = instruction.Operand >= 0 ? pointers[instruction.Operand] : "";
        string Local(int input) => ScalarOf(instruction.Inputs[input]);
        switch (instruction.Kind)
        {
            case RowInstructionKind.Load:
                writer.Line(precision.Type + " " + locals[index] + " = *" + pointer + ";");
                break;
            case RowInstructionKind.Apply:
                string[] operands = instruction.Inputs.Select(ScalarOf).ToArray();
                string value = ((Elementwise)instruction.Operation!).Scalar(operands, precision.IsSingle);
                writer.Line(precision.Type + " " + locals[index] + " = " + value + ";");
                break;
            case RowInstructionKind.Store:
                writer.Line("*" + pointer + " = " + Local(0) + ";");
                break;
            case RowInstructionKind.Accumulate:
                writer.Line("*" + pointer + " += " + Local(0) + ";");
                break;
        }
    }

    /// <summary>A row number or a leaf as a scalar expression.</summary>
    private string ScalarOf(int index)
    {
        RowInstruction instruction = program.Instructions[index];
        return instruction.Operation switch
        {
            Constant constant when instruction.Kind == RowInstructionKind.Leaf =>
                Literal.CSharp(constant.Number, precision.IsSingle),
            ExampleCount => "examples",
            StepCount => "steps",
            _ => locals[index],
        };
    }
}
