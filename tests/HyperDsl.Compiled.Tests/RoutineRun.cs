using System.Numerics;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Runs a compiled routine on the fixed leaves of a <see cref="TestModel"/>.</summary>
internal sealed class RoutineRun<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    private readonly TestModel model;
    private readonly Graph computed;
    private readonly WorkerPool pool;
    private readonly RoutineRunner<T> runner;
    private readonly AlignedBuffer<T> flat;
    private readonly AlignedBuffer<T> gradients;
    private readonly AlignedBuffer<T> updates;
    private readonly OutputPlan[] outputs;

    public RoutineRun(TestModel model, Graph computed, CompiledRoutine<T> routine, int threads)
    {
        (this.model, this.computed) = (model, computed);
        outputs = computed.Results.Where(result => result.IsOutput)
            .Select(result => new OutputPlan(result.Name, [.. computed[result.Node].Shape.Sizes])).ToArray();
        int size = model.Parameters.Count == 0
            ? 16
            : model.Parameters[model.Parameters.Count - 1].Offset + model.Parameters[model.Parameters.Count - 1].Shape.Count;
        pool = new WorkerPool(threads);
        runner = new RoutineRunner<T>(
            routine, pool, model.Inputs.Select(input => new InputPlan("x", [.. input.Sizes.Sizes], input.Classes)).ToArray(), outputs);
        (flat, gradients, updates) = (new AlignedBuffer<T>(size), new AlignedBuffer<T>(size), new AlignedBuffer<T>(size));
        for (int index = 0; index < model.Parameters.Count; index++)
        {
            Parameter parameter = model.Parameters[index];
            double[] numbers = TestModel.Leaf(Node(new ParameterLeaf(index, parameter.Shape, parameter.Trained)), 0);
            for (int i = 0; i < numbers.Length; i++)
            {
                flat.Span[parameter.Offset + i] = T.CreateChecked(numbers[i]);
            }
        }
    }

    /// <summary>The elements of each result of the graph, in its order; predictions of all examples one after another.</summary>
    public T[][] Run(int examples)
    {
        RoutineArguments<T> arguments = Arguments(examples);
        gradients.Span.Fill(T.CreateChecked(1234));
        updates.Span.Fill(T.CreateChecked(1234));
        T loss = runner.Run(arguments);
        return computed.Results.Select(result => result.Kind switch
        {
            ResultKind.Loss => [loss],
            ResultKind.Prediction => arguments.Outputs![0].ToArray(),
            ResultKind.Gradient => Part(gradients, result),
            _ => Part(updates, result),
        }).ToArray();
    }

    public RoutineArguments<T> Arguments(int examples, long version = -1) => new()
    {
        Parameters = flat,
        ParametersVersion = version,
        Gradients = gradients,
        Updates = updates,
        Inputs = model.Inputs.Select(input => Column(input, examples)).ToArray(),
        Outputs = outputs.Select(output => new T[examples * output.Shape.Aggregate(1, (count, size) => count * size)].AsMemory()).ToArray(),
        Examples = examples,
        RandomKey = TestModel.RandomKey,
    };

    public T RunOnce(in RoutineArguments<T> arguments) => runner.Run(arguments);

    public void Dispose()
    {
        runner.Dispose();
        pool.Dispose();
        flat.Dispose();
        gradients.Dispose();
        updates.Dispose();
    }

    private T[] Part(AlignedBuffer<T> buffer, Result result)
    {
        Parameter parameter = model.Parameters[result.Index];
        return buffer.Span.Slice(parameter.Offset, parameter.Shape.Count).ToArray();
    }

    private static InputColumn<T> Column(InputLeaf input, int examples) => input.Classes > 0
        ? Enumerable.Range(0, examples).Select(example => (int)TestModel.Leaf(Node(input), example)[0]).ToArray()
        : Enumerable.Range(0, examples).SelectMany(example => TestModel.Leaf(Node(input), example)).Select(T.CreateChecked).ToArray();

    private static Node Node(Leaf leaf) =>
        new(0, leaf, EquatableArray<int>.Empty, leaf.InferShape([]), ElementKind.Real, Varies.Nothing, "");
}
