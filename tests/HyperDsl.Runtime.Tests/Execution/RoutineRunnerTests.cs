using HyperDsl.Cpu;

namespace HyperDsl.Execution;

public unsafe class RoutineRunnerTests
{
    private const int Width = 19;
    private const int Classes = 3;

    private static readonly OutputPlan[] Outputs = [new("score", [])];

    private static readonly InputPlan[] Inputs = [new("x", [Width], 0), new("label", [], Classes)];

    /// <summary>Squared error of a linear model, with the derivative, against the same arithmetic in a plain loop of double.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(203)]
    public void LossGradientAndPredictionsAreThoseOfAPlainLoop(int examples)
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var model = new Model(examples);
        var loss = model.Run(runner);
        var (expectedLoss, expectedGradient, magnitude) = (0.0, new double[Width], new double[Width]);
        for (var example = 0; example < examples; example++)
        {
            var (prediction, size) = (0.0, 0.0);
            for (var i = 0; i < Width; i++)
            {
                var term = (double)model.X[(example * Width) + i] * model.Parameters.Span[i];
                prediction += term;
                size += Math.Abs(term);
            }

            Rounding.AssertSum<float>(prediction, model.Predictions[example], Width, size, "prediction");
            var error = prediction - model.Labels[example];
            expectedLoss += error * error / examples;
            for (var i = 0; i < Width; i++)
            {
                expectedGradient[i] += 2 * error * model.X[(example * Width) + i] / examples;
                magnitude[i] += 2 * (Math.Abs(error) + Width) * Math.Abs(model.X[(example * Width) + i]) / examples;
            }
        }

