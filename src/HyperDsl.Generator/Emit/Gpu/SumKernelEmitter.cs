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
    private const int MostElements = 32;

    private readonly SourceWriter writer;
    private readonly RowProgram program;
    private readonly PassBody body;
    private readonly RowOperand target;
    private readonly bool overSteps;

    private SumKernelEmitter(SourceWriter writer, SumKernel kernel)
    {
        this.writer = writer;
        program = kernel.Program;
        overSteps = kernel.OverSteps;
        body = new PassBody(writer, program);
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

    public static void Emit(SourceWriter writer, SumKernel kernel) => new SumKernelEmitter(writer, kernel).Write();

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
        writer.Line("sum = GroupReduction.SumOfLanes(shared, sum, " + inGroup + ");");
        using (writer.Block("if (lane == 0 && place < elements)"))
        {
            writer.Line("GroupReduction.Write(reduction, split, " + body.Address(target, overSteps ? "own" : "example") + ", sum);");
        }
    }
}
