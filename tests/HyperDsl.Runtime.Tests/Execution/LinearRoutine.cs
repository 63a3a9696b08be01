namespace HyperDsl.Execution;

/// <summary>
/// A routine written by hand: prediction w · x, loss (prediction − label)², gradient. Phase 0 copies w, phase 1 predicts and adds up,
/// phase 2 divides by the number of examples.
/// </summary>
internal sealed unsafe class LinearRoutine : CompiledRoutine<float>
{
    private const int Width = 19;

    public int FirstPhases { get; private set; }

    public int FailsAt { get; init; } = -1;

    /// <summary>Called on the thread that begins a phase, or a slice of one.</summary>
    public Action<int> Begins { get; init; } = _ => { };

    public override int SliceRows => 4;

    public override int Phases => 3;

    public override long SharedSize => Width;

    public override long BatchSizePerExample => 1;

    public override long ScratchSize => 1;

    public override long LaneSize => 16 + Width + 1;

    public override (long Offset, long Size) LaneRange(int phase) => (16, Width + 1);

    public override void Once(int phase, in Frame<float> frame)
    {
        Begins(phase);
        if (phase == 0)
        {
            FirstPhases++;
            new Span<float>(frame.Parameters, Width).CopyTo(new Span<float>(frame.Shared, Width));
            return;
        }

        for (var i = 0; i < Width && frame.Gradients != null; i++)
        {
            frame.Gradients[i] = frame.Lanes[16 + i] / frame.Examples;
        }

        *frame.Loss = frame.Lanes[16 + Width] / frame.Examples;
    }

    public override void Slice(int phase, in Frame<float> frame, float* scratch, float* lane, int first, int rows)
    {
        Begins(phase);
        for (var example = first; example < first + rows; example++)
        {
            if (example == FailsAt)
            {
                throw new ArithmeticException();
            }

            var x = frame.Reals[0] + (example * Width);
            *scratch = 0;
            for (var i = 0; i < Width; i++)
            {
                *scratch += x[i] * frame.Shared[i];
            }

            frame.Batch[example] = *scratch - frame.Indices[1][example];
            frame.Outputs[0][example] = *scratch;
            lane[16 + Width] += frame.Batch[example] * frame.Batch[example];
            for (var i = 0; i < Width; i++)
            {
                lane[16 + i] += 2 * frame.Batch[example] * x[i];
            }
        }
    }
}

/// <summary>Data, parameters and results for <see cref="LinearRoutine"/>.</summary>
internal sealed class Model : IDisposable
{
    private readonly InputColumn<float>[] columns;
    private readonly Memory<float>[] outputs;

    public Model(int examples)
    {
        var random = new Random(5);
        X = new float[examples * 19];
        for (var index = 0; index < X.Length; index++)
        {
            X[index] = (float)((2 * random.NextDouble()) - 1);
        }

        Labels = new int[examples];
        for (var example = 0; example < examples; example++)
        {
            Labels[example] = example % 3;
        }

        for (var i = 0; i < 19; i++)
        {
            Parameters.Span[i] = (float)((2 * random.NextDouble()) - 1);
        }

        Predictions = new float[examples];
        columns = [X, Labels];
        outputs = [Predictions];
    }

    public float[] X { get; }

    public int[] Labels { get; }

    public float[] Predictions { get; }

    public AlignedBuffer<float> Parameters { get; } = new(19);

    public AlignedBuffer<float> Gradients { get; } = new(19);

    public float Run(RoutineRunner<float> runner, long version = -1, ulong key = 0) => runner.Run(new RoutineArguments<float>
    {
        Parameters = Parameters,
        ParametersVersion = version,
        Gradients = Gradients,
        Inputs = columns,
        Outputs = outputs,
        Examples = Labels.Length,
        RandomKey = key,
    });

    public void Dispose()
    {
        Parameters.Dispose();
        Gradients.Dispose();
    }
}
