using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>
/// What a routine's launches see: the buffers of one run, and how kernels are launched. Values that vary with the example lie example after
/// example; with time, all examples of a step before those of the next.
/// </summary>
public sealed partial class GpuRun
{
    private readonly GpuDevice device;
    private readonly DeviceArena arena;
    private readonly GpuRoutine routine;
    private readonly DeviceBuffer<float> shared;
    private ArrayView<float> parameters;
    private ArrayView<float> gradients;
    private ArrayView<float> updates;
    private InputBuffers? inputs;
    private OutputBuffers? outputs;

    internal GpuRun(GpuDevice device, DeviceArena arena, GpuRoutine routine, DeviceBuffer<float> shared)
    {
        (this.device, this.arena, this.routine, this.shared) = (device, arena, routine, shared);
    }

    /// <summary>Examples of the batch.</summary>
    public int Examples { get; private set; }

    /// <summary>Steps of time; 1 where nothing varies with it.</summary>
    public int Steps { get; private set; }

    /// <summary>Examples at all steps.</summary>
    public int Rows => Examples * Steps;

    /// <summary>The key of the step's random numbers.</summary>
    public ulong RandomKey { get; private set; }

    /// <summary>The mean loss.</summary>
    public ArrayView<float> Loss { get; private set; }

    /// <summary>A weight.</summary>
    public ArrayView<float> Parameters(int offset, int size) => parameters.SubView(offset, size);

    /// <summary>A weight's gradient.</summary>
    public ArrayView<float> Gradients(int offset, int size) => gradients.SubView(offset, size);

    /// <summary>A new value of a weight that is not trained.</summary>
    public ArrayView<float> Updates(int offset, int size) => updates.SubView(offset, size);

    /// <summary>An input of real numbers.</summary>
    public ArrayView<float> Real(int input) => inputs!.Real(input);

    /// <summary>An input of labels.</summary>
    public ArrayView<int> Index(int input) => inputs!.Index(input);

    /// <summary>What the caller may read: [examples] × shape, or [steps] × [examples] × shape.</summary>
    public ArrayView<float> Output(int output) => outputs!.View(output);

    /// <summary>A value that does not vary with the example.</summary>
    public ArrayView<float> Shared(int offset, int size) => shared.Of(routine.SharedSize).SubView(offset, size);

    /// <summary>A sum over examples.</summary>
    public ArrayView<float> Lanes(int offset, int size) => arena.Lanes.Of(routine.LaneSize).SubView(offset, size);

    /// <summary>A value of all examples that outlives a phase.</summary>
    public ArrayView<float> Batch(int offset, int size) =>
        arena.Batch.Of(routine.BatchSizePerExample * Examples).SubView((long)offset * Examples, Checked((long)size * Examples));

    /// <summary>A value of all examples at all steps that outlives a phase.</summary>
    public ArrayView<float> BatchSteps(int offset, int size) =>
        arena.BatchSteps.Of(routine.BatchSizePerStep * Rows).SubView((long)offset * Rows, Checked((long)size * Rows));

    /// <summary>A temporary value of all examples.</summary>
    public ArrayView<float> Scratch(int offset, int size) =>
        arena.Scratch.Of(routine.ScratchSizePerExample * Examples).SubView((long)offset * Examples, Checked((long)size * Examples));

    /// <summary>A temporary value of all examples at all steps.</summary>
    public ArrayView<float> Sequence(int offset, int size) =>
        arena.Sequence.Of(routine.SequenceSizePerExample * Rows).SubView((long)offset * Rows, Checked((long)size * Rows));

    /// <summary>All weights.</summary>
    public ArrayView<float> AllParameters => parameters;

    /// <summary>The gradients of all weights.</summary>
    public ArrayView<float> AllGradients => gradients;

    /// <summary>All values that do not vary with the example.</summary>
    public ArrayView<float> AllCommon => shared.Of(routine.SharedSize);

    /// <summary>All sums over examples.</summary>
    public ArrayView<float> AllLanes => arena.Lanes.Of(routine.LaneSize);

    /// <summary>All values of all examples that outlive a phase.</summary>
    public ArrayView<float> AllBatch => Whole(arena.Batch, routine.BatchSizePerExample * Examples);

    /// <summary>All values of all examples at all steps that outlive a phase.</summary>
    public ArrayView<float> AllBatchSteps => Whole(arena.BatchSteps, routine.BatchSizePerStep * Rows);

    /// <summary>All temporary values of all examples.</summary>
    public ArrayView<float> AllScratch => Whole(arena.Scratch, routine.ScratchSizePerExample * Examples);

    /// <summary>All temporary values of all examples at all steps.</summary>
    public ArrayView<float> AllSequence => Whole(arena.Sequence, routine.SequenceSizePerExample * Rows);

    /// <summary>Makes room for a value that lives during one step of a phase.</summary>
    public void MakeTemporary(int number, int length) => arena.Temporary(number).Of(length);

    /// <summary>A value that <see cref="MakeTemporary"/> made room for.</summary>
    public ArrayView<float> Temporary(int number) => arena.Temporary(number).All;

    /// <summary>A buffer from an element on.</summary>
    public static ArrayView<T> From<T>(ArrayView<T> view, int offset)
        where T : unmanaged => view.SubView(offset, view.Length - offset);

    /// <summary>How many parts of a size cover a length.</summary>
    public static int Parts(int length, int size) => (int)(((long)length + size - 1) / size);

    /// <summary>Sets sums over examples to 0.</summary>
    public void ClearLanes(int offset, int size) => Launch(
        MemoryKernels.FillKernel, size, MemoryKernels.Threads,
        new MemoryKernels.FillArguments { Target = Lanes(offset, size), Length = size });

    /// <summary>Launches a kernel with a thread, or a row of threads, for each place.</summary>
    public void Launch<T>(GpuKernel<T> kernel, int places, int placesOfGroup, in T arguments)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(kernel);
        device.CountLaunch();
        kernel.Launch(device, Parts(places, placesOfGroup), arguments);
    }

    internal void Begin(
        ArrayView<float> parameterView, ArrayView<float> gradientView, ArrayView<float> updateView, InputBuffers inputBuffers,
        OutputBuffers outputBuffers, int examples, int steps, ulong randomKey)
    {
        (parameters, gradients, updates, inputs, outputs) = (parameterView, gradientView, updateView, inputBuffers, outputBuffers);
        (Examples, Steps, RandomKey) = (examples, steps, randomKey);
        _ = checked(examples * steps);
        Loss = arena.Loss.Of(1);
    }

    private static ArrayView<float> Whole(DeviceBuffer<float> buffer, long length) =>
        length <= int.MaxValue ? buffer.Of((int)length)
        : throw new NotSupportedException(
            $"The values of all examples and steps are {length:N0} elements, more than a kernel that takes examples through time can address (2³¹ − 1). Use "
            + "smaller batches or shorter sequences.");

    private static int Checked(long length) => length <= int.MaxValue ? (int)length : throw new NotSupportedException(
        $"A value of {length:N0} elements is larger than kernels count (2³¹ − 1). Use smaller batches or shorter sequences.");
}
