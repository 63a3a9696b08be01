using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using Xunit;

namespace HyperDsl.Cpu;

/// <summary>
/// The micro-kernel is fast only if everything in it is inlined. .NET stops without a word where a method has 512 locals, and then the
/// sums leave their registers and a product takes four times as long.
/// </summary>
[Collection(nameof(TileKernelInliningTests))]
public unsafe class TileKernelInliningTests
{
    [SkippableFact]
    public void NoKernelHasMoreLocalsThanAreInlined()
    {
        Skip.If(
            typeof(Gemm).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true,
            "Nothing is inlined in a build for debugging.");
        Skip.IfNot(Vector256.IsHardwareAccelerated, "Without vectors of 256 bits there is no kernel that was made for them.");
        using var listener = new InliningListener();

        // Another copy of the assembly: its kernels are compiled now, and not in an earlier test.
        var context = new AssemblyLoadContext(nameof(TileKernelInliningTests));
        Type gemm = context.LoadFromAssemblyPath(typeof(Gemm).Assembly.Location).GetType(typeof(Gemm).FullName!)!;
        RunAllSizes<float>(gemm);
        RunAllSizes<double>(gemm);
        GC.KeepAlive(LastCompiled(1));
        listener.WaitForTheLast();
        Assert.True(listener.Successes > 1000, $"only {listener.Successes} calls were inlined");
        Assert.Empty(listener.Failures);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LastCompiled(int value) => Inlined(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inlined(int value) => value + 1;

    /// <summary>Blocks of all sizes: rows as they lie, rows packed in strips, matrices as they lie.</summary>
    private static void RunAllSizes<T>(Type gemm)
        where T : unmanaged, INumber<T>
    {
        const int MaxRows = 16;
        const int K = 9;
        int columns = 16 * Vector512<T>.Count;
        using var a = new GuardedMemory<T>(MaxRows * K);
        using var b = new GuardedMemory<T>(columns * K);
        using var c = new GuardedMemory<T>(MaxRows * columns);
        MethodInfo packed = Method<T>(gemm, nameof(Gemm.MultiplyPacked));
        MethodInfo unpacked = Method<T>(gemm, nameof(Gemm.Multiply));
        for (var m = 1; m <= MaxRows; m++)
        {
            foreach (var n in new[] { columns, columns / 4, columns / 16 })
            {
                packed.Invoke(null, [m, n, K, Box(a), (long)K, Box(b), Box(c), (long)n, false]);
                unpacked.Invoke(null, [m, n, K, Box(a), 1L, (long)m, Box(b), (long)n, Box(c), (long)n, false]);
            }
        }
    }

    private static MethodInfo Method<T>(Type gemm, string name)
        => gemm.GetMethods().Single(method => method.Name == name && method.IsGenericMethod).MakeGenericMethod(typeof(T));

    private static object Box<T>(GuardedMemory<T> memory)
        where T : unmanaged, INumber<T>
        => Pointer.Box(memory.Pointer, typeof(T*));

    /// <summary>Hears from the runtime what its compiler inlined.</summary>
    private sealed class InliningListener : EventListener
    {
        private const EventKeywords JitTracing = (EventKeywords)0x1000;
        private readonly ManualResetEventSlim last = new();
        private int successes;

        /// <summary>Calls that were inlined into kernels.</summary>
        public int Successes => successes;

        /// <summary>What was not inlined into a kernel for want of locals.</summary>
        public ConcurrentQueue<string> Failures { get; } = [];

        /// <summary>Waits for the event of what was compiled last: events come in the order of time, from another thread.</summary>
        public void WaitForTheLast() => Assert.True(last.Wait(TimeSpan.FromMinutes(2)), "the compiler's events did not come");

        public override void Dispose()
        {
            base.Dispose();
            last.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, JitTracing);
            }
        }

        // MethodBeingCompiledNamespace, …Name, …Signature; Inliner…, Inlinee…, FailAlways, FailReason.
        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            var compiled = eventData.Payload?[0] as string;
            if (compiled == typeof(TileKernelInliningTests).FullName && eventData.Payload![1] as string == nameof(LastCompiled))
            {
                last.Set();
            }

            if (compiled != "HyperDsl.Cpu.TileKernel")
            {
                return;
            }

            if (eventData.EventName!.StartsWith("MethodJitInliningSucceeded", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref successes);
            }
            else if (eventData.Payload!.Any(value => value as string == "too many locals"))
            {
                Failures.Enqueue(string.Join(' ', eventData.Payload!));
            }
        }
    }
}

/// <summary>The listener hears every compilation of the process: nothing else shall run meanwhile.</summary>
[CollectionDefinition(nameof(TileKernelInliningTests), DisableParallelization = true)]
public sealed class TileKernelInliningCollection;