        Rounding.AssertSum<float>(expectedLoss, loss, examples + Width, expectedLoss + Width, "loss");
        for (var i = 0; i < Width; i++)
        {
            Rounding.AssertSum<float>(expectedGradient[i], model.Gradients.Span[i], examples + Width, magnitude[i], $"gradient {i}");
        }
    }

    /// <summary>Temporary memory of a recurrent model is megabytes a slice; five slices at a time need no more on 64 threads than on 5.</summary>
    [Theory]
    [InlineData(1, 20, 1)]
    [InlineData(3, 20, 3)]
    [InlineData(64, 20, 5)]
    [InlineData(64, 4, 1)]
    [InlineData(64, 1000, 16)]
    public void TemporaryMemoryIsForSlicesThatCanRunAtATime(int threads, int examples, int expectedSlices)
    {
        using var pool = new WorkerPool(threads);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var model = new Model(examples);
        model.Run(runner);
        Assert.Equal(expectedSlices * 64 / sizeof(float), runner.ScratchLength);
    }

    [Fact]
    public void BitsDoNotDependOnTheNumberOfThreads()
    {
        foreach (var examples in new[] { 1, 7, 64, 301 })
        {
            var results = new List<(float Loss, float[] Gradient, float[] Predictions)>();
            foreach (var threads in new[] { 1, 2, 3, 8 })
            {
                using var pool = new WorkerPool(threads);
                using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
                using var model = new Model(examples);
                for (var repeat = 0; repeat < 5; repeat++)
                {
                    results.Add((model.Run(runner), model.Gradients.Span.ToArray(), (float[])model.Predictions.Clone()));
                }
            }

            Assert.All(results, result =>
            {
                Assert.Equal(results[0].Loss, result.Loss);
                Assert.Equal(results[0].Gradient, result.Gradient);
                Assert.Equal(results[0].Predictions, result.Predictions);
            });
        }
    }

    [Fact]
    public void AWarmRunAllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var model = new Model(100);
        model.Run(runner);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 20; step++)
        {
            model.Run(runner);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ALargerBatchThenASmallerOneGivesTheSame()
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var small = new Model(6);
        using var large = new Model(400);
        var first = small.Run(runner);
        large.Run(runner);
        Assert.Equal(first, small.Run(runner));
    }

    [Fact]
    public void TheFirstPhaseIsLeftOutWhileParametersAreUnchanged()
    {
        using var pool = new WorkerPool(1);
        var routine = new LinearRoutine();
        using var runner = new RoutineRunner<float>(routine, pool, Inputs, Outputs);
        using var model = new Model(10);
        using var other = new Model(11);
        var expected = model.Run(runner, version: 1);
        Assert.Equal(expected, model.Run(runner, version: 1));
        Assert.Equal(1, routine.FirstPhases);
        model.Run(runner, version: 2);
        model.Run(runner, version: -1);
        model.Run(runner, version: -1);
        Assert.Equal(4, routine.FirstPhases);
        model.Run(runner, version: 3);
        model.Run(runner, version: 3, key: 9);
        other.Run(runner, version: 3, key: 9);
        Assert.Equal(7, routine.FirstPhases);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void LabelsOutOfRangeAreNamed(int label)
    {
        using var pool = new WorkerPool(1);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var model = new Model(10);
        model.Labels[7] = label;
        var thrown = Assert.Throws<ArgumentException>(() => model.Run(runner));
        Assert.Equal($"Input 'label' of example 7 is {label}; labels must be from 0 to 2.", thrown.Message);
    }

    [Fact]
    public void ColumnsThatDoNotFitAreRefused()
    {
        using var pool = new WorkerPool(1);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        using var parameters = new AlignedBuffer<float>(Width);
        void Run(InputColumn<float>[] columns, float[] predictions) => runner.Run(
            new RoutineArguments<float> { Parameters = parameters, Inputs = columns, Outputs = [predictions], Examples = 4 });
        Assert.Contains("2 inputs, but 1", Assert.Throws<ArgumentException>(() => Run([new float[80]], [])).Message);
        Assert.Contains("needs labels", Assert.Throws<ArgumentException>(() => Run([new float[80], new float[4]], [])).Message);
        Assert.Contains("needs 76 elements", Assert.Throws<ArgumentException>(() => Run([new float[75], new int[4]], [])).Message);
        Assert.Contains("room for 4", Assert.Throws<ArgumentException>(() => Run([new float[76], new int[4]], new float[3])).Message);
    }

    /// <summary>One character after another is generated by several threads at a time, each with a model of its own.</summary>
    [Fact]
    public void BatchesOfOneSliceRunSideBySide()
    {
        using var pool = new WorkerPool(2);
        using var together = new Barrier(2);
        var met = 0;
        var routine = new LinearRoutine
        {
            Begins = phase =>
            {
                if (phase == 1 && together.SignalAndWait(TimeSpan.FromSeconds(30)))
                {
                    Interlocked.Increment(ref met);
                }
            },
        };
        void Generate()
        {
            using var runner = new RoutineRunner<float>(routine, pool, Inputs, Outputs);
            using var model = new Model(2);
            model.Run(runner);
        }

        Thread[] threads = [new(Generate), new(Generate)];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(2, met);
    }

    [Fact]
    public void ARunnerTakesBatchesOfEverySizeInTurn()
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
        foreach (var examples in new[] { 3, 9, 9, 3, 30, 1, 9 })
        {
            using var fresh = new RoutineRunner<float>(new LinearRoutine(), pool, Inputs, Outputs);
            using var model = new Model(examples);
            var loss = model.Run(runner);
            var predictions = model.Predictions.ToArray();
            Assert.Equal(model.Run(fresh), loss);
            Assert.Equal(model.Predictions, predictions);
        }
    }

    [Fact]
    public void AFailingSliceReachesTheCaller()
    {
        using var pool = new WorkerPool(2);
        using var runner = new RoutineRunner<float>(new LinearRoutine { FailsAt = 40 }, pool, Inputs, Outputs);
        using var model = new Model(100);
        Assert.Throws<ArithmeticException>(() => model.Run(runner));
    }

    [Fact]
    public void MemoryIsAlignedAndZero()
    {
        for (var length = 0; length < 40; length++)
        {
            using var buffer = new AlignedBuffer<double>(length);
            Assert.Equal(0, (nint)buffer.Pointer % 64);
            Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
        }

        var disposed = new AlignedBuffer<int>(3);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => disposed.Span.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<float>(-1));
    }

    [Fact]
    public void TheProcessorIsDescribed()
    {
        Assert.Equal(Processor.IsVectorised, !Processor.Describe().Contains("emulated", StringComparison.Ordinal));
    }
}
