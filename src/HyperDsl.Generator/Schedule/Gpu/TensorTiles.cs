using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Gives products with large tiles a form for tensor cores. It has the tile and the threads of the other form, so a launch does not depend on
/// which of the two a device takes. Kernels that walk sequences have no tiles and stay as they are.
/// </summary>
internal static class TensorTiles
{
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
        ProductsKernel products => products with
        {
            Members = products.Members.Select(member => member with { Part = new ProductPart(Of(member.Part.Kernel)) }).ToEquatable(),
        },
        ProductSumsKernel sums => sums with { OnTensorCores = sums.Tile.InQuads },
        _ => kernel,
    };

    private static ProductKernel OfProduct(ProductKernel product) => product with { OnTensorCores = product.Tile is { InQuads: true } };
}
