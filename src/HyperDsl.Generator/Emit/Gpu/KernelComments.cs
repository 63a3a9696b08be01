using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>What a kernel computes, and its sizes, for its reader.</summary>
internal static class KernelComments
{
    public static IEnumerable<string> Of(NamedKernel named) => named.Kernel switch
    {
        ProductKernel product => [OfProduct(product, named.Fields)],
        ProductsKernel or ProductSumsKernel => OfParts(named),
        FusedProductKernel fused => OfFusedProduct(fused, named.Fields),
        PassKernel or SumKernel => OfPass(named),
        PassesKernel passes => OfPasses(passes),
        SumsKernel sums => [OfSums(sums)],
        LoopKernel loop => [OfLoop(loop)],
        PoolKernel pool => [OfPool(pool)],
        _ => [],
    };

    private static IEnumerable<string> OfParts(NamedKernel named)
    {
        foreach (NamedKernel part in KernelEmitter.PartsOf(named))
        {
            yield return part.Name + ":";
            foreach (string line in Of(part))
            {
                yield return "    " + line;
            }
        }
    }

    private static IEnumerable<string> OfFusedProduct(FusedProductKernel fused, IReadOnlyList<string> fields) =>
    [
        .. ProductEpilogueEmitter.Comments(fused, fields),
        AllSizes(fused.Products[0]) + string.Concat(fused.Products.Skip(1).Select(other => ", " + Sizes("inner", other.Inner).TrimEnd(',', ' '))),
    ];

    private static IEnumerable<string> OfPass(NamedKernel named)
    {
        RowProgram program = KernelEmitter.ProgramsOf(named.Kernel).Single();
        string[] names = [.. named.Fields, .. named.Kernel is SumKernel ? new[] { "target" } : []];
        string sizes = (program.OverExamples ? "rows × " : "")
            + string.Join(" × ", program.RowExtents.Concat(program.ColumnExtents).Select(extent => Literal.Integer(extent)));
        PassBody body = new(new SourceWriter(), program, new ArgumentPlaces(program, names));
        return [sizes, .. RowFormulas.Of(program, names, body.Locals)];
    }

    private static IEnumerable<string> OfPasses(PassesKernel passes)
    {
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
    }

    private static string OfSums(SumsKernel sums) =>
        "sums over rows" + (SumsKernel.SummandsOfRow(sums.Sums[0]) is > 1 and int summands ? " × " + Literal.Integer(summands) : "")
        + " of " + string.Join(" + ", sums.Sums.Select(sum => Literal.Integer(SumsKernel.Elements(sum)))) + " elements";

    private static string OfLoop(LoopKernel loop)
    {
        string examples = loop.GroupRows == 1 ? "one example" : Literal.Integer(loop.GroupRows) + " examples";
        return loop.Order == StepOrder.Single
            ? "A step of time, row by row: a group does " + examples + "."
            : "All steps of time" + (loop.Order == StepOrder.FromLast ? ", from the last to the first" : "") + ": a group takes " + examples + " through them.";
    }

    private static string OfPool(PoolKernel pool) =>
        pool.Operation + " over windows of " + Literal.Integer(pool.Window.SizeY) + " × " + Literal.Integer(pool.Window.SizeX)
        + " of images of " + string.Join(" × ", pool.Image.Sizes.Select(size => Literal.Integer(size)));

    private static string OfProduct(ProductKernel product, IReadOnlyList<string> fields)
    {
        string[] factors = [.. new[] { true, false }.Select(isLeft =>
            FactorSource.Name(product, 0, isLeft, fields, 0))];
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
