using System.Runtime.Intrinsics;
using HyperDsl.Cpu;

namespace HyperDsl.Execution;

/// <summary>
/// Owns a routine's memory and runs its phases over a batch. The batch is cut into slices and these are dealt to lanes by a rule that
/// knows only the batch's size; a lane's slices run in order on one worker and lanes are added in order. So the result has the same bits
/// for any number of threads. Not safe for use by several threads at a time.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public sealed unsafe class RoutineRunner<T> : IDisposable
    where T : unmanaged
{
    private const int MaxLanes = 16;
    private const int SumChunk = 8192;

    private readonly CompiledRoutine<T> routine;
    private readonly WorkerPool pool;
    private readonly InputArena<T> inputs;
    private readonly OutputArena<T> outputs;
    private readonly long laneStride;
    private long scratchStride;
    private readonly AlignedBuffer<T> shared;
    private AlignedBuffer<T> scratch = new(0);
    private readonly AlignedBuffer<T> loss = new(1);
    private readonly Action<int, int> runLane;
    private readonly Action<int, int> addLanes;
    private readonly Action<int, Action<int, int>> share;
    private AlignedBuffer<T> batch = new(0);
    private AlignedBuffer<T> batchSteps = new(0);
    private AlignedBuffer<T> laneSums = new(0);
    private Frame<T> frame;
    private int phase;
    private int lanes;
    private int slices;
    private (long Offset, long Size) range;
    private PreparedFor? prepared;

    /// <summary>Allocates what does not depend on the batch.</summary>
    /// <param name="routine">The routine.</param>
    /// <param name="pool">The threads; several runners may share one pool.</param>
    /// <param name="inputs">Inputs of the routine's entry.</param>
    /// <param name="outputs">What the routine gives for each example, in its order.</param>
    public RoutineRunner(
        CompiledRoutine<T> routine, WorkerPool pool, IReadOnlyList<InputPlan> inputs, IReadOnlyList<OutputPlan> outputs)
    {
        ArgumentNullException.ThrowIfNull(routine);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ExponentialConstants.Prepare();
        (this.routine, this.pool) = (routine, pool);
        this.inputs = new InputArena<T>(inputs);
        laneStride = RoundUp(routine.LaneSize);
        shared = new AlignedBuffer<T>(routine.SharedSize);
        this.outputs = new OutputArena<T>(outputs);
        runLane = RunLane;
        addLanes = AddLanes;
        share = pool.RunWhereIdle;
    }

    /// <summary>
    /// Runs all phases. Allocates nothing on the managed heap unless the batch is larger than all before, or its columns are not in arrays. The first phase is left out when
    /// version, buffer, random key and number of examples are those of the previous run; a routine of one phase always runs.
    /// </summary>
    /// <returns>The mean loss, or 0 if the routine computes none.</returns>
    /// <exception cref="ArgumentException">An input or the room for an output does not fit, or a label is out of range.</exception>
    public T Run(in RoutineArguments<T> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(arguments.Examples);
        var steps = Math.Max(1, arguments.Steps);
        outputs.Check(arguments.Outputs, arguments.Examples, steps);
        inputs.Prepare(arguments.Inputs, arguments.Examples, steps, routine.SliceRows);
        Prepare(arguments, steps);
        var wanted = new PreparedFor(
            arguments.Parameters, arguments.ParametersVersion, arguments.RandomKey, arguments.Examples, steps);
        var first = arguments.ParametersVersion >= 0 && routine.Phases > 1 && prepared == wanted ? 1 : 0;
        prepared = null;
        for (phase = first; phase < routine.Phases; phase++)
        {
            // What runs on this thread alone may share large products with the others.
            if (pool.Threads > 1 && (phase % 2 == 0 || lanes == 1))
            {
                RunPhaseSharing();
            }
            else
            {
                RunPhase();
            }
        }

        prepared = wanted;
        inputs.Release();
        outputs.CopyOut(arguments.Examples, steps, routine.SliceRows);
        GC.KeepAlive(arguments.Gradients);
        GC.KeepAlive(arguments.Updates);
        return *frame.Loss;
    }

    /// <summary>Elements of temporary memory that are held for the slices that run at a time.</summary>
    internal long ScratchLength => scratch.Length;

    /// <summary>Frees the memory; the pool is left as it is.</summary>
    public void Dispose()
    {
        inputs.Dispose();
        shared.Dispose();
        scratch.Dispose();
        loss.Dispose();
        batch.Dispose();
        batchSteps.Dispose();
        laneSums.Dispose();
        outputs.Dispose();
    }

    /// <summary>Rounds up to 64 bytes.</summary>
    private static long RoundUp(long size)
    {
        var line = 64 / sizeof(T);
        return (size + line - 1) / line * line;
    }

    private static void Grow(ref AlignedBuffer<T> buffer, long length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new AlignedBuffer<T>(length);
        }
    }

    private void Prepare(in RoutineArguments<T> arguments, int steps)
    {
        slices = (int)(((long)arguments.Examples + routine.SliceRows - 1) / routine.SliceRows);
        lanes = Math.Min(MaxLanes, slices);
        Grow(ref batch, checked(routine.BatchSizePerExample * arguments.Examples));
        Grow(ref batchSteps, checked(routine.BatchSizePerStep * arguments.Examples * steps));
        Grow(ref laneSums, laneStride * lanes);
        scratchStride = RoundUp(checked(routine.ScratchSize + (routine.ScratchSizePerStep * steps)));
        Grow(ref scratch, checked(scratchStride * Math.Min(lanes, pool.Threads)));
        outputs.Prepare(arguments.Examples, steps);
        *loss.Pointer = default;
        frame = new Frame<T>
        {
            Parameters = arguments.Parameters.Pointer,
            Gradients = arguments.Gradients is null ? null : arguments.Gradients.Pointer,
            Updates = arguments.Updates is null ? null : arguments.Updates.Pointer,
            Shared = shared.Pointer,
            Batch = batch.Pointer,
            BatchSteps = batchSteps.Pointer,
            Lanes = laneSums.Pointer,
            Reals = inputs.Reals,
            Indices = inputs.Indices,
            Outputs = outputs.Pointers,
            Loss = loss.Pointer,
            Examples = arguments.Examples,
            Steps = steps,
            RandomKey = arguments.RandomKey,
        };
    }

    private void RunPhaseSharing()
    {
        IdleThreads.Offer(pool.Threads, share);
        try
        {
            RunPhase();
        }
        finally
        {
            IdleThreads.Withdraw();
        }
    }

    private void RunPhase()
    {
        if (phase % 2 == 0)
        {
            routine.Once(phase, frame);
            return;
        }

        range = routine.LaneRange(phase);
        pool.Run(lanes, runLane);
        if (lanes > 1 && range.Size > 0)
        {
            pool.Run(checked((int)((range.Size + SumChunk - 1) / SumChunk)), addLanes);
        }
    }

    /// <summary>The slices of one lane, in order: those from lane · slices / lanes on.</summary>
    private void RunLane(int lane, int worker)
    {
        var sums = frame.Lanes + (lane * laneStride);
        Clear(sums + range.Offset, range.Size);
        // Room for as many slices as can run at a time: that of its worker, or its own where there are fewer lanes than workers.
        var room = scratch.Pointer + ((lanes < pool.Threads ? lane : worker) * scratchStride);
        var end = (int)((long)(lane + 1) * slices / lanes);
        for (var slice = (int)((long)lane * slices / lanes); slice < end; slice++)
        {
            var first = slice * routine.SliceRows;
            var rows = Math.Min(routine.SliceRows, frame.Examples - first);
            if (phase == 1)
            {
                inputs.CopySlice(first);
            }

            routine.Slice(phase, frame, room, sums, first, rows);
        }
    }

    private static void Clear(T* target, long size)
    {
        for (; size > 0; size -= 1 << 30, target += 1 << 30)
        {
            new Span<T>(target, (int)Math.Min(size, 1 << 30)).Clear();
        }
    }

    /// <summary>Adds a piece of all lanes to lane 0, lane after lane.</summary>
    private void AddLanes(int chunk, int worker)
    {
        var start = range.Offset + ((long)chunk * SumChunk);
        var size = (int)Math.Min(SumChunk, range.Offset + range.Size - start);
        var width = Vector512<T>.Count;
        for (var index = 0; index < size; index += width)
        {
            var target = frame.Lanes + start + index;
            var count = Math.Min(width, size - index);
            var sum = VectorMath.LoadPartial(target, count);
            for (var lane = 1; lane < lanes; lane++)
            {
                sum += VectorMath.LoadPartial(target + (lane * laneStride), count);
            }

            VectorMath.StorePartial(sum, target, count);
        }
    }

    /// <summary>What the shared memory was computed from.</summary>
    private readonly record struct PreparedFor(AlignedBuffer<T> Parameters, long Version, ulong RandomKey, int Examples, int Steps);
}
