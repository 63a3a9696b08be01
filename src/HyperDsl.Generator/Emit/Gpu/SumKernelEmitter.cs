using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints a sum across rows: a group owns a few elements of the target, its lanes walk what is added up and are added in shared
/// memory in a fixed order.
/// </summary>
internal sealed class SumKernelEmitter
{
    public const int MostElements = 32;

    private readonly SourceWriter writer;
    private readonly RowProgram program;
    private readonly PassBody body;
    private readonly RowOperand target;
    private readonly bool overSteps;

    private SumKernelEmitter(SourceWriter writer, SumKernel kernel, PassPlaces? places = null)
    {
        this.writer = writer;
        program = kernel.Program;
        overSteps = kernel.OverSteps;
        body = new PassBody(writer, program, places);
        target = program.Operands[program.Operands.Count - 1];
    }

    /// <summary>How the axes of a sum are divided.</summary>
    /// <param name="Kept">Axes of the target.</param>
    /// <param name="Added">Axes that are added up.</param>
    public sealed record Axes(IReadOnlyList<KernelAxis> Kept, IReadOnlyList<KernelAxis> Added)
    {
        /// <summary>Elements of the target that a group computes: a power of two.</summary>
        public int ElementsOfGroup
        {
            get
            {
                int known = Kept.Aggregate(1, (product, axis) => checked(product * axis.Extent));
                int elements = 1;
                while (elements < MostElements && (elements < known || Kept.Any(axis => axis.IsOpen)))
                {
                    elements *= 2;
                }
                return elements;
            }
        }
    }

    public static Axes AxesOf(SumKernel kernel) => new SumKernelEmitter(new SourceWriter(), kernel).Divide();

    public static void Emit(SourceWriter writer, SumKernel kernel, IReadOnlyList<string> names) =>
        new SumKernelEmitter(writer, kernel, new ArgumentPlaces(kernel.Program, names)).Write();

    private Axes Divide()
    {
        List<KernelAxis> kept = [];
        List<KernelAxis> added = [];
        int axis = 0;
        foreach (KernelAxis candidate in body.Rows.Concat(body.Columns))
        {
            if (candidate.IsOpen && overSteps)
            {
                kept.Add(candidate with { Name = "own" });
                added.Add(new KernelAxis("step", 1, IsSteps: true));
                continue;
            }
            int stride = candidate.IsOpen ? target.ExampleStride : target.Strides[axis++];
            if (candidate.Extent != 1 || candidate.IsOpen)
            {
                (stride != 0 ? kept : added).Add(candidate);
            }
        }
        return new Axes(kept, added);
    }

