using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints kernels that move rows by label, and fills: a thread an element.</summary>
internal static class LookupKernelEmitter
{
    public static void Emit(SourceWriter writer, DeviceKernel kernel)
    {
        switch (kernel)
        {
            case FillKernel fill:
                WriteIndex(writer, fill.Size, open: true);
                writer.Line("args.A[index] = " + Literal.CSharp(fill.Number, single: true) + ";");
                break;
            case GatherKernel gather:
                WriteIndex(writer, gather.Width, open: true);
                string width = Literal.Integer(gather.Width);
                writer.Line("int example = index / " + width + ";");
                string table = KernelAxes.Product("example", gather.TableStride);
                writer.Line("args.C[index] = args.A[" + KernelAxes.Sum([table, "(args.B[example] * " + width + ")", "(index % " + width + ")"]) + "];");
                break;
            case ScatterKernel scatter:
                WriteIndex(writer, scatter.Width, open: true);
                width = Literal.Integer(scatter.Width);
                writer.Line("int example = index / " + width + ";");
                writer.Line("int row = (example * " + Literal.Integer(scatter.Rows) + ") + args.B[example];");
                writer.Line("args.C[(row * " + width + ") + (index % " + width + ")] = args.A[index];");
                break;
            case ScatterSumKernel scatter:
                WriteScatterSum(writer, scatter);
                break;
            case OneHotKernel oneHot:
                WriteIndex(writer, 1, open: true);
                writer.Line("args.B[(index * " + Literal.Integer(oneHot.Classes) + ") + args.A[index]] = 1f;");
                break;
            default:
                throw new InvalidOperationException(kernel.GetType().Name);
        }
    }

    /// <summary>A thread an element of the table looks for its row's label in all examples, in order.</summary>
    private static void WriteScatterSum(SourceWriter writer, ScatterSumKernel scatter)
    {
        string width = Literal.Integer(scatter.Width);
        WriteIndex(writer, checked(scatter.Rows * scatter.Width), open: false);
        writer.Line("int row = index / " + width + ";");
        writer.Line("int column = index % " + width + ";");
        writer.Line("float sum = 0f;");
        using (writer.Block("for (int example = 0; example < args.Rows; example++)"))
        using (writer.Block("if (args.B[example] == row)"))
        {
            writer.Line("sum += args.A[(example * " + width + ") + column];");
        }
        writer.Line("args.C[" + AddProductSumsEmitter.Address(scatter.Places, "index") + "] += sum;");
    }

    public static void WriteIndex(SourceWriter writer, int size, bool open)
    {
        writer.Line("int index = (Grid.IdxX * " + Literal.Integer(DeviceKernel.GroupSize) + ") + Group.IdxX;");
        using (writer.Block("if (index >= " + KernelAxes.Count(size, open) + ")"))
        {
            writer.Line("return;");
        }
    }
}
