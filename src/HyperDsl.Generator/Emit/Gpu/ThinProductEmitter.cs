using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a product of few rows or columns: a thread an element of the result, neighbours in memory side by side.</summary>
internal static class ThinProductEmitter
{
    /// <summary>Axes of the result, outermost first: the open one, then by distance.</summary>
    public static IReadOnlyList<ProductAxis> ResultAxes(ProductKernel product) => product.Groups.Concat(product.Rows).Concat(product.Columns)
        .OrderBy(axis => axis.IsOpen ? 0 : 1).ThenByDescending(axis => axis.Result).ToArray();

    public static void Emit(SourceWriter writer, NamedKernel named, ProductKernel product)
    {
        FactorSource[] factors = FactorSource.Of(named);
        WriteOutput(writer, product);
        WriteIndices(writer, product, index => factors.Any(factor => factor.Uses(index)));
        string end = product.InnerIsOpen ? "end" : ProductKernelEmitter.Count(product.Inner);
        if (product.InnerIsOpen)
        {
            writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);");
        }
        writer.Line("float sum = 0f;");
        WriteSum(writer, product, 0, factors, "sum", product.InnerIsOpen ? "split * reduction.Chunk" : "0", end);
        string place = KernelAxes.Sum([ProductKernelEmitter.Offset("output", ResultAxes(product).ToEquatable(), axis => axis.Result)]);
        writer.Line("GroupReduction.Write(reduction, " + (product.InnerIsOpen ? "split" : "0") + ", " + place + ", sum);");
    }

    public static void Emit(SourceWriter writer, NamedKernel named, FusedProductKernel fused, ProductEpilogueEmitter epilogue)
    {
        FactorSource[] factors = FactorSource.Of(named);
        WriteOutput(writer, fused.Products[0]);
        WriteIndices(writer, fused.Products[0], index => epilogue.Uses(index) || factors.Any(factor => factor.Uses(index)));
        string[] sums = Enumerable.Range(0, fused.Sums.Count).Select(sum => "sum" + Literal.Integer(sum)).ToArray();
        foreach (string sum in sums)
        {
            writer.Line("float " + sum + " = 0f;");
        }
        for (int i = 0; i < fused.Products.Count; i++)
        {
            WriteSum(writer, fused.Products[i], i, factors, sums[fused.SumOf[i]], "0", ProductKernelEmitter.Count(fused.Products[i].Inner));
        }
        epilogue.WriteValue("value", "row", "column", sums);
        epilogue.WriteStore("value", "row", "column");
    }

    /// <summary>Declares the product's indices of the thread's element, those that are needed.</summary>
    private static void WriteIndices(SourceWriter writer, ProductKernel product, Func<ProductIndex, bool> isUsed)
    {
        foreach ((ProductIndex index, string name, EquatableArray<ProductAxis> axes) in new[]
        {
            (ProductIndex.Group, "group", product.Groups), (ProductIndex.Row, "row", product.Rows), (ProductIndex.Column, "column", product.Columns),
        })
        {
            if (isUsed(index))
            {
                writer.Line("int " + name + " = " + IndexOf(product, axes) + ";");
            }
        }
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

    private static void WriteSum(
        SourceWriter writer, ProductKernel product, int number, FactorSource[] factors, string sum, string begin, string end)
    {
        EquatableArray<ProductAxis> axes = ResultAxes(product).ToEquatable();
        string Factor(bool isLeft)
        {
            FactorSource factor = factors[(2 * number) + (isLeft ? 0 : 1)];
            int Stride(ProductAxis axis) => isLeft ? axis.Left : axis.Right;
            string first = (isLeft ? "left" : "right") + (number == 0 ? "" : Literal.Integer(number));
            if (factor.Prologue is null)
            {
                writer.Line("int " + first + " = " + KernelAxes.Sum([ProductKernelEmitter.Offset("output", axes, Stride)]) + ";");
            }
            return factor.Element("group", isLeft ? "row" : "column", "inner", () =>
                "[" + KernelAxes.Sum([first, ProductKernelEmitter.Offset("inner", product.Inner, Stride)]) + "]");
        }
        string left = Factor(isLeft: true);
        string right = Factor(isLeft: false);
        using (writer.Block("for (int inner = " + begin + "; inner < " + end + "; inner++)"))
        {
            writer.Line(sum + " += " + left + " * " + right + ";");
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