    private void Write()
    {
        Axes axes = Divide();
        int elements = axes.ElementsOfGroup;
        string inGroup = Literal.Integer(elements);
        writer.Line("ArrayView<float> shared = SharedMemory.Allocate<float>(" + Literal.Integer(DeviceKernel.GroupSize) + ");");
        writer.Line("int elements = " + KernelAxes.Count(axes.Kept.ToList()) + ";");
        writer.Line("int groups = (elements + " + Literal.Integer(elements - 1) + ") / " + inGroup + ";");
        writer.Line("int split = Grid.IdxX / groups;");
        writer.Line("int lane = Group.IdxX / " + inGroup + ";");
        writer.Line("int place = ((Grid.IdxX % groups) * " + inGroup + ") + (Group.IdxX % " + inGroup + ");");
        writer.Line("int kept = place < elements ? place : 0;");
        KernelAxes.Declare(writer, "kept", axes.Kept);
        writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);");
        writer.Line("float sum = 0f;");
        WriteSum(axes, elements);
        writer.Line("sum = GroupReduction.SumOfLanes(shared, sum, " + inGroup + ");");
        using (writer.Block("if (lane == 0 && place < elements)"))
        {
            writer.Line("GroupReduction.Write(reduction, split, " + body.Address(target, overSteps ? "own" : "example") + ", sum);");
        }
    }

    /// <summary>Prints several sums: a thread's element belongs to one of them. Parts go side by side to one buffer.</summary>
    public static void EmitJoined(SourceWriter writer, SumsKernel kernel, IReadOnlyList<string> names)
    {
        string inGroup = Literal.Integer(MostElements);
        string elements = Literal.Integer(kernel.Sums.Sum(SumsKernel.Elements));
        writer.Line("ArrayView<float> shared = SharedMemory.Allocate<float>(" + Literal.Integer(DeviceKernel.GroupSize) + ");");
        writer.Line("int groups = (" + elements + " + " + Literal.Integer(MostElements - 1) + ") / " + inGroup + ";");
        writer.Line("int split = Grid.IdxX / groups;");
        writer.Line("int lane = Group.IdxX / " + inGroup + ";");
        writer.Line("int place = ((Grid.IdxX % groups) * " + inGroup + ") + (Group.IdxX % " + inGroup + ");");
        writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);");
        writer.Line("float sum = 0f;");
        int first = 0;
        int begin = 0;
        foreach (SumKernel sum in kernel.Sums)
        {
            string[] own = [.. names.Skip(first).Take(sum.OperandCount), "target"];
            first += sum.OperandCount;
            SumKernelEmitter emitter = new(writer, sum, new ArgumentPlaces(sum.Program, own));
            foreach (string formula in RowFormulas.Of(sum.Program, own, emitter.body.Locals))
            {
                writer.Comment(formula);
            }
            int next = checked(begin + SumsKernel.Elements(sum));
            string from = begin == 0 ? "" : "place >= " + Literal.Integer(begin) + " && ";
            using (writer.Block("if (" + from + "place < " + Literal.Integer(next) + ")"))
            {
                Axes axes = emitter.Divide();
                if (axes.Kept.Count > 0)
                {
                    writer.Line("int kept = place" + (begin == 0 ? "" : " - " + Literal.Integer(begin)) + ";");
                    KernelAxes.Declare(writer, "kept", axes.Kept);
                }
                emitter.WriteSum(axes, MostElements);
            }
            begin = next;
        }
        writer.Line("sum = GroupReduction.SumOfLanes(shared, sum, " + inGroup + ");");
        using (writer.Block("if (lane == 0 && place < " + elements + ")"))
        {
            writer.Line("GroupReduction.Write(reduction, split, place, sum);");
        }
    }

    /// <summary>Prints the kernel that adds the parts: a thread an element.</summary>
    public static void EmitAdding(SourceWriter writer, AddSumsKernel kernel, IReadOnlyList<string> names)
    {
        LookupKernelEmitter.WriteIndex(writer, kernel.Elements.Sum(), open: false);
        writer.Line("float sum = 0f;");
        using (writer.Block("for (int part = 0; part < reduction.Length; part++)"))
        {
            writer.Line("sum += reduction.Target[(part * reduction.Elements) + index];");
        }
        for (int i = 0; i < names.Count; i++)
        {
            string elements = Literal.Integer(kernel.Elements[i]);
            using (writer.Block("if (index < " + elements + ")"))
            {
                writer.Line("args." + names[i] + "[index] " + (kernel.Stored.Contains(i) ? "=" : "+=") + " sum;");
                writer.Line("return;");
            }
            if (i + 1 < names.Count)
            {
                writer.Line("index -= " + elements + ";");
            }
        }
    }

    /// <summary>Adds up what belongs to the thread's element and lane.</summary>
    private void WriteSum(Axes axes, int elements)
    {
        string lanes = Literal.Integer(DeviceKernel.GroupSize / elements);
        using (writer.Block("for (int index = (split * reduction.Chunk) + lane; index < end; index += " + lanes + ")"))
        {
            KernelAxes.Declare(writer, "index", axes.Added);
            if (overSteps)
            {
                writer.Line("int example = (step * args.Rows) + own;");
            }
            for (int i = 0; i < program.Instructions.Count; i++)
            {
                if (program.Instructions[i].Kind == RowInstructionKind.Accumulate)
                {
                    writer.Line("sum += " + body.Scalar(program.Instructions[i].Inputs[0]) + ";");
                }
                else
                {
                    body.WriteValue(i);
                }
            }
        }
    }
}
