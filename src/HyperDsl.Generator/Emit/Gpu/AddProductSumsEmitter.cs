using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints the kernel that adds the parts of several products to where they belong: a thread an element.</summary>
internal static class AddProductSumsEmitter
{
    /// <summary>The length of an inner axis.</summary>
    /// <param name="rows">How many rows are added up.</param>
    /// <param name="ofRow">What a row adds to each element.</param>
    /// <param name="holder">What knows the number of rows.</param>
    public static string Length(RowCount rows, int ofRow, string holder) =>
        holder + "." + NameOf(rows) + (ofRow == 1 ? "" : " * " + Literal.Integer(ofRow));

    /// <summary>The field that holds how many rows there are.</summary>
    public static string NameOf(RowCount rows) => rows == RowCount.Examples ? "Examples" : "Rows";

    public static void Emit(SourceWriter writer, AddProductSumsKernel kernel, IReadOnlyList<string> names)
    {
        LookupKernelEmitter.WriteIndex(writer, kernel.Sums.Aggregate(0, (sum, added) => checked(sum + added.Places.Elements)), open: false);
        for (int i = 0; i < names.Count; i++)
        {
            AddedSum sum = kernel.Sums[i];
            string length = Length(sum.Rows, sum.InnerOfRow, "args");
            if (i == 0 || length != Length(kernel.Sums[i - 1].Rows, kernel.Sums[i - 1].InnerOfRow, "args"))
            {
                writer.Line((i == 0 ? "int " : "") + "parts = GroupReduction.Parts(reduction, " + length + ");");
            }
            if (i == 0)
            {
                writer.Line("int place = 0;");
            }
            string elements = Literal.Integer(sum.Places.Elements);
            using (writer.Block("if (index < " + elements + ")"))
            {
                writer.Line("args." + names[i] + "[" + Address(sum.Places, "index") + "] " + (sum.IsStored ? "=" : "+=") + " GroupReduction.SumOfParts(reduction, place + index, "
                    + elements + ", parts);");
                writer.Line("return;");
            }
            if (i + 1 < names.Count)
            {
                writer.Line("index -= " + elements + ";");
                writer.Line("place += " + elements + " * parts;");
            }
        }
    }

    /// <summary>The distance of an element from the first one of its target.</summary>
    public static string Address(SumPlaces places, string index)
    {
        List<string> terms = [];
        int inner = 1;
        for (int i = places.Axes.Count - 1; i >= 0; i--)
        {
            (int extent, int stride) = (places.Axes[i].Extent, places.Axes[i].Stride);
            string part = KernelAxes.Part(index, inner, i == 0 ? 0 : extent);
            terms.Insert(0, KernelAxes.Product(part == index ? part : "(" + part + ")", stride));
            inner = checked(inner * extent);
        }
        return KernelAxes.Sum(terms);
    }
}
