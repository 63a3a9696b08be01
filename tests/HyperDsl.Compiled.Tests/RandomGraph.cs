using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>
/// Draws graphs of all operations of the language, with leaves made where an operation needs one. Functions with poles are
/// given arguments that stay away from them, so that rounding stays small by construction.
/// </summary>
internal sealed partial class RandomGraph
{
    private const int LargestCount = 360;

    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33];

    private readonly Random random;
    private readonly GraphBuilder graph = new();
    private readonly List<Value> pool = [];
    private readonly List<ParameterLeaf> parameters = [];
    private readonly List<InputLeaf> inputs = [];
    private int masks;

    private RandomGraph(int seed) => random = new Random(seed);

    /// <param name="seed">The same seed gives the same graph.</param>
    /// <param name="steps">How many operations are drawn.</param>
    /// <param name="training">Whether the result is a loss; otherwise a prediction.</param>
    public static TestModel Draw(int seed, int steps, bool training)
    {
        RandomGraph drawn = new(seed);
        for (int i = 0; i < 3; i++)
        {
            drawn.pool.Add(drawn.NewLeaf(drawn.AnyShape()));
        }
        for (int i = 0; i < steps; i++)
        {
            drawn.pool.Add(drawn.Bounded(drawn.Step()));
        }
        return drawn.Finish(training);
    }

    private TestModel Finish(bool training)
    {
        List<Result> results = [];
        if (training)
        {
            Value loss = Term(pool[^1]);
            for (int i = random.Next(3); i > 0; i--)
            {
                loss = graph.Plus(loss, Term(Any()));
            }
            results.Add(new Result(ResultKind.Loss, "loss", 0, loss.Id));
            foreach (ParameterLeaf leaf in parameters.Where(leaf => !leaf.Trained).ToArray())
            {
                Value[] fitting = pool.Where(value => graph[value].Shape == leaf.Sizes && !Varies(value)).ToArray();
                if (fitting.Length > 0)
                {
                    results.Add(new Result(ResultKind.Update, "p" + leaf.Index, leaf.Index, Pick(fitting).Id));
                }
            }
        }
        if (!training || Chance(4))
        {
            results.Add(new Result(ResultKind.Prediction, "predicted", 0, (training ? Any() : pool[^1]).Id));
        }
        return new TestModel(graph.Build(results), TestModel.Table(parameters), inputs.ToEquatable());
    }

    /// <summary>The mean of <c>x² / (1 + x²)</c>, of <c>tanh x</c> or of <c>x</c>.</summary>
    private Value Term(Value x)
    {
        int count = graph[x].Shape.Count;
        Value y = random.Next(3) switch
        {
            0 => graph.Over(graph.Times(x, x), OnePlusSquare(x)),
            1 => graph.Add(new Tanh(), x),
            _ => x,
        };
        return graph.Scale(graph.Add(new Sum(AllAxes(y)), y), 1.0 / count);
    }

    private Value Step() => random.Next(16) switch
    {
        0 or 1 => Unary(),
        2 or 3 => Binary(),
        4 => Reduction(),
        5 or 6 => View(),
        7 => Joined(),
        8 or 9 or 10 => Contraction(),
        11 => Convolution(),
        12 => Pooling(),
        13 => Lookup(),
        14 => OverExamples(),
        _ => Normalised(),
    };

    /// <summary>Shrinks what is large, in elements or in magnitude, so that graphs stay small and well conditioned.</summary>
    private Value Bounded(Value x)
    {
        while (graph[x].Shape.Count > LargestCount)
        {
            Shape shape = graph[x].Shape;
            int axis = Enumerable.Range(0, shape.Rank).MaxBy(a => shape[a]);
            x = Chance(2)
                ? graph.Add(new Slice(axis, random.Next(shape[axis] / 2 + 1), shape[axis] / 2), x)
                : graph.Scale(graph.Add(new Sum(new EquatableArray<int>(axis)), x), 1.0 / shape[axis]);
        }
        return x;
    }

    private Value Any() => Pick(pool);

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private bool Chance(int of) => random.Next(of) == 0;

    private bool Varies(Value value) => graph[value].VariesWithExample;

    private EquatableArray<int> AllAxes(Value x) => Enumerable.Range(0, graph[x].Shape.Rank).ToEquatable();

    private Value OnePlusSquare(Value x) => graph.Plus(graph.Times(x, x), graph.Like(1, x));

    private Shape AnyShape()
    {
        while (true)
        {
            Shape shape = Shape.Of(Enumerable.Range(0, random.Next(4)).Select(_ => Pick(Sizes)));
            if (shape.Count <= LargestCount)
            {
                return shape;
            }
        }
    }

    /// <summary>A value of a shape: one that is there already, or a new leaf.</summary>
    private Value Of(Shape shape)
    {
        Value[] fitting = pool.Where(value => graph[value].Shape == shape).ToArray();
        return fitting.Length > 0 && !Chance(3) ? Pick(fitting) : NewLeaf(shape);
    }

    private Value NewLeaf(Shape shape)
    {
        int kind = random.Next(10);
        if (kind < 4)
        {
            InputLeaf input = new(inputs.Count, shape, 0);
            inputs.Add(input);
            return graph.Add(input, "x" + input.Index);
        }
        if (kind < 8)
        {
            ParameterLeaf parameter = new(parameters.Count, shape, !Chance(6));
            parameters.Add(parameter);
            return graph.Add(parameter, "p" + parameter.Index);
        }
        return kind == 8
            ? graph.Full(Math.Round((random.NextDouble() * 4) - 2, 2), shape)
            : graph.Add(new KeepMask(0.7, shape, masks++));
    }

    private Value NewLabel(int classes)
    {
        InputLeaf[] fitting = inputs.Where(input => input.Classes > 0 && input.Classes <= classes).ToArray();
        if (fitting.Length > 0 && Chance(2))
        {
            return graph.Add(Pick(fitting));
        }
        InputLeaf label = new(inputs.Count, Shape.Scalar, classes);
        inputs.Add(label);
        return graph.Add(label, "label" + label.Index);
    }
}
