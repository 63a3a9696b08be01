using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints kernels that move rows by label, and fills: a thread an element.</summary>
internal static class LookupKernelEmitter
{
    public static void Emit(SourceWriter writer, NamedKernel named)
    {
        (int known, bool isOpen) = Elements(named.Kernel);
        WriteIndex(writer, known, isOpen);
        WriteElement(writer, named.Kernel, named.Fields, KernelAxes.Rows);
    }

    /// <summary>How many threads it takes, for each row where there are rows.</summary>
    public static (int Known, bool IsOpen) Elements(DeviceKernel kernel) => kernel switch
    {
        FillKernel fill => (fill.Size, true),
        GatherKernel gather => (gather.Width, true),
        ScatterKernel scatter => (scatter.Width, true),
        ScatterSumKernel scatter => (checked(scatter.Rows * scatter.Width), false),
        OneHotKernel oneHot => (oneHot.Classes, true),
        _ => throw new InvalidOperationException(kernel.GetType().Name),
    };

    /// <summary>Prints what the thread of an element does.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="names">Fields of its operands.</param>
    /// <param name="rows">How many rows there are.</param>
    public static void WriteElement(SourceWriter writer, DeviceKernel kernel, IReadOnlyList<string> names, string rows)
    {
        string Field(int operand) => "args." + names[operand];
        switch (kernel)
        {
            case FillKernel fill:
                writer.Line(Field(0) + "[index] = " + Literal.CSharp(fill.Number, single: true) + ";");
                break;
            case GatherKernel gather:
                string width = Literal.Integer(gather.Width);
                writer.Line("int example = index / " + width + ";");
                string table = KernelAxes.Product("example", gather.TableStride);
                writer.Line(Field(2) + "[index] = " + Field(0) + "["
                    + KernelAxes.Sum([table, "(" + Field(1) + "[example] * " + width + ")", "(index % " + width + ")"]) + "];");
                break;
            case ScatterKernel scatter:
                width = Literal.Integer(scatter.Width);
                writer.Line("int example = index / " + width + ";");
                writer.Line("int row = (example * " + Literal.Integer(scatter.Rows) + ") + " + Field(1) + "[example];");
                writer.Line(Field(2) + "[(row * " + width + ") + (index % " + width + ")] = " + Field(0) + "[index];");
                break;
            case ScatterSumKernel scatter:
                WriteScatterSum(writer, scatter, Field, rows);
                break;
            case OneHotKernel oneHot:
                string classes = Literal.Integer(oneHot.Classes);
                writer.Line(Field(1) + "[index] = " + Field(0) + "[index / " + classes + "] == index % " + classes + " ? 1f : 0f;");
                break;
            default:
                throw new InvalidOperationException(kernel.GetType().Name);
        }
    }

    /// <summary>A thread an element of the table looks for its row's label in all examples, in order.</summary>
    private static void WriteScatterSum(SourceWriter writer, ScatterSumKernel scatter, Func<int, string> field, string rows)
    {
        string width = Literal.Integer(scatter.Width);
        writer.Line("int row = index / " + width + ";");
        writer.Line("int column = index % " + width + ";");
        writer.Line("float sum = 0f;");
        using (writer.Block("for (int example = 0; example < " + rows + "; example++)"))
        using (writer.Block("if (" + field(1) + "[example] == row)"))
        {
            writer.Line("sum += " + field(0) + "[(example * " + width + ") + column];");
        }
        writer.Line(field(2) + "[" + AddProductSumsEmitter.Address(scatter.Places, "index") + "] += sum;");
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
