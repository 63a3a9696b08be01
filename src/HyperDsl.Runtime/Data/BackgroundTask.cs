using System.Runtime.ExceptionServices;

namespace HyperDsl.Data;

/// <summary>One thread that runs one piece of work again and again, each time on request; requests allocate nothing.</summary>
internal sealed class BackgroundTask : IDisposable
{
    private readonly SemaphoreSlim requested = new(0);
    private readonly SemaphoreSlim finished = new(0);
    private readonly Action work;
    private readonly Thread thread;
    private ExceptionDispatchInfo? fault;
    private volatile bool stopping;

    public BackgroundTask(string name, Action work)
    {
        this.work = work;
        thread = new Thread(Run) { Name = name, IsBackground = true };
        thread.Start();
    }

    /// <summary>Whether work was requested and not waited for.</summary>
    public bool Pending { get; private set; }

    /// <summary>Starts the work.</summary>
    public void Begin()
    {
        Pending = true;
        requested.Release();
    }

    /// <summary>Waits for the work; throws what it threw.</summary>
    public void End()
    {
        finished.Wait();
        Pending = false;
        ExceptionDispatchInfo? thrown = fault;
        fault = null;
        thrown?.Throw();
    }

    /// <summary>Ends the thread after the work that is in progress.</summary>
    public void Dispose()
    {
        stopping = true;
        requested.Release();
        thread.Join();
        requested.Dispose();
        finished.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            requested.Wait();
            if (stopping)
            {
                return;
            }

            try
            {
                work();
            }
            catch (Exception exception)
            {
                fault = ExceptionDispatchInfo.Capture(exception);
            }

            finished.Release();
        }
    }
}
