using HyperDsl.Generator.Emit.Cpu.Calls;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>What a step is printed with.</summary>
/// <param name="Writer">Where to.</param>
/// <param name="Program">The routine.</param>
/// <param name="Precision">Width of numbers.</param>
/// <param name="RowPrograms">Names of the fused passes.</param>
/// <param name="Shapes">Constants.</param>
/// <param name="Rows">How many examples it is for; <c>null</c> in a once-phase.</param>
/// <param name="AtStep">Whether it stands in a loop over time, whose variable is <c>t</c>.</param>
internal sealed record StepParts(
    SourceWriter Writer,
    RoutineProgram Program,
    Precision Precision,
    RowProgramNames RowPrograms,
    ShapeConstants Shapes,
    string? Rows,
    bool AtStep)
{
    /// <summary>The pointer to an operand's first element, at the present step of time where it has one for each.</summary>
    public string Pointer(Access access)
    {
        Storage storage = Program.Storages[access.Storage];
        string pointer = storage.Name;
        if (AtStep && storage.PerStep)
        {
            string rows = storage.Place == Place.IndexInput ? "rows" : "rows * " + Literal.Integer(storage.Size);
            pointer += " + ((nint)t * " + rows + ")";
        }
        return access.Offset == 0 ? pointer : pointer + " + " + Literal.Integer(access.Offset);
    }

    /// <summary>Elements between examples; 0 where they share one.</summary>
    public int ExampleStep(Access access)
    {
        Storage storage = Program.Storages[access.Storage];
        return storage.PerExample && storage.Place != Place.IndexInput ? storage.Size : 0;
    }
}

/// <summary>Prints a fused pass, a kernel call or a fill.</summary>
internal static class StepWriter
{
    public static void Write(StepParts parts, Step step)
    {
        switch (step)
        {
            case RowStep row:
                WriteRow(parts, row);
                break;
            case FillStep fill:
                WriteFill(parts, fill);
                break;
            case CallStep call:
                parts.Writer.Comment(CallFormula.Of(
                    call, parts.Program.Storages[call.Output.Storage].Name,
                    call.Inputs.Select(input => parts.Program.Storages[input.Storage].Name).ToArray()));
                CallEmitter.Emit(new CallContext(
                    parts.Writer, call,
                    call.Inputs.Select(parts.Pointer).ToArray(),
                    call.Inputs.Select(parts.ExampleStep).ToArray(),
                    parts.Pointer(call.Output), parts.ExampleStep(call.Output), parts.Rows, parts.Precision, parts.Shapes));
                break;
        }
    }

    private static void WriteFill(StepParts parts, FillStep fill)
    {
        Storage target = parts.Program.Storages[fill.Output.Storage];
        string count = parts.Rows is not null && target.PerExample
            ? parts.Rows + " * " + Literal.Integer(fill.Size)
            : Literal.Integer(fill.Size);
        parts.Writer.Line("new Span<" + parts.Precision.Type + ">(" + parts.Pointer(fill.Output) + ", " + count + ")"
            + (fill.Number == 0 ? ".Clear();" : ".Fill(" + Literal.CSharp(fill.Number, parts.Precision.IsSingle) + ");"));
    }

    private static void WriteRow(StepParts parts, RowStep row)
    {
        RowProgram rowProgram = parts.Program.RowPrograms[row.Program];
        List<string> arguments = row.Operands.Select(parts.Pointer).ToList();
        if (rowProgram.NeedsExampleCount)
        {
            arguments.Add("frame.Examples");
        }
        if (rowProgram.NeedsStepCount)
        {
            arguments.Add("frame.Steps");
        }
        if (rowProgram.NeedsExampleIndex)
        {
            arguments.Add("frame.RandomKey");
            // At every step of time a mask is drawn anew.
            arguments.Add(parts.AtStep ? "first + (t * frame.Examples)" : "first");
        }
        if (parts.Rows is not null)
        {
            arguments.Add(parts.Rows);
        }
        parts.Writer.Comment(row.Comment);
        parts.Writer.Line(
            parts.RowPrograms.NameOf(rowProgram, parts.Precision) + "(" + string.Join(", ", arguments) + ");");
    }
}
