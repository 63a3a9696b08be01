using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>How a product is cut into tiles.</summary>
internal static class ProductTiles
{
    /// <summary>Below this many columns or rows most of a tile would be empty.</summary>
    private const int FewestForTiles = 8;

    /// <summary>Tiles that keep every multiprocessor of a large card busy.</summary>
    private const int EnoughTiles = 128;

    /// <summary>Rows or columns of a tile that wastes more than others where it is not filled.</summary>
    private const int Large = 128;

    /// <summary>How much smaller a product's tile may become by others: a quarter has half the work for each value loaded.</summary>
    private const int MostOfOwn = 4;

    // What tiles are chosen for; the result is right for any number.
    private const int ExpectedExamples = 64;
    private const int ExpectedSteps = 100;

    /// <summary>From the most work for each value loaded to the most groups.</summary>
    public static readonly ProductTile[] All =
    [
        new(128, 128, 8, 8), new(128, 64, 8, 8), new(64, 128, 8, 8), new(64, 64, 4, 4),
        new(64, 32, 4, 2), new(32, 64, 2, 4), new(32, 32, 2, 2), new(16, 32, 1, 2), new(32, 16, 2, 1), new(16, 16, 1, 1),
    ];

    /// <summary>The largest tile that gives enough of them and is not mostly empty.</summary>
    public static ProductTile? Choose(ProductKernel product, RowCount count)
    {
        long rows = Expected(product.Rows, count);
        long columns = Expected(product.Columns, count);
        if (rows < FewestForTiles || columns < FewestForTiles)
        {
            return null;
        }
        long inner = Expected(product.Inner, count);
        ProductTile[] fitting = All
            .Where(tile => IsFilled(rows, tile.Rows) && IsFilled(columns, tile.Columns) && HasRegisters(product with { Tile = tile }))
            .DefaultIfEmpty(All[All.Length - 1]).ToArray();
        // Where the inner axis is long and open it is split, which gives more groups.
        long splits = product.InnerIsOpen ? Math.Max(1, inner / 256) : 1;
        return fitting.FirstOrDefault(tile => splits * Count(product, tile, count) >= EnoughTiles) ?? fitting[fitting.Length - 1];
    }

    /// <summary>
    /// Tiles for products that are launched together, the best one first: all that fill a device, and the smallest one, but none that is far smaller
    /// than one of the products has alone.
    /// </summary>
    public static IEnumerable<ProductTile> ForAll(ProductKernel[] products, RowCount count)
    {
        ProductTile[] fitting = All.Where(tile => products.All(product => IsFilled(Expected(product.Rows, count), tile.Rows)
                && IsFilled(Expected(product.Columns, count), tile.Columns) && HasRegisters(product with { Tile = tile })))
            .DefaultIfEmpty(All[All.Length - 1]).ToArray();
        return fitting
            .Where((tile, i) => i == fitting.Length - 1 || products.Sum(product => Count(product, tile, count)) >= EnoughTiles)
            .Where(tile => products.All(product =>
                product.Tile is null || product.Tile.Rows * product.Tile.Columns <= MostOfOwn * tile.Rows * tile.Columns));
    }

    /// <summary>Whether so many groups of threads keep every multiprocessor of a large card busy.</summary>
    public static bool IsEnough(long groups) => groups >= EnoughTiles;

    /// <summary>How many tiles a product is expected to have.</summary>
    public static long Count(ProductKernel product, ProductTile tile, RowCount count) => Expected(product.Groups, count)
        * Parts(Expected(product.Rows, count), tile.Rows) * Parts(Expected(product.Columns, count), tile.Columns);

    /// <summary>
    /// Whether loads leave room for a thread's elements: few threads that load single numbers need too many registers for their addresses
    /// (140 of the 128 that are to do).
    /// </summary>
    public static bool HasRegisters(ProductKernel product) => product.Tile is not { InQuads: true, Threads: < DeviceKernel.GroupSize }
        || (ProductQuads.OfLeft(product) != QuadAxis.None && ProductQuads.OfRight(product) != QuadAxis.None);

    /// <summary>How many elements axes are expected to have.</summary>
    public static long Expected(EquatableArray<ProductAxis> axes, RowCount count) =>
        (long)ProductKernel.Count(axes) * (axes.Any(axis => axis.IsOpen) ? Expected(count) : 1);

    /// <summary>How many rows a launch is expected to have.</summary>
    public static int Expected(RowCount count) => count switch
    {
        RowCount.One => 1,
        RowCount.Examples => ExpectedExamples,
        _ => ExpectedExamples * ExpectedSteps,
    };

    private static long Parts(long size, int part) => (size + part - 1) / part;

    /// <summary>Whether at most half of the last tile, or of the only one, is empty; of large ones, a quarter of all.</summary>
    private static bool IsFilled(long size, int part) => part >= Large
        ? size * 4 >= Parts(size, part) * part * 3
        : size % part == 0 || size > part * 2 || size * 2 > part;
}
