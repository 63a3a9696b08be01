using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a kernel of groups' own rows: a group takes its examples through all steps, or through one, part after part.</summary>
internal sealed class LoopKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly LoopKernel kernel;
    private readonly LoopBuffers buffers;

    private LoopKernelEmitter(SourceWriter writer, LoopKernel kernel)
    {
        (this.writer, this.kernel) = (writer, kernel);
        buffers = new LoopBuffers(kernel);
    }

    private static string N(int number) => Literal.Integer(number);

    public static void Emit(SourceWriter writer, LoopKernel kernel) => new LoopKernelEmitter(writer, kernel).Write();

    /// <summary>Prints the structure of a kernel's arguments.</summary>
    public static void WriteArguments(SourceWriter writer, LoopKernel kernel, string name)
    {
        LoopBuffers buffers = new(kernel);
        using SourceWriter.Scope structure = writer.Block("internal struct " + name);
        foreach (LoopMemory arena in kernel.Arenas)
        {
            writer.Line("public ArrayView<float> " + arena + ";");
        }
        foreach (LoopBuffer buffer in kernel.Buffers.Where(buffer => buffer.Memory == LoopMemory.Argument))
        {
            writer.Line("public ArrayView<" + (buffer.IsIndex ? "int" : "float") + "> " + buffer.Name + "; // " + buffers.ShapeOf(buffer));
        }
        // Wide fields first: no driver then disagrees about padding.
        if (KernelEmitter.HasMask(kernel))
        {
            writer.Line("public ulong Key;");
        }
        writer.Line("public int Examples;");
        writer.Line("public int Steps;");
        if (kernel is { Order: StepOrder.Single, NeedsStep: true })
        {
            writer.Line("public int Step;");
        }
    }

    private void Write()
    {
        WriteMemory();
        writer.Line("int first = Grid.IdxX * " + N(kernel.GroupRows) + ";");
        if (kernel.GroupRows > 1)
        {
            writer.Line("int rows = Math.Min(" + N(kernel.GroupRows) + ", args.Examples - first);");
        }
        foreach (LoopPart part in kernel.Before)
        {
            WritePart(part);
        }
        WriteSteps();
        if (kernel.After.Count > 0)
        {
            writer.Line("Group.Barrier();");
        }
        foreach (LoopPart part in kernel.After)
        {
            WritePart(part);
        }
    }

    private void WriteSteps()
    {
        using SourceWriter.Scope? loop = kernel.Order switch
        {
            StepOrder.Single => null,
            StepOrder.FromLast => writer.Block("for (int t = args.Steps - 1; t >= 0; t--)"),
            _ => writer.Block("for (int t = 0; t < args.Steps; t++)"),
        };
        if (kernel.NeedsStep)
        {
            writer.Line("int present = (" + (loop is null ? "args.Step" : "t") + " * args.Examples) + first;");
        }
        if (loop is not null)
        {
            writer.Line("Group.Barrier();");
        }
        foreach (LoopPart part in kernel.Parts)
        {
            WritePart(part);
        }
    }

    /// <summary>Declares the group's memory and where in it each value begins.</summary>
    private void WriteMemory()
    {
        if (kernel.SharedSize > 0)
        {
            writer.Line("ArrayView<float> values = SharedMemory.Allocate<float>(" + N(checked(kernel.SharedSize * kernel.GroupRows)) + ");");
        }
        if (kernel.AllParts.Any(part => part.Kernel is PassKernel pass && Reduces(pass.Program)))
        {
            writer.Line("ArrayView<float> shared = SharedMemory.Allocate<float>(" + N(DeviceKernel.GroupSize) + ");");
        }
        if (kernel.RoomSize > 0)
        {
            writer.Line("int own = Grid.IdxX * " + N(checked(kernel.RoomSize * kernel.GroupRows)) + ";");
        }
        if (kernel.Arenas.Any(arena => arena is LoopMemory.Sequence or LoopMemory.BatchSteps))
        {
            writer.Line("int all = args.Examples * args.Steps;");
        }
        foreach (IGrouping<LoopMemory, LoopBuffer> memory in kernel.Buffers.GroupBy(buffer => buffer.Memory).OrderBy(group => group.Key))
        {
            foreach (string line in memory.OrderBy(buffer => buffer.Offset).Select(buffers.Declaration).OfType<string>())
            {
                writer.Line(line);
            }
        }
    }

    private static bool Reduces(RowProgram program) => program.Instructions.Any(instruction => instruction.Reduces);

    private void WritePart(LoopPart part)
    {
        if (part.Waits)
        {
            writer.Line("Group.Barrier();");
        }
        writer.Line();
        foreach (string line in part.Comment.Split([';'], StringSplitOptions.RemoveEmptyEntries))
        {
            writer.Comment(line.Trim());
        }
        using SourceWriter.Scope scope = writer.Block("");
        switch (part.Kernel)
        {
            case ProductKernel:
                LoopProductEmitter.Emit(writer, buffers, part, kernel.GroupRows);
                break;
            case PassKernel pass when PassKernelEmitter.WalksRows(pass.Program):
                WriteRowPass(pass.Program, Body(pass.Program, part));
                break;
            case PassKernel pass:
                PassBody body = Body(pass.Program, part);
                using (WriteElements(PassKernelEmitter.AxesOfElements(body)))
                {
                    PassKernelEmitter.EmitElement(pass.Program, body);
                }
                break;
            case SumKernel sum:
                WriteSum(sum, part);
                break;
            default:
                WriteLookup(part);
                break;
        }
    }

    private PassBody Body(RowProgram program, LoopPart part) => new(
        writer, program, new LoopPlaces(buffers, part.Target is LoopOperand target ? [.. part.Operands, target] : part.Operands));

    private string OfAllRows(int elements) => kernel.GroupRows == 1 ? N(elements) : "rows" + (elements == 1 ? "" : " * " + N(elements));

    /// <summary>Opens a loop that spreads elements of all rows over the threads.</summary>
    private SourceWriter.Scope WriteElements(IReadOnlyList<KernelAxis> axes)
    {
        int elements = axes.Aggregate(1, (product, axis) => checked(product * axis.Extent));
        SourceWriter.Scope scope = writer.Block(
            "for (int index = Group.IdxX; index < " + OfAllRows(elements) + "; index += " + N(DeviceKernel.GroupSize) + ")");
        KernelAxes.Declare(writer, "index", axes);
        return scope;
    }

    /// <summary>As many lanes a row as leave threads for all rows at once, if the columns are enough for them.</summary>
    private void WriteRowPass(RowProgram program, PassBody body)
    {
        int ofExample = body.Rows.Aggregate(1, (product, axis) => checked(product * axis.Extent));
        int places = checked(ofExample * kernel.GroupRows);
        int lanes = Math.Min(
            PassKernelEmitter.LanesOf(program),
            DeviceKernel.GroupSize / LoopProductEmitter.PowerOfTwo(places, DeviceKernel.GroupSize));
        int atOnce = DeviceKernel.GroupSize / lanes;
        string count = OfAllRows(ofExample);
        string thread = lanes == 1 ? "Group.IdxX" : "(Group.IdxX / " + N(lanes) + ")";
        writer.Line("int lane = " + (lanes == 1 ? "0" : "Group.IdxX % " + N(lanes)) + ";");
        if (places > atOnce)
        {
            // The same number of turns for all threads, since they wait for each other inside.
            using SourceWriter.Scope turns = writer.Block("for (int begin = 0; begin < " + count + "; begin += " + N(atOnce) + ")");
            WriteRow(program, body, "begin + " + thread, count, lanes);
            return;
        }
        WriteRow(program, body, thread, count, lanes);
    }

    private void WriteRow(RowProgram program, PassBody body, string place, string count, int lanes)
    {
        writer.Line("int place = " + place + ";");
        writer.Line("bool inside = place < " + count + ";");
        writer.Line("int row = inside ? place : 0;");
        KernelAxes.Declare(writer, "row", body.Rows);
        PassKernelEmitter.EmitWalks(writer, program, body, lanes);
    }

    /// <summary>A thread an element of the sum.</summary>
    private void WriteSum(SumKernel sum, LoopPart part)
    {
        PassBody body = Body(sum.Program, part);
        SumKernelEmitter.Axes axes = SumKernelEmitter.AxesOf(sum);
        // Axes of a kernel of its own, where the example has another name.
        List<KernelAxis> kept = [.. axes.Kept.Select(axis => axis.IsOpen ? axis with { Name = "local" } : axis)];
        using SourceWriter.Scope elements = WriteElements(kept);
        writer.Line("float sum = 0f;");
        int length = axes.Added.Aggregate(1, (product, axis) => checked(product * axis.Extent));
        using (writer.Block("for (int summand = 0; summand < " + N(length) + "; summand++)"))
        {
            KernelAxes.Declare(writer, "summand", axes.Added);
            for (int i = 0; i < sum.Program.Instructions.Count; i++)
            {
                if (sum.Program.Instructions[i].Kind == RowInstructionKind.Accumulate)
                {
                    writer.Line("sum += " + body.Scalar(sum.Program.Instructions[i].Inputs[0]) + ";");
                }
                else
                {
                    body.WriteValue(i);
                }
            }
        }
        writer.Line(body.Element(sum.Program.Operands.Count - 1) + (part.Adds ? " += sum;" : " = sum;"));
    }

    private void WriteLookup(LoopPart part)
    {
        KernelAxis local = new("local", 1, IsOpen: true);
        string Element(int operand, params string[] within) => buffers.Element(part.Operands[operand], "local", within);
        switch (part.Kernel)
        {
            case FillKernel fill:
                using (WriteElements([local, new KernelAxis("column", fill.Size)]))
                {
                    writer.Line(Element(0, "column") + " = " + Literal.CSharp(fill.Number, single: true) + ";");
                }
                break;
            case GatherKernel gather:
                using (WriteElements([local, new KernelAxis("column", gather.Width)]))
                {
                    string row = "(" + Element(1) + " * " + N(gather.Width) + ")";
                    writer.Line(Element(2, "column") + " = "
                        + buffers.Element(part.Operands[0], gather.TableStride == 0 ? "" : "local", [row, "column"]) + ";");
                }
                break;
            case OneHotKernel oneHot:
                using (WriteElements([local, new KernelAxis("column", oneHot.Classes)]))
                {
                    writer.Line(Element(1, "column") + " = " + Element(0) + " == column ? 1f : 0f;");
                }
                break;
            default:
                throw new InvalidOperationException(part.Kernel.GetType().Name);
        }
    }
}
