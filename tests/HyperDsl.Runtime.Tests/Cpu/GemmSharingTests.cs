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
    [InlineData(5, 100, 3000)]
    public void SharedColumnsHaveTheSameBits(int m, int n, int k)
    {
        Check<float>(m, n, k);
        Check<double>(m, n / 2, k);
    }

    [Fact]
    public void SharingAllocatesNothing()
    {
        const int N = 1024;
        const int K = 512;
        using var a = new AlignedBuffer<float>(K);
        using var b = new AlignedBuffer<float>(Gemm.PackedSize<float>(K, N));
        using var c = new AlignedBuffer<float>(N);
        using var pool = new WorkerPool(2);
        IdleThreads.Offer(2, pool.Run);
        try
        {
            Gemm.MultiplyPacked(1, N, K, a.Pointer, K, b.Pointer, c.Pointer, N, accumulate: false);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var repeat = 0; repeat < 20; repeat++)
            {
                Gemm.MultiplyPacked(1, N, K, a.Pointer, K, b.Pointer, c.Pointer, N, accumulate: false);
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
        finally
        {
            IdleThreads.Withdraw();
        }
    }

    private static void Check<T>(int m, int n, int k)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        using var a = GuardedMemory<T>.Random(m * k, m);
        using var b = GuardedMemory<T>.Random(k * n, n);
        using var packed = GuardedMemory<T>.Random(Gemm.PackedSize<T>(k, n), 5);
        Gemm.Pack(b.Pointer, k, n, n, 1, packed.Pointer);
        T[] Product(int threads, bool accumulate, out int jobs)
        {
            using var c = GuardedMemory<T>.Random(m * n, 7);
            using var pool = new WorkerPool(threads);
            var shared = 0;
            IdleThreads.Offer(threads, (items, body) =>
            {
                shared++;
                pool.Run(items, body);
            });
            try
            {
                Gemm.MultiplyPacked(m, n, k, a.Pointer, k, packed.Pointer, c.Pointer, n, accumulate);
            }
            finally
            {
                IdleThreads.Withdraw();
            }

            jobs = shared;
            return c.ToArray().Select(value => T.CreateChecked(value)).ToArray();
        }

        foreach (var accumulate in new[] { false, true })
        {
            var alone = Product(1, accumulate, out var jobsAlone);
            Assert.Equal(0, jobsAlone);
            foreach (var threads in new[] { 2, 3, 16 })
            {
                Assert.Equal(alone, Product(threads, accumulate, out var jobs));
                Assert.Equal(1, jobs);
            }
        }
    }
}
