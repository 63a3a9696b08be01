using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>What a kernel computes, and its sizes, for its reader.</summary>
internal static class KernelComments
{
    public static IEnumerable<string> Of(NamedKernel named)
    {
        DeviceKernel kernel = named.Kernel;
        switch (kernel)
        {
            case ProductKernel product:
                yield return OfProduct(product);
                break;
            case ProductsKernel or ProductSumsKernel:
                foreach (NamedKernel part in KernelEmitter.PartsOf(named))
                {
                    yield return part.Name + ":";
                    foreach (string line in Of(part))
                    {
                        yield return "    " + line;
                    }
                }
                break;
            case FusedProductKernel fused:
                foreach (string line in ProductEpilogueEmitter.Comments(fused))
                {
                    yield return line;
                }
                yield return AllSizes(fused.Products[0])
                    + string.Concat(fused.Products.Skip(1).Select(other => ", " + Sizes("inner", other.Inner).TrimEnd(',', ' ')));
                break;
            case PassKernel or SumKernel:
                RowProgram program = KernelEmitter.ProgramsOf(kernel).Single();
                yield return (program.OverExamples ? "rows × " : "")
                    + string.Join(" × ", program.RowExtents.Concat(program.ColumnExtents).Select(extent => Literal.Integer(extent)));
                string[] names = PassBody.OperandNames(program.Operands.Count);
                if (kernel is SumKernel)
                {
                    names[names.Length - 1] = "target";
                }
                foreach (string formula in RowFormulas.Of(program, names))
                {
                    yield return formula;
                }
                break;
            case PassesKernel passes:
                foreach (IGrouping<RowCount, DeviceKernel> alike in passes.Members.GroupBy(member => member.Rows, member => member.Kernel))
                {
                    string elements = string.Join(" + ", alike.Select(kernel => Literal.Integer(PassesKernelEmitter.Elements(kernel).Known)));
                    yield return alike.Key switch
                    {
                        RowCount.One => elements,
                        RowCount.Examples => "rows × (" + elements + ")",
                        _ => "rows of all steps × (" + elements + ")",
                    };
                }
                break;
            case SumsKernel sums:
                yield return "sums over rows" + (SumsKernel.SummandsOfRow(sums.Sums[0]) is > 1 and int summands ? " × " + Literal.Integer(summands) : "")
                    + " of " + string.Join(" + ", sums.Sums.Select(sum => Literal.Integer(SumsKernel.Elements(sum)))) + " elements";
                break;
            case LoopKernel loop:
                string examples = loop.GroupRows == 1 ? "one example" : Literal.Integer(loop.GroupRows) + " examples";
                yield return loop.Order == StepOrder.Single
                    ? "A step of time, row by row: a group does " + examples + "."
                    : "All steps of time" + (loop.Order == StepOrder.FromLast ? ", from the last to the first" : "") + ": a group takes " + examples
                        + " through them.";
                break;
            case PoolKernel pool:
                yield return pool.Operation + " over windows of " + Literal.Integer(pool.Window.SizeY) + " × " + Literal.Integer(pool.Window.SizeX)
                    + " of images of " + string.Join(" × ", pool.Image.Sizes.Select(size => Literal.Integer(size)));
                break;
        }
    }

    private static string OfProduct(ProductKernel product)
    {
        string[] factors = [.. new[] { true, false }.Select(isLeft =>
            FactorSource.Name(product, 0, isLeft, PassBody.OperandNames(product.OperandCount), 0))];
        return "result[row, column] = Σ over inner of " + factors[0] + "[row, inner] · " + factors[1] + "[inner, column]; " + AllSizes(product);
    }

    private static string AllSizes(ProductKernel product) =>
        (Sizes("groups", product.Groups) + Sizes("rows", product.Rows) + Sizes("columns", product.Columns) + Sizes("inner", product.Inner)).TrimEnd(',', ' ');

    private static string Sizes(string name, EquatableArray<ProductAxis> axes) => axes.Count == 0
        ? ""
        : name + " " + string.Join(" × ", axes.Select(Size)) + ", ";

    private static string Size(ProductAxis axis) =>
        !axis.IsOpen ? Literal.Integer(axis.Extent) : axis.Extent == 1 ? "N" : "N·" + Literal.Integer(axis.Extent);
}
