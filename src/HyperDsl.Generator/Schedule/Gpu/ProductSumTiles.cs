namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// The tile of products that add up rows and are launched together. Alone, few of them fill a device, so they may have more work together than
/// apart; an estimate says how much. Nobody has measured it on a GPU.
/// </summary>
internal static class ProductSumTiles
{
    /// <summary>How many times the work that the products have alone they may have together.</summary>
    private const double MostWork = 2;

    /// <summary>The same of a single one, which otherwise would be copied.</summary>
    private const double MostWorkOfOne = 4;

    /// <summary>Cycles that loads from shared memory take for one multiplication, for each number.</summary>
    private const double CyclesOfLoad = 2;

    /// <summary>Inner elements of a part, at least.</summary>
    private const int InnerOfPart = 256;

    /// <summary>The tile by which they have the least work; <c>null</c> if apart they have far less.</summary>
    public static ProductTile? For(IReadOnlyCollection<ProductSum> sums)
    {
        ProductTile[] fitting = [.. ProductTiles.All.Where(tile => sums.All(sum => ProductTiles.HasRegisters(sum.By(tile))))];
        ProductTile best = fitting.Where(tile => ProductTiles.IsEnough(sums.Sum(sum => Groups(sum, tile)))).DefaultIfEmpty(fitting[fitting.Length - 1])
            .OrderBy(tile => sums.Sum(sum => Work(sum, tile))).First();
        return sums.Sum(sum => Work(sum, best)) <= (sums.Count == 1 ? MostWorkOfOne : MostWork) * sums.Sum(sum => Work(sum, sum.Product.Tile)) ? best : null;
    }

    private static long Groups(ProductSum sum, ProductTile tile) => sum.Tiles(tile) * Math.Max(1, Inner(sum) / InnerOfPart);

    private static long Inner(ProductSum sum) => ProductTiles.Expected(sum.Product.Inner, sum.Rows);

    /// <summary>Cycles of all threads; without a tile a thread reads two numbers for each multiplication, and they come from farther away.</summary>
    private static double Work(ProductSum sum, ProductTile? tile) => tile is null
        ? sum.Places.Elements * Inner(sum) * (1 + (4 * CyclesOfLoad))
        : (double)sum.Tiles(tile) * tile.Rows * tile.Columns * Inner(sum)
            * (1 + (CyclesOfLoad * (tile.ThreadRows + tile.ThreadColumns) / (tile.ThreadRows * tile.ThreadColumns)));
}
