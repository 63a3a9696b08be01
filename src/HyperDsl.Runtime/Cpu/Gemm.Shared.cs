using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// A product whose weights no cache of one core holds takes as long as they need to arrive, and two cores together are sent twice as much.
/// Where other threads are idle its columns are shared with them; a column's sum, and so the result, is the same.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>Weights of 1 MB take 10 to 50 µs to read; a thread that sleeps takes about as long to wake.</summary>
    private const int LeastSharedBytes = 1 << 20;

    /// <summary>
    /// Parts for each thread: threads take them as they come, so one that wakes late or is interrupted does fewer. Each packs rows of A of
    /// its own, if any are packed.
    /// </summary>
    private const int PartsOfThread = 4;

    /// <summary>Panels that are multiplied at once with one row: parts are whole numbers of so many.</summary>
    private const int PanelsOfPart = 8;

    private static bool PaysForSharing<T>(int n, int k)
        where T : unmanaged
        => (long)n * k * sizeof(T) >= LeastSharedBytes && IdleThreads.Count > 1;

    /// <summary>A product with a packed B, columns of which other threads compute.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    private sealed class SharedProduct<T>
        where T : unmanaged
    {
        [ThreadStatic]
        private static SharedProduct<T>? ofThread;

        private readonly Action<int, int> part;
        private int m;
        private int n;
        private int k;
        private T* a;
        private long aRow;
        private T* b;
        private T* c;
        private long cRow;
        private bool accumulate;
        private int width;

        private SharedProduct() => part = Part;

        /// <summary>As <see cref="MultiplyPacked{T}"/>.</summary>
        public static void Run(int m, int n, int k, T* a, long aRow, T* b, T* c, long cRow, bool accumulate)
        {
            var product = ofThread ??= new SharedProduct<T>();
            (product.m, product.n, product.k, product.accumulate) = (m, n, k, accumulate);
            product.a = a;
            product.b = b;
            product.c = c;
            (product.aRow, product.cRow) = (aRow, cRow);
            var unit = PanelsOfPart * Vector512<T>.Count;
            var units = (n + unit - 1) / unit;
            var parts = Math.Min(units, PartsOfThread * IdleThreads.Count);
            product.width = (units + parts - 1) / parts * unit;
            IdleThreads.Share((n + product.width - 1) / product.width, product.part);
        }

        private void Part(int index, int worker)
        {
            var first = index * width;
            MultiplyPacked(m, Math.Min(width, n - first), k, a, aRow, b + ((long)first * k), c + first, cRow, accumulate);
        }
    }
}
