using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace HyperDsl.Execution;

/// <summary>
/// Background threads that share the items of a job with the caller. Between jobs they spin for about 200 µs, which makes a job that
/// follows closely start in less than a microsecond, and then sleep.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    private const int Closed = 1 << 30;
    private static readonly long SpinTicks = Stopwatch.Frequency / 5_000;

    private readonly Worker[] workers;
    private readonly Lock gate = new();
    private Action<int, int> body = static (_, _) => { };
    private int items;
    private int next;
    private volatile int job;
    private int inside = Closed;
    private Exception? failure;
    private volatile bool stopping;

    /// <summary>Starts <paramref name="threads"/> − 1 background threads.</summary>
    /// <param name="threads">Threads that share a job, with the caller; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        workers = new Worker[threads - 1];
        for (var index = 0; index < workers.Length; index++)
        {
            workers[index] = new Worker(this, index + 1);
        }
    }

    /// <summary>Threads that share a job, with the caller.</summary>
    public int Threads => workers.Length + 1;

    /// <summary>
    /// Calls <c>body(item, worker)</c> for every item from 0 to <paramref name="count"/> − 1, in any order and on any thread; worker is from
    /// 0 (the caller) to <see cref="Threads"/> − 1 and no two calls with the same worker overlap, within one job. Returns when all are done. Allocates
    /// nothing. Jobs from several threads take turns, but for those that need the calling thread only: a job of one item, and any job where there is
    /// one thread. They run at once, and may themselves start another job, whose items run on all threads.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called for several items from within a job that runs on several threads of this pool.</exception>
    /// <exception cref="Exception">What the first failing item threw; items that had not begun are then left out.</exception>
    public void Run(int count, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ObjectDisposedException.ThrowIf(stopping, this);
        if (workers.Length == 0 || count <= 1)
        {
            RunHere(count, body);
            return;
        }

        if (gate.IsHeldByCurrentThread || Worker.Current == this)
        {
            throw new InvalidOperationException("A job cannot start another job on the pool that runs it.");
        }

        lock (gate)
        {
            RunTogether(count, body);
        }
    }

    /// <summary>
    /// As <see cref="Run"/>, by the calling thread alone where another job has the threads: what is better computed now than shared later.
    /// </summary>
    internal void RunWhereIdle(int count, Action<int, int> body)
    {
        if (gate.IsHeldByCurrentThread || Worker.Current == this || !gate.TryEnter())
        {
            RunHere(count, body);
            return;
        }

        try
        {
            RunTogether(count, body);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Ends the threads; a job that they take part in is finished first.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            Wake();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }
    }

    private static void RunHere(int count, Action<int, int> body)
    {
        for (var item = 0; item < count; item++)
        {
            body(item, 0);
        }
    }

    private void RunTogether(int count, Action<int, int> newBody)
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        Begin(count, newBody);
        Work(0);
        End();
    }

    private void Begin(int count, Action<int, int> newBody)
    {
        body = newBody;
        items = count;
        next = 0;
        failure = null;
        Volatile.Write(ref inside, 0);
        Wake();
    }

    private void Wake()
    {
        Interlocked.Increment(ref job);
        foreach (var worker in workers)
        {
            worker.WakeIfAsleep();
        }
    }

    /// <summary>Waits only for workers that entered the job; one that still sleeps finds it closed.</summary>
    private void End()
    {
        Interlocked.Or(ref inside, Closed);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref inside) != Closed)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        body = static (_, _) => { };
        if (failure is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    private void Work(int worker)
    {
        try
        {
            for (int item; (item = Interlocked.Increment(ref next) - 1) < items;)
            {
                body(item, worker);
            }
        }
#pragma warning disable CA1031 // whatever an item throws is thrown again on the calling thread
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, thrown, null);
            Volatile.Write(ref next, int.MaxValue / 2);
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            var seen = Volatile.Read(ref inside);
            if ((seen & Closed) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref inside, seen + 1, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>One background thread.</summary>
    private sealed class Worker
    {
        private const int StackSize = 4 << 20;

        [ThreadStatic]
        private static WorkerPool? current;

        private readonly WorkerPool pool;
        private readonly int index;
        private readonly Thread thread;
        private readonly SemaphoreSlim signal = new(0);
        private int asleep;

        public Worker(WorkerPool pool, int index)
        {
            (this.pool, this.index) = (pool, index);
            thread = new Thread(Loop, StackSize) { IsBackground = true, Name = $"HyperDsl worker {index}" };
            thread.Start();
        }

        public static WorkerPool? Current => current;

        public void WakeIfAsleep()
        {
            if (Interlocked.Exchange(ref asleep, 0) == 1)
            {
                signal.Release();
            }
        }

        public void Join()
        {
            thread.Join();
            signal.Dispose();
        }

        private void Loop()
        {
            current = pool;
            for (var seen = 0; ;)
            {
                seen = WaitForJob(seen);
                if (pool.stopping)
                {
                    return;
                }

                if (pool.TryEnter())
                {
                    pool.Work(index);
                    Interlocked.Decrement(ref pool.inside);
                }
            }
        }

        private int WaitForJob(int seen)
        {
            var start = Stopwatch.GetTimestamp();
            while (true)
            {
                for (var spin = 0; spin < 32; spin++)
                {
                    if (pool.job != seen)
                    {
                        return pool.job;
                    }

                    Thread.SpinWait(1);
                }

                if (Stopwatch.GetTimestamp() - start > SpinTicks)
                {
                    Sleep(seen);
                }
            }
        }

        private void Sleep(int seen)
        {
            Interlocked.Exchange(ref asleep, 1);
            if (pool.job != seen && Interlocked.Exchange(ref asleep, 0) == 1)
            {
                return;
            }

            signal.Wait();
        }
    }
}
