using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Products of a thread that works alone, shared with threads that are idle. Weights that no cache of one core holds take as long as they need to
/// arrive, and two cores together are sent twice as much; two cores compute twice as much anyway. Each element of C is the same sum,
/// so the bits are the same.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>Weights of 1 MB take 10 to 50 µs to read; a thread that sleeps takes about as long to wake.</summary>
    private const int LeastSharedBytes = 1 << 20;

    /// <summary>
    /// Multiply-adds that take some 0.4 ms. With fewer nothing was gained: other threads may sleep, and operands are in the cache of the first.
    /// </summary>
    private const int LeastSharedWork = 1 << 25;

    /// <summary>
    /// Parts for each thread: threads take them as they come, so one that wakes late or is interrupted does fewer. Each packs rows of A of
    /// its own, if any are packed.
    /// </summary>
    private const int PartsOfThread = 4;

    /// <summary>Panels that are multiplied at once with one row: parts are whole numbers of so many.</summary>
    private const int PanelsOfPart = 8;

    /// <summary>Rows that pay for packing B once more.</summary>
    private const int LeastRowsOfPart = 64;

    private static bool PaysForSharing<T>(int m, int n, int k, bool readsWeights)
        where T : unmanaged
    {
        var elements = (long)n * k;
        return (m * elements >= LeastSharedWork || (readsWeights && elements * sizeof(T) >= LeastSharedBytes)) && IdleThreads.Count > 1;
    }

    /// <summary>A product, parts of which other threads compute.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    private sealed class SharedProduct<T>
        where T : unmanaged
    {
        [ThreadStatic]
        private static SharedProduct<T>? ofThread;

        private readonly Action<int, int> columns;
        private readonly Action<int, int> rows;
        private int m;
        private int n;
        private int k;
        private T* a;
        private long aRow;
        private long aColumn;
        private T* b;
        private long bRow;
        private T* c;
        private long cRow;
        private bool accumulate;
        private int width;

        private SharedProduct() => (columns, rows) = (Columns, Rows);

        /// <summary>As <see cref="MultiplyPacked{T}"/>, columns in parts.</summary>
        public static void RunPacked(int m, int n, int k, T* a, long aRow, T* b, T* c, long cRow, bool accumulate)
        {
            var product = Of(m, n, k, accumulate);
            product.a = a;
            product.b = b;
            product.c = c;
            (product.aRow, product.cRow) = (aRow, cRow);
            var unit = PanelsOfPart * Vector512<T>.Count;
            var units = (n + unit - 1) / unit;
            var parts = Math.Min(units, PartsOfThread * IdleThreads.Count);
            product.width = (units + parts - 1) / parts * unit;
            IdleThreads.Share((n + product.width - 1) / product.width, product.columns);
        }

        /// <summary>As <see cref="Multiply{T}"/>, rows in parts.</summary>
        public static void Run(int m, int n, int k, T* a, long aRow, long aColumn, T* b, long bRow, T* c, long cRow, bool accumulate)
        {
            var product = Of(m, n, k, accumulate);
            product.a = a;
            product.b = b;
            product.c = c;
            (product.aRow, product.aColumn, product.bRow, product.cRow) = (aRow, aColumn, bRow, cRow);
            var parts = Math.Clamp(m / LeastRowsOfPart, 1, PartsOfThread * IdleThreads.Count);
            product.width = (m + parts - 1) / parts;
            IdleThreads.Share((m + product.width - 1) / product.width, product.rows);
        }

        private static SharedProduct<T> Of(int m, int n, int k, bool accumulate)
        {
            var product = ofThread ??= new SharedProduct<T>();
            (product.m, product.n, product.k, product.accumulate) = (m, n, k, accumulate);
            return product;
        }

        private void Columns(int index, int worker)
        {
            var first = index * width;
            MultiplyPacked(m, Math.Min(width, n - first), k, a, aRow, b + ((long)first * k), c + first, cRow, accumulate);
        }

        private void Rows(int index, int worker)
        {
            long first = index * width;
            Multiply(
                Math.Min(width, m - (int)first), n, k, a + (first * aRow), aRow, aColumn, b, bRow, c + (first * cRow), cRow, accumulate);
        }
    }
}
