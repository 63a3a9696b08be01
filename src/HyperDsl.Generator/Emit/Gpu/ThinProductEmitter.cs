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
        EquatableArray<ProductAxis> axes = ResultAxes(product).ToEquatable();
        string size = Literal.Integer(DeviceKernel.GroupSize);
        writer.Line("int outputs = " + ProductKernelEmitter.Count(axes) + ";");
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
        string Offset(Func<ProductAxis, int> stride) => KernelAxes.Sum([ProductKernelEmitter.Offset("output", axes, stride)]);
        writer.Line("int left = " + Offset(axis => axis.Left) + ";");
        writer.Line("int right = " + Offset(axis => axis.Right) + ";");
        writer.Line("int end = " + (product.InnerIsOpen
            ? "Math.Min((split + 1) * reduction.Chunk, reduction.Length)"
            : ProductKernelEmitter.Count(product.Inner)) + ";");
        writer.Line("float sum = 0f;");
        using (writer.Block("for (int inner = " + (product.InnerIsOpen ? "split * reduction.Chunk" : "0") + "; inner < end; inner++)"))
        {
            string a = ProductKernelEmitter.Offset("inner", product.Inner, axis => axis.Left);
            string b = ProductKernelEmitter.Offset("inner", product.Inner, axis => axis.Right);
            writer.Line("sum += args.A[" + KernelAxes.Sum(["left", a]) + "] * args.B[" + KernelAxes.Sum(["right", b]) + "];");
        }
        writer.Line("GroupReduction.Write(reduction, " + (product.InnerIsOpen ? "split" : "0") + ", " + Offset(axis => axis.Result) + ", sum);");
    }
}
