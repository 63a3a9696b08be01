using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>How a kernel is launched: the method of the run and the sizes it needs.</summary>
internal static class LaunchShape
{
    public static string Of(DeviceKernel kernel, string rows, out string sizes)
    {
        string Count(int known, bool open) => !open ? Literal.Integer(known) : known == 1 ? rows : rows + " * " + Literal.Integer(known);
        string OfAxes(IEnumerable<KernelAxis> axes) =>
            (axes.Any(axis => axis.IsSteps) ? "run.Steps * " : "")
            + Count(axes.Aggregate(1, (product, axis) => checked(product * axis.Extent)), axes.Any(axis => axis.IsOpen));
        string OfMember(PassMember member)
        {
            (int known, bool isOpen) = PassesKernelEmitter.Elements(member.Kernel);
            return KernelAxes.Count(known, isOpen, RowsOf(member.Rows));
        }
        string OfProduct(EquatableArray<ProductAxis> axes) => Count(ProductKernel.Count(axes), axes.Any(axis => axis.IsOpen));
        switch (kernel)
        {
            case PassKernel pass:
                PassBody body = new(new SourceWriter(), pass.Program);
                sizes = PassKernelEmitter.WalksRows(pass.Program)
                    ? "places: " + OfAxes(body.Rows) + ", placesOfGroup: " + Literal.Integer(DeviceKernel.GroupSize / PassKernelEmitter.LanesOf(pass.Program))
                    : "places: " + OfAxes([.. body.Rows, .. body.Columns]) + ", placesOfGroup: " + Literal.Integer(DeviceKernel.GroupSize);
                return "Launch";
            case PassesKernel passes:
                string places = string.Join(" + ", passes.Members.Select(OfMember));
                sizes = "places: " + (passes.Members.All(member => member.Rows == RowCount.One) ? places : "checked(" + places + ")") + ", placesOfGroup: " + Literal.Integer(DeviceKernel.GroupSize);
                return "Launch";
            case SumKernel sum:
                SumKernelEmitter.Axes axes = SumKernelEmitter.AxesOf(sum);
                sizes = "elements: " + OfAxes(axes.Kept) + ", elementsOfGroup: " + Literal.Integer(axes.ElementsOfGroup)
                    + ", length: " + OfAxes(axes.Added);
                return "Sum";
            case ProductKernel product:
                sizes = "tiles: " + GroupsOf(product, OfProduct) + ", inner: " + OfProduct(product.Inner) + ", splits: "
                    + (product.InnerIsOpen ? "true" : "false");
                return "Multiply";
            case LoopKernel loop:
                sizes = "places: " + rows + ", placesOfGroup: " + Literal.Integer(loop.GroupRows);
                return "Launch";
            case ProductsKernel products:
                sizes = "places: " + (products.HasRows
                    ? string.Join(" + ", products.Members.Select(member => GroupsOf(member.Part.Product, OfProduct)))
                    : BlocksOf(products)) + ", placesOfGroup: 1";
                return "Launch";
            case FusedProductKernel fused:
                sizes = "places: " + GroupsOf(fused.Products[0], OfProduct) + ", placesOfGroup: 1";
                return "Launch";
            default:
                sizes = "places: " + PlacesOf(kernel, Count) + ", placesOfGroup: " + Literal.Integer(DeviceKernel.GroupSize);
                return "Launch";
        }
    }

    /// <summary>How many rows a launch has.</summary>
    public static string RowsOf(RowCount rows) => rows switch
    {
        RowCount.One => "1",
        RowCount.Examples => "run.Examples",
        _ => "run.Rows",
    };

    private static string BlocksOf(ProductsKernel products) => string.Join(" + ", products.Members.GroupBy(member => member.Part).Select(equal =>
        (equal.Count() == 1 ? "" : Literal.Integer(equal.Count()) + " * ") + Literal.Integer(equal.Key.Blocks)));

    /// <summary>Groups of threads of a product whose inner axis is not split.</summary>
    private static string GroupsOf(ProductKernel product, Func<EquatableArray<ProductAxis>, string> count) => product.Tile is not ProductTile tile
        ? "GpuRun.Parts(" + count(ThinProductEmitter.ResultAxes(product).ToEquatable()) + ", " + Literal.Integer(DeviceKernel.GroupSize) + ")"
        : string.Join(" * ", new[]
        {
            "GpuRun.Parts(" + count(product.Rows) + ", " + Literal.Integer(tile.Rows) + ")",
            "GpuRun.Parts(" + count(product.Columns) + ", " + Literal.Integer(tile.Columns) + ")",
            product.Groups.Count == 0 ? "" : count(product.Groups),
        }.Where(part => part.Length > 0));

    private static string PlacesOf(DeviceKernel kernel, Func<int, bool, string> count)
    {
        if (kernel is PoolKernel pool)
        {
            return count(
                pool.Operation is PoolOperation.Max or PoolOperation.Average ? pool.OutputHeight * pool.OutputWidth * pool.Image[2] : pool.Image.Count, true);
        }
        (int known, bool isOpen) = LookupKernelEmitter.Elements(kernel);
        return count(known, isOpen);
    }
}
