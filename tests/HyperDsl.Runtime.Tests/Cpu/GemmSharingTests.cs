using System.Numerics;
using HyperDsl.Execution;

namespace HyperDsl.Cpu;

public unsafe class GemmSharingTests
{
    /// <summary>Few rows and many, whole panels and a part of one, several blocks of depth, rows that are packed and rows that are not.</summary>
    [Theory]
    [InlineData(1, 2000, 300)]
    [InlineData(2, 513, 1100)]
    [InlineData(1, 140, 4000)]
    [InlineData(7, 1024, 512)]
    [InlineData(33, 700, 600)]
    [InlineData(5, 150, 3000)]
    [InlineData(130, 512, 510)]
    public void SharedColumnsHaveTheSameBits(int m, int n, int k)
    {
        CheckPacked<float>(m, n, k);
        CheckPacked<double>(m, Math.Max(n / 2, 300), k);
    }

    /// <summary>Gradients of weights, whose A is transposed, and products of two activations; strips, panels in place, few columns.</summary>
    [Theory]
    [InlineData(128, 300, 900)]
    [InlineData(130, 65, 4000)]
    [InlineData(517, 209, 311)]
    [InlineData(4000, 3, 2800)]
    [InlineData(1030, 17, 1930)]
    public void SharedRowsHaveTheSameBits(int m, int n, int k)
    {
        CheckUnpacked<float>(m, n, k, transposed: true);
        CheckUnpacked<float>(m, n, k, transposed: false);
        CheckUnpacked<double>(m, n, k, transposed: true);
    }

    [Fact]
    public void SmallProductsAreNotShared()
    {
        using var memory = new AlignedBuffer<float>(1 << 19);
        IdleThreads.Offer(2, (_, _) => Assert.Fail("shared"));
        try
        {
            var p = memory.Pointer;
            Gemm.MultiplyPacked(1, 512, 511, p, 511, p, p, 512, accumulate: false);
            Gemm.MultiplyPacked(127, 512, 510, p, 510, p, p, 512, accumulate: false);
            Gemm.Multiply(127, 512, 600, p, 600, 1, p, 512, p, 512, accumulate: false);
            Gemm.Multiply(128, 512, 511, p, 1, 128, p, 512, p, 512, accumulate: false);
        }
        finally
        {
            IdleThreads.Withdraw();
        }
    }

    [Fact]
    public void SharingAllocatesNothing()
    {
        const int N = 1024;
        const int K = 512;
        const int M = 512;
        using var a = new AlignedBuffer<float>(M * 64);
        using var b = new AlignedBuffer<float>(Gemm.PackedSize<float>(K, N));
        using var c = new AlignedBuffer<float>(M * N);
        using var pool = new WorkerPool(2);
        IdleThreads.Offer(2, pool.Run);
        void Run()
        {
            Gemm.MultiplyPacked(1, N, K, a.Pointer, K, b.Pointer, c.Pointer, N, accumulate: false);
            Gemm.Multiply(M, N, 64, a.Pointer, 1, M, b.Pointer, N, c.Pointer, N, accumulate: true);
        }

        // Without an offer this thread does all parts, so that it has room for strips before they are counted.
        IdleThreads.Withdraw();
        Run();
        IdleThreads.Offer(2, pool.Run);
        try
        {
            Run();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var repeat = 0; repeat < 20; repeat++)
            {
                Run();
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
        finally
        {
            IdleThreads.Withdraw();
        }
    }

    private static void CheckPacked<T>(int m, int n, int k)
        where T : unmanaged, INumber<T>
    {
        using var a = GuardedMemory<T>.Random(m * k, m);
        using var b = GuardedMemory<T>.Random(k * n, n);
        using var packed = GuardedMemory<T>.Random(Gemm.PackedSize<T>(k, n), 5);
        Gemm.Pack(b.Pointer, k, n, n, 1, packed.Pointer);
        foreach (var accumulate in new[] { false, true })
        {
            CheckBits<T>(m * n, c => Gemm.MultiplyPacked(m, n, k, a.Pointer, k, packed.Pointer, c.Pointer, n, accumulate));
        }
    }

    private static void CheckUnpacked<T>(int m, int n, int k, bool transposed)
        where T : unmanaged, INumber<T>
    {
        using var a = GuardedMemory<T>.Random(m * k, m);
        using var b = GuardedMemory<T>.Random(k * n, n);
        var (aRow, aColumn) = transposed ? (1, m) : (k, 1);
        foreach (var accumulate in new[] { false, true })
        {
            CheckBits<T>(m * n, c => Gemm.Multiply(m, n, k, a.Pointer, aRow, aColumn, b.Pointer, n, c.Pointer, n, accumulate));
        }
    }

    private static void CheckBits<T>(int length, Action<GuardedMemory<T>> multiply)
        where T : unmanaged, INumber<T>
    {
        var (alone, jobsAlone) = Product(1, length, multiply);
        Assert.Equal(0, jobsAlone);
        foreach (var threads in new[] { 2, 3, 16 })
        {
            var (shared, jobs) = Product(threads, length, multiply);
            Assert.Equal(alone, shared);
            Assert.Equal(1, jobs);
        }
    }

    private static (double[] Values, int Jobs) Product<T>(int threads, int length, Action<GuardedMemory<T>> multiply)
        where T : unmanaged, INumber<T>
    {
        using var c = GuardedMemory<T>.Random(length, 7);
        using var pool = new WorkerPool(threads);
        var jobs = 0;
        IdleThreads.Offer(threads, (items, body) =>
        {
            jobs++;
            pool.Run(items, body);
        });
        try
        {
            multiply(c);
        }
        finally
        {
            IdleThreads.Withdraw();
        }

        return (c.ToArray(), jobs);
    }
}
