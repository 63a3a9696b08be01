using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Products with large tiles on tensor cores, for models that ask for it: less exact by 13 bits of each factor.</summary>
internal static class TensorTiles
{
    /// <summary>Threads that multiply together.</summary>
    public const int Warp = 32;

    /// <summary>Rows of a result of one instruction.</summary>
    public const int Rows = 16;

    /// <summary>Columns of a result of one instruction, and what it adds up.</summary>
    public const int Columns = 8;

    /// <summary>Columns of a warp.</summary>
    public const int WarpColumns = 32;

    public static DeviceProgram Run(DeviceProgram program) => program with
    {
        Phases = program.Phases.Select(phase => phase with { Steps = Of(phase.Steps) }).ToEquatable(),
    };

    private static EquatableArray<DeviceStep> Of(EquatableArray<DeviceStep> steps) => steps.Select(step => step switch
    {
        DeviceLoop loop => loop with { Body = Of(loop.Body) },
        Launch launch => launch with { Kernel = Of(launch.Kernel) },
        _ => step,
    }).ToEquatable();

    private static DeviceKernel Of(DeviceKernel kernel) => kernel switch
    {
        ProductKernel product => OfProduct(product),
        FusedProductKernel fused => fused with { Products = fused.Products.Select(OfProduct).ToEquatable() },
        _ => kernel,
    };

    private static ProductKernel OfProduct(ProductKernel product)
    {
        if (product.Tile is not { InQuads: true } tile)
        {
            return product;
        }
        int warpRows = tile.Rows / (tile.Threads / Warp / (tile.Columns / WarpColumns));
        return product with { Tile = new ProductTile(tile.Rows, tile.Columns, warpRows / 8, WarpColumns / 4) { OnTensorCores = true } };
    }
}
