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
        string steps = storage.PerStep ? "frame.Steps * " : "";
        string address = storage.Place switch
        {
            Place.Parameter => "frame.Parameters + " + offset,
            Place.Gradient => "frame.Gradients + " + offset,
            Place.Update => "frame.Updates + " + offset,
            Place.RealInput => "frame.Reals[" + offset + "] + ((nint)first * " + steps + size + ")",
            Place.IndexInput => "frame.Indices[" + offset + "] + " + (storage.PerStep ? "((nint)first * frame.Steps)" : "first"),
            Place.Output => "frame.Outputs[" + offset + "] + ((nint)first * " + steps + size + ")",
            Place.Sequence => "scratch + " + Literal.Integer(program.ScratchSize) + " + ((nint)frame.Steps * " + offset + ")",
            Place.Loss => "frame.Loss",
            Place.Shared => "frame.Shared + " + offset,
            Place.Batch => "frame.Batch + ((nint)frame.Examples * " + offset + ") + ((nint)first * " + size + ")",
            Place.BatchSequence => "frame.BatchSteps + ((((nint)frame.Examples * " + offset + ") + ((nint)first * " + size + ")) * frame.Steps)",
            Place.Lane => "lane + " + offset,
            Place.LaneTotal => "frame.Lanes + " + offset,
            _ => "scratch + " + offset,
        };
        string type = storage.Place == Place.IndexInput ? "int" : precision.Type;
        string shape = (storage.PerStep ? "[steps] × " : "") + (storage.PerExample ? "[rows] × " : "") + storage.Shape;
        writer.Line(type + "* " + storage.Name + " = " + WithoutZero(address) + "; // " + shape);
    }

    private static string WithoutZero(string address) =>
        address.EndsWith(" + 0", StringComparison.Ordinal) ? address.Substring(0, address.Length - 4) : address;

    private void WriteStep(Step step, bool slices)
    {
        if (step is LoopStep loop)
        {
            string header = loop.FromLast
                ? "for (int t = frame.Steps - 1; t >= 0; t--)"
                : "for (int t = 0; t < frame.Steps; t++)";
            using (writer.Block(header))
            {
                foreach (Step inner in loop.Body)
                {
                    StepWriter.Write(Parts(atStep: true, rows: "rows"), inner);
                }
            }
        }
        else if (step.OverSteps && !AllPerStep(step))
        {
            using (writer.Block("for (int t = 0; t < frame.Steps; t++)"))
            {
                StepWriter.Write(Parts(atStep: true, rows: "rows"), step);
            }
        }
        else
        {
            StepWriter.Write(
                Parts(atStep: false, rows: !slices ? null : step.OverSteps ? "rows * frame.Steps" : "rows"), step);
        }
    }

    private StepParts Parts(bool atStep, string? rows) => new(writer, program, precision, rowPrograms, shapes, rows, atStep);

    /// <summary>Whether a step for all steps of time can take them as so many more examples: nothing is shared by them.</summary>
    private bool AllPerStep(Step step) =>
        StepBody.StoragesOf(step).All(storage => !program.Storages[storage].PerExample || program.Storages[storage].PerStep)
        && !(step is RowStep row && program.RowPrograms[row.Program].NeedsExampleIndex);
}
