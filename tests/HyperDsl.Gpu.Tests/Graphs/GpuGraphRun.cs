using HyperDsl.Compiled.Tests;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu.Tests;

/// <summary>Runs a routine on the fixed leaves of a <see cref="TestModel"/> and compares with the interpreter of graphs.</summary>
internal sealed class GpuGraphRun : IDisposable
{
    private const double SingleRoundoff = 1.0 / (1 << 24);

    private readonly GpuDevice device;
    private readonly TestModel model;
    private readonly Graph computed;
    private readonly DeviceArena arena;
    private readonly RoutineOnDevice routine;
    private readonly MemoryBuffer1D<float, Stride1D.Dense>[] flat;
    private readonly int size;
    private readonly int width;
    private readonly double roundoff;
    private long version;

    public GpuGraphRun(GpuDevice device, TestModel model, Graph computed, GpuRoutine emitted, double roundoff = SingleRoundoff)
    {
        (this.device, this.model, this.computed, this.roundoff) = (device, model, computed, roundoff);
        Result? prediction = computed.Results.FirstOrDefault(result => result.Kind == ResultKind.Prediction);
        width = prediction is null ? 0 : computed[prediction.Node].Shape.Count;
        size = model.Parameters.Count == 0
            ? 16
            : model.Parameters[model.Parameters.Count - 1].Offset + model.Parameters[model.Parameters.Count - 1].Shape.Count;
        arena = new DeviceArena(device);
        routine = new RoutineOnDevice(
            device, arena, emitted, [.. model.Inputs.Select(input => new InputPlan("x", [.. input.Sizes.Sizes], input.Classes))],
            prediction is null ? [] : [new OutputPlan("y", [width])], firstState: 1);
        flat = [.. Enumerable.Range(0, 3).Select(_ => device.Allocate<float>(size))];
        float[] values = new float[size];
        for (int index = 0; index < model.Parameters.Count; index++)
        {
            Parameter parameter = model.Parameters[index];
            double[] numbers = TestModel.Leaf(Node(new ParameterLeaf(index, parameter.Shape, parameter.Trained)), 0);
            Array.ConvertAll(numbers, number => (float)number).CopyTo(values, parameter.Offset);
        }

        flat[0].View.BaseView.CopyFromCPU(device.Stream, values);
    }

    /// <summary>What is wrong, or null: once with new weights, and once with the same, when the first phase is left out.</summary>
    /// <param name="examples">Examples of the batch.</param>
    /// <param name="again">Whether the second time is wanted.</param>
    public string? Difference(int examples, bool again = true)
    {
        Graph meaning = model.Meaning();
        ErrorBounds bounds = ErrorBounds.Of(meaning, examples, roundoff);
        version++;
        Run(examples);
        if (Difference(examples, meaning, bounds) is string first)
        {
            return first;
        }

        if (!again)
        {
            return null;
        }

        Run(examples);
        return Difference(examples, meaning, bounds) is string second ? "with the same weights again, " + second : null;
    }

    private string? Difference(int examples, Graph meaning, ErrorBounds bounds)
    {
        foreach (Result result in computed.Results)
        {
            float[] found = Read(result, examples);
            Result meant = meaning.Results.Single(other => other.Kind == result.Kind && other.Name == result.Name);
            int count = meaning[meant.Node].Shape.Count;
            double[][] values = bounds.Values[meant.Node];
            for (int i = 0; i < found.Length; i++)
            {
                double expected = values[values.Length == 1 ? 0 : i / count][i % count];
                double tolerance = bounds.Tolerance(meant.Node, i / count, i % count);
                if (!(Math.Abs(expected - found[i]) <= tolerance))
                {
                    return $"{examples} examples, {result.Kind} {result.Name} [{i}]: expected {expected:R}, found {found[i]:R}, tolerance {tolerance:R}";
                }
            }
        }

        return null;
    }

    /// <summary>All results, in their order.</summary>
    public float[][] Results(int examples)
    {
        version++;
        Run(examples);
        return [.. computed.Results.Select(result => Read(result, examples))];
    }

    public void Dispose()
    {
        routine.Dispose();
        arena.Dispose();
        foreach (MemoryBuffer1D<float, Stride1D.Dense> buffer in flat)
        {
            buffer.Dispose();
        }
    }

    private void Run(int examples)
    {
        SpoilArena();
        float[] noise = Enumerable.Repeat(1234f, size).ToArray();
        flat[1].View.BaseView.MemSetToZero(device.Stream);
        flat[2].View.BaseView.CopyFromCPU(device.Stream, noise);
        routine.Run([.. model.Inputs.Select(input => Column(input, examples))], [], examples, 1, flat[0], flat[1], flat[2], version, TestModel.RandomKey);
    }

    /// <summary>Nothing may rely on what a call before, perhaps of another routine, left in memory that all use in turn; temporaries are not spoiled.</summary>
    private void SpoilArena()
    {
        foreach (DeviceBuffer<float> buffer in new[] { arena.Lanes, arena.Batch, arena.BatchSteps, arena.Scratch, arena.Sequence, arena.Loss, arena.Parts })
        {
            if (buffer.Bytes > 0)
            {
                buffer.All.CopyFromCPU(device.Stream, Enumerable.Repeat(float.NaN, (int)buffer.All.Length).ToArray());
            }
        }
    }

    private float[] Read(Result result, int examples)
    {
        if (result.Kind == ResultKind.Prediction)
        {
            float[] predictions = new float[examples * width];
            routine.ReadOutputs([predictions]);
            return predictions;
        }

        Parameter? parameter = result.Kind == ResultKind.Loss ? null : model.Parameters[result.Index];
        ArrayView<float> view = parameter is null
            ? arena.Loss.All.SubView(0, 1)
            : flat[result.Kind == ResultKind.Gradient ? 1 : 2].View.BaseView.SubView(parameter.Offset, parameter.Shape.Count);
        float[] values = new float[view.Length];
        view.CopyToCPU(device.Stream, values);
        device.Synchronize();
        return values;
    }

    private static InputColumn<float> Column(InputLeaf input, int examples) => input.Classes > 0
        ? Enumerable.Range(0, examples).Select(example => (int)TestModel.Leaf(Node(input), example)[0]).ToArray()
        : Enumerable.Range(0, examples).SelectMany(example => TestModel.Leaf(Node(input), example)).Select(value => (float)value).ToArray();

    private static Node Node(Leaf leaf) =>
        new(0, leaf, EquatableArray<int>.Empty, leaf.InferShape([]), ElementKind.Real, Varies.Nothing, "");
}
