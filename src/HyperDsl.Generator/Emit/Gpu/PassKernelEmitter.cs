using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints a fused pass: a thread an element; or, where numbers are reduced along a row, several lanes a row, which walk its columns
/// and add up in shared memory in a fixed order.
/// </summary>
internal sealed class PassKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly RowProgram program;
    private readonly PassBody body;
    private readonly int lanes;

    private PassKernelEmitter(SourceWriter writer, RowProgram program, PassBody body, int lanes)
    {
        (this.writer, this.program, this.body, this.lanes) = (writer, program, body, lanes);
    }

    /// <summary>Rows are walked by lanes, instead of one thread an element.</summary>
    public static bool WalksRows(RowProgram program) => new PassKernel(program).WalksRows;

    /// <summary>Threads of a row: a power of two, enough for all columns or all of a group.</summary>
    public static int LanesOf(RowProgram program)
    {
        int columns = program.ColumnExtents.Aggregate(1, (product, extent) => product * extent);
        int lanes = 1;
        while (lanes < columns && lanes < DeviceKernel.GroupSize)
        {
            lanes *= 2;
        }
        return lanes;
    }

    public static void Emit(SourceWriter writer, RowProgram program, IReadOnlyList<string> names)
    {
        PassKernelEmitter emitter = new(writer, program, new PassBody(writer, program, new ArgumentPlaces(program, names)), LanesOf(program));
        if (WalksRows(program))
        {
            emitter.WriteRows();
        }
        else
        {
            emitter.WriteElements();
        }
    }

    /// <summary>Prints the walks over a row, where <c>lane</c>, <c>inside</c>, the row's indices and <c>shared</c> are declared.</summary>
    public static void EmitWalks(SourceWriter writer, RowProgram program, PassBody body, int lanes) =>
        new PassKernelEmitter(writer, program, body, lanes).WriteWalks();

    /// <summary>Prints what one element takes, where its indices are declared.</summary>
    public static void EmitElement(RowProgram program, PassBody body)
    {
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            if (program.Instructions[i].Writes)
            {
                body.WriteStore(i);
            }
            else
            {
                body.WriteValue(i);
            }
        }
    }

    /// <summary>Axes of a pass over elements.</summary>
    public static List<KernelAxis> AxesOfElements(PassBody body) =>
        [.. body.Rows, .. body.Columns.Where(axis => axis.Extent != 1 || body.Rows.Count == 0)];

    private void WriteElements()
    {
        List<KernelAxis> axes = AxesOfElements(body);
        writer.Line("int index = (Grid.IdxX * " + Literal.Integer(DeviceKernel.GroupSize) + ") + Group.IdxX;");
        using (writer.Block("if (index >= " + KernelAxes.Count(axes) + ")"))
        {
            writer.Line("return;");
        }
        KernelAxes.Declare(writer, "index", axes);
        EmitElement(program, body);
    }

    private void WriteRows()
    {
        string inGroup = Literal.Integer(DeviceKernel.GroupSize / lanes);
        bool reduces = lanes > 1 && program.Instructions.Any(instruction => instruction.Reduces);
        if (reduces)
        {
            writer.Line("ArrayView<float> shared = SharedMemory.Allocate<float>(" + Literal.Integer(DeviceKernel.GroupSize) + ");");
        }
        writer.Line("int lane = Group.IdxX % " + Literal.Integer(lanes) + ";");
        writer.Line("int place = (Grid.IdxX * " + inGroup + ") + (Group.IdxX / " + Literal.Integer(lanes) + ");");
        writer.Line("bool inside = place < " + KernelAxes.Count(body.Rows) + ";");
        if (body.Rows.Count > 0)
        {
            // Threads of no row take part in barriers, on values of the first one.
            writer.Line("int row = inside ? place : 0;");
            KernelAxes.Declare(writer, "row", body.Rows);
        }
        WriteWalks();
    }

    private void WriteWalks()
    {
        for (int walk = 0; walk <= program.Stages; walk++)
        {
            WriteRowValues(walk);
            if (walk < program.Stages)
            {
                WriteWalk(program.NeededIn(walk));
            }
        }
    }

    private void WriteRowValues(int walk)
    {
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            RowInstruction instruction = program.Instructions[i];
            if (instruction.PerRow && instruction.Stage == walk && !instruction.Reduces)
            {
                if (instruction.Writes)
                {
                    body.WriteStore(i, lanes > 1 ? "inside && lane == 0" : "inside");
                }
                else
                {
                    body.WriteValue(i);
                }
            }
        }
    }

    private void WriteWalk(int[] needed)
    {
        if (needed.Length == 0)
        {
            return;
        }
        int[] reductions = needed.Where(i => program.Instructions[i].Reduces).ToArray();
        foreach (int reduction in reductions)
        {
            string identity = program.Instructions[reduction].Kind == RowInstructionKind.ReduceSum ? "0f" : "float.NegativeInfinity";
            writer.Line("float " + body.Locals[reduction] + "All = " + identity + ";");
        }
        string columns = KernelAxes.Count(body.Columns);
        string index = body.Columns.Count == 1 ? "column" : "place0";
        using (writer.Block("for (int " + index + " = lane; " + index + " < " + columns + "; " + index + " += " + Literal.Integer(lanes) + ")"))
        {
            if (body.Columns.Count > 1)
            {
                KernelAxes.Declare(writer, index, body.Columns);
            }
            foreach (int i in needed)
            {
                WriteInWalk(i);
            }
        }
        foreach (int reduction in reductions)
        {
            string function = program.Instructions[reduction].Kind == RowInstructionKind.ReduceSum ? "Sum" : "Maximum";
            string all = body.Locals[reduction] + "All";
            writer.Line("float " + body.Locals[reduction] + " = "
                + (lanes == 1 ? all : "GroupReduction." + function + "(shared, " + all + ", " + Literal.Integer(lanes) + ")") + ";");
        }
    }

    private void WriteInWalk(int index)
    {
        RowInstruction instruction = program.Instructions[index];
        switch (instruction.Kind)
        {
            case RowInstructionKind.ReduceSum:
                writer.Line(body.Locals[index] + "All += " + body.Scalar(instruction.Inputs[0]) + ";");
                break;
            case RowInstructionKind.ReduceMaximum:
                writer.Line(body.Locals[index] + "All = DeviceMath.Maximum(" + body.Locals[index] + "All, "
                    + body.Scalar(instruction.Inputs[0]) + ");");
                break;
            case RowInstructionKind.Store:
                body.WriteStore(index, "inside");
                break;
            default:
                body.WriteValue(index);
                break;
        }
    }
}
