using System.Collections.Concurrent;
using HyperDsl.Cpu;

namespace HyperDsl.Execution;

public class IdleThreadsTests
{
    private static readonly OutputPlan[] Outputs = [new("score", [])];

    private static readonly InputPlan[] Inputs = [new("x", [19], 0), new("label", [], 3)];

    /// <summary>A slice is four examples: those of one slice, and the phases that are for all examples, run on one thread.</summary>
    [Theory]
    [InlineData(3, 1, 3)]
    [InlineData(3, 4, 3)]
    [InlineData(3, 5, 1)]
    [InlineData(1, 1, 1)]
    public void ThreadsAreIdleWhereOneWorksAlone(int threads, int examples, int idleInSlices)
    {
        var seen = new ConcurrentBag<(int Phase, int Idle)>();
        using var pool = new WorkerPool(threads);
        using var runner = new RoutineRunner<float>(
            new LinearRoutine { Begins = phase => seen.Add((phase, IdleThreads.Count)) }, pool, Inputs, Outputs);
        using var model = new Model(examples);
        model.Run(runner);
        Assert.All(seen, begun => Assert.Equal(begun.Phase == 1 ? idleInSlices : threads, begun.Idle));
        Assert.Equal([0, 1, 2], seen.Select(begun => begun.Phase).Distinct().Order());
        Assert.Equal(1, IdleThreads.Count);
    }

    [Fact]
    public void AfterAFailureNoThreadIsOffered()
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine { FailsAt = 0 }, pool, Inputs, Outputs);
        using var model = new Model(1);
        Assert.Throws<ArithmeticException>(() => model.Run(runner));
        Assert.Equal(1, IdleThreads.Count);
    }

    [Fact]
    public void WhatIsSharedDoesNotShareAgain()
    {
        using var pool = new WorkerPool(2);
        IdleThreads.Offer(2, pool.Run);
        try
        {
            IdleThreads.Share(16, (_, _) => Assert.Equal(1, IdleThreads.Count));
            Assert.Throws<FormatException>(() => IdleThreads.Share(2, (_, _) => throw new FormatException()));
            Assert.Equal(2, IdleThreads.Count);
        }
        finally
        {
            IdleThreads.Withdraw();
        }
    }
}
