using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Prints a row program as one method: loops over examples, rows and columns, vectors along the last axis.</summary>
internal sealed partial class RowProgramEmitter
{
    /// <summary>A sixth of a first-level cache of 48 KiB: the rest is for what each example has of its own.</summary>
    private const int SharedElementsNearby = 2048;

    private readonly SourceWriter writer;
    private readonly RowReuse reuse;
    private readonly RowProgram program;
    private readonly Precision precision;
    private readonly string[] given;
    private readonly string[] locals;

    /// <summary>The name of each operand's pointer at the present depth of loops.</summary>
    private readonly string[] pointers;

    private RowProgramEmitter(SourceWriter writer, NamedRowProgram named)
    {
        this.writer = writer;
        precision = named.Precision;
        reuse = RowReuse.Of(named.Program);
        program = reuse.Program;
        pointers = PassIdentifiers.Of(named.Words);
        given = program.Instructions.Select((_, i) => i < named.Words.Values.Count ? named.Words.Values[i] : "").ToArray();
        locals = program.Instructions.Select((instruction, i) => LocalName(instruction, i, given[i])).ToArray();
        pointers = [.. pointers, .. reuse.Buffered.Select(index => locals[index] + "Row")];
    }

    public static void Emit(SourceWriter writer, NamedRowProgram named)
    {
        RowProgramEmitter emitter = new(writer, named);
        emitter.WriteSummary(named.Program);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        if (emitter.reuse.Buffered.Count > 0)
        {
            writer.Line("[SkipLocalsInit]");
        }
        using (writer.Block("internal static void " + named.Name + "(" + string.Join(", ", emitter.ParameterList()) + ")"))
        {
            emitter.WriteBody();
        }
    }

    private IEnumerable<string> ParameterList()
    {
        foreach (string pointer in pointers.Take(pointers.Length - reuse.Buffered.Count))
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

    private void WriteSummary(RowProgram written)
    {
        string extents = string.Join(" × ", written.RowExtents.Concat(written.ColumnExtents).Select(e => Literal.Integer(e)));
        writer.Line("// " + (written.OverExamples ? "rows × " : "") + extents);
        foreach (string formula in RowFormulas.Of(written, pointers, locals, given))
        {
            writer.Comment(formula);
        }
    }

    private string LocalName(RowInstruction instruction, int index, string given)
    {
        string name = instruction.Kind switch
        {
            RowInstructionKind.Load => pointers[instruction.Operand],
            _ when given.Length > 0 => UniqueNames.CamelCase(PassWords.Short(given)),
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
        WriteRowBuffers();
        if (ExamplesAreInside)
        {
            WriteRows(0, () => WriteExamples(() => WriteRows(1, WriteRow)), depth: 1);
        }
        else if (program.OverExamples)
        {
            WriteExamples(() => WriteRows(0, WriteRow));
        }
        else
        {
            WriteRows(0, WriteRow);
        }
    }

    /// <summary>Whether the examples walk one row after the other of what they share, such as weights, because that is much.</summary>
    private bool ExamplesAreInside =>
        program.OverExamples && program.RowExtents.Count > 0 && SharedElements() > SharedElementsNearby;

    private int SharedElements() => program.Operands.Where(operand => operand.ExampleStride == 0).Sum(operand => operand.Strides
        .Zip(program.RowExtents.Concat(program.ColumnExtents), (stride, extent) => stride == 0 ? 1 : extent)
        .Aggregate(1, (count, extent) => count * extent));

    private void WriteExamples(Action inside)
    {
        string[] outside = (string[])pointers.Clone();
        using (writer.Block("for (int example = 0; example < rows; example++)"))
        {
            Advance(operand => operand.ExampleStride, "example");
            inside();
        }
        outside.CopyTo(pointers, 0);
    }

    /// <summary>Declares the buffers of one row, aligned as vectors are.</summary>
    private void WriteRowBuffers()
    {
        int elements = program.ColumnExtents.Aggregate(1, (count, extent) => count * extent);
        int distance = (elements + precision.Lanes - 1) / precision.Lanes * precision.Lanes;
        for (int i = 0; i < reuse.Buffered.Count; i++)
        {
            if (i == 0)
            {
                string size = Literal.Integer((distance * reuse.Buffered.Count) + precision.Lanes);
                writer.Line(precision.Type + "* rowMemory = stackalloc " + precision.Type + "[" + size + "];");
                writer.Line("// What one walk along a row computes and the next ones read.");
            }
            string start = i == 0 ? "Lanes.Align(rowMemory)" : pointers[pointers.Length - reuse.Buffered.Count + i - 1]
                + " + " + Literal.Integer(distance);
            writer.Line(precision.Type + "* " + pointers[pointers.Length - reuse.Buffered.Count + i] + " = " + start + ";");
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

    private void WriteRows(int axis, Action inside, int? depth = null)
    {
        if (axis == (depth ?? program.RowExtents.Count))
        {
            inside();
            return;
        }
        string variable = "row" + Literal.Integer(axis);
        string[] outside = (string[])pointers.Clone();
        using (writer.Block(Loop(variable, program.RowExtents[axis])))
        {
            Advance(operand => operand.Strides[axis], variable);
            WriteRows(axis + 1, inside, depth);
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
        string place = instruction.Operand >= 0 ? Place(instruction) : "";
        string Local(int input) => ScalarOf(instruction.Inputs[input]);
        switch (instruction.Kind)
        {
            case RowInstructionKind.Load:
                writer.Line(precision.Type + " " + locals[index] + " = " + place + ";");
                WriteRequestOfNumber(instruction);
                break;
            case RowInstructionKind.Apply:
                string[] operands = instruction.Inputs.Select(ScalarOf).ToArray();
                string value = ((Elementwise)instruction.Operation!).Scalar(operands, precision.IsSingle);
                writer.Line(precision.Type + " " + locals[index] + " = " + value + ";");
                break;
            case RowInstructionKind.Store:
                writer.Line(place + " = " + Local(0) + ";");
                break;
            case RowInstructionKind.Accumulate:
                writer.Line(place + " += " + Local(0) + ";");
                break;
        }
    }

    /// <summary>A single element of memory.</summary>
    private string Place(RowInstruction instruction) => instruction.Displacement == 0
        ? "*" + pointers[instruction.Operand]
        : pointers[instruction.Operand] + "[" + Literal.Integer(instruction.Displacement) + "]";

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
