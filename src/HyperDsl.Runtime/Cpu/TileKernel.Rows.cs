namespace HyperDsl.Cpu;

/// <summary>Which accumulators a block of a given number of rows is made of.</summary>
internal static unsafe partial class TileKernel
{
    private static void RunOnePanel<T>(int rows, in TileTask<T> task)
        where T : unmanaged
    {
        switch (rows)
        {
            case 1: Run<T, Rows1x1<T>, NoRows<T>, NoRows<T>, NoRows<T>>(task); break;
            case 2: Run<T, Rows1x1<T>, NoRows<T>, Rows1x1<T>, NoRows<T>>(task); break;
            case 3: Run<T, Rows2x1<T>, NoRows<T>, Rows1x1<T>, NoRows<T>>(task); break;
            case 4: Run<T, Rows2x1<T>, NoRows<T>, Rows2x1<T>, NoRows<T>>(task); break;
            case 5: Run<T, Rows3x1<T>, NoRows<T>, Rows2x1<T>, NoRows<T>>(task); break;
            case 6: Run<T, Rows3x1<T>, NoRows<T>, Rows3x1<T>, NoRows<T>>(task); break;
            case 7: Run<T, Rows4x1<T>, NoRows<T>, Rows3x1<T>, NoRows<T>>(task); break;
            case 8: Run<T, Rows4x1<T>, NoRows<T>, Rows4x1<T>, NoRows<T>>(task); break;
            case 9: Run<T, Rows4x1<T>, Rows1x1<T>, Rows4x1<T>, NoRows<T>>(task); break;
            case 10: Run<T, Rows4x1<T>, Rows1x1<T>, Rows4x1<T>, Rows1x1<T>>(task); break;
            case 11: Run<T, Rows4x1<T>, Rows2x1<T>, Rows4x1<T>, Rows1x1<T>>(task); break;
            case 12: Run<T, Rows4x1<T>, Rows2x1<T>, Rows4x1<T>, Rows2x1<T>>(task); break;
            case 13: Run<T, Rows4x1<T>, Rows3x1<T>, Rows4x1<T>, Rows2x1<T>>(task); break;
            case 14: Run<T, Rows4x1<T>, Rows3x1<T>, Rows4x1<T>, Rows3x1<T>>(task); break;
            case 15: Run<T, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>, Rows3x1<T>>(task); break;
            case 16: Run<T, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of one panel has 1 to 16 rows.");
        }
    }

    private static void RunTwoPanels<T>(int rows, in TileTask<T> task)
        where T : unmanaged
    {
        switch (rows)
        {
            case 1: Run<T, Rows1x2<T>, NoRows<T>, NoRows<T>, NoRows<T>>(task); break;
            case 2: Run<T, Rows1x2<T>, NoRows<T>, Rows1x2<T>, NoRows<T>>(task); break;
            case 3: Run<T, Rows2x2<T>, NoRows<T>, Rows1x2<T>, NoRows<T>>(task); break;
            case 4: Run<T, Rows2x2<T>, NoRows<T>, Rows2x2<T>, NoRows<T>>(task); break;
            case 5: Run<T, Rows3x2<T>, NoRows<T>, Rows2x2<T>, NoRows<T>>(task); break;
            case 6: Run<T, Rows3x2<T>, NoRows<T>, Rows3x2<T>, NoRows<T>>(task); break;
            case 7: Run<T, Rows4x2<T>, NoRows<T>, Rows3x2<T>, NoRows<T>>(task); break;
            case 8: Run<T, Rows4x2<T>, NoRows<T>, Rows4x2<T>, NoRows<T>>(task); break;
            case 9: Run<T, Rows4x2<T>, Rows1x2<T>, Rows4x2<T>, NoRows<T>>(task); break;
            case 10: Run<T, Rows4x2<T>, Rows1x2<T>, Rows4x2<T>, Rows1x2<T>>(task); break;
            case 11: Run<T, Rows4x2<T>, Rows2x2<T>, Rows4x2<T>, Rows1x2<T>>(task); break;
            case 12: Run<T, Rows4x2<T>, Rows2x2<T>, Rows4x2<T>, Rows2x2<T>>(task); break;
            case 13: Run<T, Rows4x2<T>, Rows3x2<T>, Rows4x2<T>, Rows2x2<T>>(task); break;
            case 14: Run<T, Rows4x2<T>, Rows3x2<T>, Rows4x2<T>, Rows3x2<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of two panels has 1 to 14 rows.");
        }
    }
}
