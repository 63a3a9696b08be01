using HyperDsl.Generator.Emit.Cpu.Calls;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <content>The steps of a phase, and the buffers that they name.</content>
internal sealed partial class RoutineEmitter
{
    private void WriteSteps(IEnumerable<Step> steps, bool slices, bool shared, HashSet<int> declared)
    {
        foreach (Step step in steps)
        {
            foreach (int storage in StepBody.StoragesOf(step))
            {
                if (declared.Add(storage))
                {
                    WritePointer(
                        program.Storages[storage], slices, shared ? "at[" + Literal.Integer(declared.Count - 1) + "]" : null);
                }
            }
            WriteStep(step, slices);
        }
    }

    /// <summary>Declares a buffer where it is first used, with its shape beside it.</summary>
    private void WritePointer(Storage storage, bool slices, string? argument)
    {
        string offset = argument ?? Literal.Integer(StepBody.OffsetOf(program, storage));
        string size = Literal.Integer(storage.Size);
        string address = storage.Place switch
        {
            Place.Parameter => "frame.Parameters + " + offset,
            Place.Gradient => "frame.Gradients + " + offset,
            Place.Update => "frame.Updates + " + offset,
            Place.RealInput => "frame.Reals[" + offset + "] + ((nint)first * " + size + ")",
            Place.IndexInput => "frame.Indices[" + offset + "] + first",
            Place.Prediction => "frame.Predictions + ((nint)first * " + size + ")",
            Place.Loss => "frame.Loss",
            Place.Shared => "frame.Shared + " + offset,
            Place.Batch => "frame.Batch + ((nint)frame.Examples * " + offset + ") + ((nint)first * " + size + ")",
            Place.Lane => "lane + " + offset,
            Place.LaneTotal => "frame.Lanes + " + offset,
            _ => "scratch + " + offset,
        };
        string type = storage.Place == Place.IndexInput ? "int" : precision.Type;
        string shape = storage.PerExample ? "[rows] × " + storage.Shape : storage.Shape.ToString();
        writer.Line(type + "* " + storage.Name + " = " + WithoutZero(address) + "; // " + shape);
    }

    private static string WithoutZero(string address) =>
        address.EndsWith(" + 0", StringComparison.Ordinal) ? address.Substring(0, address.Length - 4) : address;

    private void WriteStep(Step step, bool slices)
    {
        switch (step)
        {
            case RowStep row:
                WriteRowStep(row, slices);
                break;
            case FillStep fill:
                Storage target = program.Storages[fill.Output.Storage];
                string count = slices && target.PerExample
                    ? "rows * " + Literal.Integer(fill.Size)
                    : Literal.Integer(fill.Size);
                writer.Line("new Span<" + precision.Type + ">(" + Pointer(fill.Output) + ", " + count + ")"
                    + (fill.Number == 0 ? ".Clear();" : ".Fill(" + Literal.CSharp(fill.Number, precision.IsSingle) + ");"));
                break;
            case CallStep call:
                writer.Line("// " + CallFormula.Of(
                    call, program.Storages[call.Output.Storage].Name,
                    call.Inputs.Select(input => program.Storages[input.Storage].Name).ToArray()));
                CallEmitter.Emit(new CallContext(
                    writer, call,
                    call.Inputs.Select(Pointer).ToArray(),
                    call.Inputs.Select(Step).ToArray(),
                    Pointer(call.Output), Step(call.Output), slices, precision, shapes));
                break;
        }
    }

    private void WriteRowStep(RowStep row, bool slices)
    {
        RowProgram rowProgram = program.RowPrograms[row.Program];
        List<string> arguments = row.Operands.Select(Pointer).ToList();
        if (rowProgram.NeedsExampleCount)
        {
            arguments.Add("frame.Examples");
        }
        if (rowProgram.NeedsExampleIndex)
        {
            arguments.Add("frame.RandomKey");
            arguments.Add("first");
        }
        if (slices)
        {
            arguments.Add("rows");
        }
        writer.Line("// " + row.Comment);
        writer.Line(rowPrograms.NameOf(rowProgram, precision) + "(" + string.Join(", ", arguments) + ");");
    }

    private string Pointer(Access access) => access.Offset == 0
        ? program.Storages[access.Storage].Name
        : program.Storages[access.Storage].Name + " + " + Literal.Integer(access.Offset);

    private int Step(Access access)
    {
        Storage storage = program.Storages[access.Storage];
        return storage.PerExample && storage.Place != Place.IndexInput ? storage.Size : 0;
    }
}
