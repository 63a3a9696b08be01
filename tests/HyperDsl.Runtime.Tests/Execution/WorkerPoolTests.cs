namespace HyperDsl.Execution;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryItemRunsOnceInEveryJob(int threads)
    {
        using var pool = new WorkerPool(threads);
        var random = new Random(1);
        for (var job = 0; job < 2000; job++)
        {
            var done = new int[random.Next(0, 40)];
            pool.Run(done.Length, (item, worker) =>
            {
                Assert.InRange(worker, 0, threads - 1);
                Interlocked.Increment(ref done[item]);
            });
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void AWorkerDoesOneItemAtATime()
    {
        using var pool = new WorkerPool(4);
        var busy = new int[4];
        pool.Run(500, (_, worker) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[worker]));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref busy[worker]);
        });
    }

    [Fact]
    public void ThreadsWakeAfterTheySlept()
    {
        using var pool = new WorkerPool(2);
        for (var job = 0; job < 5; job++)
        {
            Thread.Sleep(5);
            using var both = new Barrier(2);
            pool.Run(2, (_, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ExceptionsReachTheCallerAndThePoolGoesOn(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (var job = 0; job < 50; job++)
        {
            var thrown = Assert.Throws<FormatException>(() => pool.Run(20, (item, _) =>
            {
                if (item == 7)
                {
                    throw new FormatException("item 7");
                }
            }));
            Assert.Equal("item 7", thrown.Message);
            var count = 0;
            pool.Run(20, (_, _) => Interlocked.Increment(ref count));
            Assert.Equal(20, count);
        }
    }

    [Fact]
    public void AJobInsideAJobIsRefused()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(8, (_, _) => pool.Run(2, (_, _) => { })));
    }

    [Fact]
    public void AJobOfOneItemSharesWorkWithAllThreads()
    {
        using var pool = new WorkerPool(2);
        for (var job = 0; job < 20; job++)
        {
            pool.Run(1, (_, _) =>
            {
                // Both items wait for each other: one thread alone would never end.
                using var both = new Barrier(2);
                pool.Run(2, (_, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))));
                Assert.Throws<InvalidOperationException>(() => pool.Run(2, (_, _) => pool.Run(2, (_, _) => { })));
            });
            Assert.Throws<InvalidOperationException>(() => pool.Run(2, (_, _) => pool.Run(2, (_, _) => { })));
        }
    }

    /// <summary>What needs nobody but its caller waits for nobody.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void JobsOfTheirCallersRunSideBySide(int threads, int items)
    {
        using var pool = new WorkerPool(threads);
        using var together = new Barrier(2);
        var met = 0;
        void Job() => pool.Run(items, (_, worker) =>
        {
            Assert.Equal(0, worker);
            if (together.SignalAndWait(TimeSpan.FromSeconds(20)))
            {
                Interlocked.Increment(ref met);
            }
        });

        Thread[] callers = [new(Job), new(Job)];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Equal(2 * items, met);
    }

    /// <summary>A character of a large model does not wait for a step of training on another thread.</summary>
    [Fact]
    public void WhatWouldShareIdleThreadsRunsAloneWhereTheyAreBusy()
    {
        using var pool = new WorkerPool(2);
        using var begun = new ManualResetEventSlim();
        using var shared = new ManualResetEventSlim();
        var failures = 0;
        Thread training = new(() => pool.Run(2, (_, _) =>
        {
            begun.Set();
            Interlocked.Add(ref failures, shared.Wait(TimeSpan.FromSeconds(20)) ? 0 : 1);
            pool.RunWhereIdle(2, (_, worker) => Interlocked.Add(ref failures, worker));
        }));
        training.Start();
        begun.Wait();
        var here = Environment.CurrentManagedThreadId;
        var items = new List<int>();
        pool.RunWhereIdle(3, (item, worker) =>
        {
            Assert.Equal((here, 0), (Environment.CurrentManagedThreadId, worker));
            items.Add(item);
        });
        shared.Set();
        training.Join();
        Assert.Equal(0, failures);
        Assert.Equal([0, 1, 2], items);

        // Now they are idle: both items wait for each other.
        using var both = new Barrier(2);
        pool.RunWhereIdle(2, (_, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        Action<int, int> body = static (_, _) => Thread.SpinWait(10);
        pool.Run(10, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var job = 0; job < 100; job++)
        {
            pool.Run(10, body);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ADisposedPoolRefusesJobs()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(3, (_, _) => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
    }
}
