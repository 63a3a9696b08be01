using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a product of few rows or columns: a thread an element of the result, neighbours in memory side by side.</summary>
internal static class ThinProductEmitter
{
    /// <summary>Axes of the result, outermost first: the open one, then by distance.</summary>
    public static IReadOnlyList<ProductAxis> ResultAxes(ProductKernel product) => product.Groups.Concat(product.Rows).Concat(product.Columns)
        .OrderBy(axis => axis.IsOpen ? 0 : 1).ThenByDescending(axis => axis.Result).ToArray();

    public static void Emit(SourceWriter writer, ProductKernel product)
    {
        WriteOutput(writer, product);
        string end = product.InnerIsOpen ? "end" : ProductKernelEmitter.Count(product.Inner);
        if (product.InnerIsOpen)
        {
            writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);");
        }
        writer.Line("float sum = 0f;");
        WriteSum(writer, product, 0, "sum", product.InnerIsOpen ? "split * reduction.Chunk" : "0", end);
        string place = KernelAxes.Sum([ProductKernelEmitter.Offset("output", ResultAxes(product).ToEquatable(), axis => axis.Result)]);
        writer.Line("GroupReduction.Write(reduction, " + (product.InnerIsOpen ? "split" : "0") + ", " + place + ", sum);");
    }

    public static void Emit(SourceWriter writer, FusedProductKernel fused, ProductEpilogueEmitter epilogue)
    {
        ProductKernel first = fused.Products[0];
        WriteOutput(writer, first);
        string[] sums = Enumerable.Range(0, fused.Sums.Count).Select(sum => "sum" + Literal.Integer(sum)).ToArray();
        foreach (string sum in sums)
        {
            writer.Line("float " + sum + " = 0f;");
        }
        for (int i = 0; i < fused.Products.Count; i++)
        {
            WriteSum(writer, fused.Products[i], i, sums[fused.SumOf[i]], "0", ProductKernelEmitter.Count(fused.Products[i].Inner));
        }
        foreach ((ResultAxis axis, string name, EquatableArray<ProductAxis> axes) in new[]
        {
            (ResultAxis.Group, "group", first.Groups), (ResultAxis.Row, "row", first.Rows), (ResultAxis.Column, "column", first.Columns),
        })
        {
            if (epilogue.Uses(axis))
            {
                writer.Line("int " + name + " = " + IndexOf(first, axes) + ";");
            }
        }
        epilogue.WriteValue("value", "row", "column", sums);
        epilogue.WriteStore("value", "row", "column");
    }

    private static void WriteOutput(SourceWriter writer, ProductKernel product)
    {
        string size = Literal.Integer(DeviceKernel.GroupSize);
        writer.Line("int outputs = " + ProductKernelEmitter.Count(ResultAxes(product).ToEquatable()) + ";");
        if (product.InnerIsOpen)
        {
            writer.Line("int groups = (outputs + " + Literal.Integer(DeviceKernel.GroupSize - 1) + ") / " + size + ";");
            writer.Line("int split = Grid.IdxX / groups;");
            writer.Line("int output = ((Grid.IdxX % groups) * " + size + ") + Group.IdxX;");
        }
        else
        {
            writer.Line("int output = (Grid.IdxX * " + size + ") + Group.IdxX;");
        }
        using (writer.Block("if (output >= outputs)"))
        {
            writer.Line("return;");
        }
    }

    private static void WriteSum(SourceWriter writer, ProductKernel product, int number, string sum, string begin, string end)
    {
        EquatableArray<ProductAxis> axes = ResultAxes(product).ToEquatable();
        string Variable(string name) => name + (number == 0 ? "" : Literal.Integer(number));
        string Offset(Func<ProductAxis, int> stride) => KernelAxes.Sum([ProductKernelEmitter.Offset("output", axes, stride)]);
        writer.Line("int " + Variable("left") + " = " + Offset(axis => axis.Left) + ";");
        writer.Line("int " + Variable("right") + " = " + Offset(axis => axis.Right) + ";");
        using (writer.Block("for (int inner = " + begin + "; inner < " + end + "; inner++)"))
        {
            string a = ProductKernelEmitter.Offset("inner", product.Inner, axis => axis.Left);
            string b = ProductKernelEmitter.Offset("inner", product.Inner, axis => axis.Right);
            writer.Line(sum + " += " + ProductKernelEmitter.Field(2 * number) + "[" + KernelAxes.Sum([Variable("left"), a]) + "] * "
                + ProductKernelEmitter.Field((2 * number) + 1) + "[" + KernelAxes.Sum([Variable("right"), b]) + "];");
        }
    }

    /// <summary>The index over some of the result's axes, given the index over all of them.</summary>
    private static string IndexOf(ProductKernel product, EquatableArray<ProductAxis> some)
    {
        IReadOnlyList<ProductAxis> axes = ResultAxes(product);
        List<string> terms = [];
        int inside = 1;
        for (int i = some.Count - 1; i >= 0; i--)
        {
            int place = axes.ToList().FindIndex(axis => ReferenceEquals(axis, some[i]));
            int inner = axes.Skip(place + 1).Aggregate(1, (size, axis) => checked(size * axis.Extent));
            string part = KernelAxes.Part("output", inner, place == 0 ? 0 : some[i].Extent);
            terms.Insert(0, KernelAxes.Product(part == "output" ? part : "(" + part + ")", inside));
            inside = checked(inside * some[i].Extent);
        }
        return KernelAxes.Sum(terms);
    }
}
