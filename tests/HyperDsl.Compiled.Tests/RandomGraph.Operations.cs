using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>The operations that are drawn.</summary>
internal sealed partial class RandomGraph
{
    private Value Unary()
    {
        Value x = Any();
        Value positive = OnePlusSquare(x);
        return random.Next(17) switch
        {
            0 => graph.Add(new Tanh(), x),
            1 => graph.Add(new Sigmoid(), x),
            2 => graph.Add(new Sin(), x),
            3 => graph.Add(new Cos(), x),
            4 => graph.Add(new Relu(), x),
            5 => graph.Add(new Abs(), x),
            6 => graph.Add(new Softplus(), x),
            7 => graph.Negative(x),
            8 => graph.Add(new Exp(), graph.Add(new Tanh(), x)),
            9 => graph.Add(new Log(), positive),
            10 => graph.Add(new Sqrt(), positive),
            11 => graph.Add(new Power(1.5), positive),
            12 => graph.Add(new Power(-0.5), positive),
            13 => graph.Over(x, positive),
            14 => graph.Add(new Detach(), x),
            15 => graph.Add(new Sign(), x),
            _ => graph.Add(new Power(2), graph.Add(new Tanh(), x)),
        };
    }

    private Value Binary()
    {
        Value a = Any();
        Value b = Chance(3) ? Any() : Of(Repeatable(graph[a].Shape));
        Value[] aligned = Aligned(a, b) ?? Aligned(a, Of(Repeatable(graph[a].Shape)))!;
        (a, b) = Chance(2) ? (aligned[0], aligned[1]) : (aligned[1], aligned[0]);
        Shape shape = graph[a].Shape;
        return random.Next(12) switch
        {
            0 or 1 => graph.Plus(a, b),
            2 or 3 => graph.Minus(a, b),
            4 or 5 => graph.Times(a, b),
            6 => graph.Add(new Minimum(), a, b),
            7 => graph.Add(new Maximum(), a, b),
            8 => graph.Over(a, OnePlusSquare(b)),
            9 => graph.Times(graph.Add(new Less(), a, b), a),
            10 => graph.Add(new LessOrEqual(), a, b),
            _ => graph.Choose(
                Chance(2) ? graph.Add(new KeepMask(0.5, shape, masks++)) : graph.Add(new Less(), a, b), a, Of(shape)),
        };
    }

    private Value[]? Aligned(Value a, Value b)
    {
        try
        {
            return Broadcasting.Align(graph, "draw", a, b);
        }
        catch (ShapeException)
        {
            return null;
        }
    }

    /// <summary>A shape that repeats to another: leading axes dropped, others of size 1.</summary>
    private Shape Repeatable(Shape shape)
    {
        int dropped = Chance(3) ? random.Next(shape.Rank + 1) : 0;
        return Shape.Of(shape.Sizes.Skip(dropped).Select(size => Chance(4) ? 1 : size));
    }

    private Value Reduction()
    {
        Value x = Any();
        Shape shape = graph[x].Shape;
        EquatableArray<int> axes = Enumerable.Range(0, shape.Rank).Where(_ => Chance(2)).ToEquatable();
        Value reduced = Chance(2)
            ? graph.Add(new Max(axes), x)
            : graph.Scale(graph.Add(new Sum(axes), x), 1.0 / Math.Max(1, axes.Sum(axis => shape[axis])));
        return Chance(3) ? graph.Add(new Broadcast(shape), graph.Add(new Reshape(shape.WithUnits(axes)), reduced)) : reduced;
    }

    private Value View()
    {
        Value x = Any();
        Shape shape = graph[x].Shape;
        if (shape.Rank == 0)
        {
            return graph.Add(new Broadcast(AnyShape()), x);
        }
        int axis = random.Next(shape.Rank);
        switch (random.Next(6))
        {
            case 0:
                int[] order = Enumerable.Range(0, shape.Rank).ToArray();
                random.Shuffle(order);
                return graph.Add(new Transpose(order.ToEquatable()), x);
            case 1:
                int start = random.Next(shape[axis]);
                return graph.Add(new Slice(axis, start, 1 + random.Next(shape[axis] - start)), x);
            case 2:
                return graph.Add(new Reshape(Regrouped(shape)), x);
            case 3:
                EquatableArray<int> Border() => Enumerable.Range(0, shape.Rank).Select(_ => random.Next(3)).ToEquatable();
                return graph.Add(new Pad(Border(), Border(), Chance(2) ? 0 : 0.25), x);
            case 4:
                Shape larger = Shape.Of(shape.Sizes.Select(size => size == 1 ? Pick(Sizes) : size).Prepend(1 + random.Next(3)));
                return larger.Count <= LargestCount ? graph.Add(new Broadcast(larger), x) : x;
            default:
                Value turned = graph.Add(new Transpose(Enumerable.Range(0, shape.Rank).Reverse().ToEquatable()), x);
                return graph.Add(new Reshape(Regrouped(shape)), turned);
        }
    }

    /// <summary>The same number of elements in other axes.</summary>
    private Shape Regrouped(Shape shape)
    {
        int left = shape.Count;
        List<int> sizes = [];
        foreach (int factor in new[] { 2, 3, 4, 7 })
        {
            if (left % factor == 0 && Chance(2))
            {
                sizes.Add(factor);
                left /= factor;
            }
        }
        sizes.Insert(random.Next(sizes.Count + 1), left);
        if (Chance(4))
        {
            sizes.Insert(random.Next(sizes.Count + 1), 1);
        }
        return Shape.Of(sizes);
    }

    private Value Joined()
    {
        Value x = Any();
        Shape shape = graph[x].Shape;
        if (shape.Rank == 0)
        {
            x = graph.Add(new Reshape(Shape.Of(1)), x);
            shape = graph[x].Shape;
        }
        int axis = random.Next(shape.Rank);
        List<Value> parts = [x];
        for (int i = 1 + random.Next(3); i > 0; i--)
        {
            parts.Insert(random.Next(parts.Count + 1), Chance(4) ? x : Of(shape.With(axis, Chance(2) ? shape[axis] : 1 + random.Next(4))));
        }
        return graph.Add(new Concat(axis), [.. parts]);
    }

    private Value Contraction()
    {
        Value a = Any();
        Shape left = graph[a].Shape;
        List<int> result = [];
        List<(int Label, int Size)> other = [];
        for (int axis = 0; axis < left.Rank; axis++)
        {
            bool shared = Chance(2);
            bool kept = !shared || Chance(4);
            if (shared)
            {
                other.Add((axis, left[axis]));
            }
            if (kept)
            {
                result.Add(axis);
            }
        }
        for (int label = left.Rank; label < left.Rank + random.Next(3); label++)
        {
            other.Add((label, Pick(Sizes)));
            result.Add(label);
        }
        (int Label, int Size)[] right = [.. other];
        random.Shuffle(right);
        int[] order = [.. result];
        random.Shuffle(order);
        Shape rightShape = Shape.Of(right.Select(axis => axis.Size));
        long size = order.Aggregate(
            1L, (product, label) => product * (label < left.Rank ? left[label] : right.Single(axis => axis.Label == label).Size));
        if (rightShape.Count > LargestCount || size > LargestCount)
        {
            return Unary();
        }
        Value b = Of(rightShape);
        (Value first, EquatableArray<int> firstLabels) = (a, Enumerable.Range(0, left.Rank).ToEquatable());
        (Value second, EquatableArray<int> secondLabels) = (b, right.Select(axis => axis.Label).ToEquatable());
        if (Chance(2))
        {
            (first, firstLabels, second, secondLabels) = (second, secondLabels, first, firstLabels);
        }
        Value product = Generator.Ops.Contraction.Build(graph, firstLabels, secondLabels, order.ToEquatable(), first, second);
        double terms = (double)left.Count * rightShape.Count / Math.Max(1, graph[product].Shape.Count);
        return graph.Scale(product, 1 / Math.Sqrt(Math.Max(1, Math.Sqrt(terms))));
    }

    private Value Convolution()
    {
        Value image = Image(random.Next(1, 5));
        Shape shape = graph[image].Shape;
        int groups = shape[2] % 2 == 0 && Chance(3) ? 2 : Chance(5) ? shape[2] : 1;
        int outputs = groups * (1 + random.Next(groups > 2 ? 2 : 5));
        int[] padding = Enumerable.Range(0, 4).Select(_ => Chance(3) ? random.Next(5) : random.Next(2)).ToArray();
        int height = 1 + random.Next(Math.Min(4, shape[0] + padding[0] + padding[1]));
        int width = 1 + random.Next(Math.Min(4, shape[1] + padding[2] + padding[3]));
        Value kernel = Of(Shape.Of(height, width, shape[2] / groups, outputs));
        if (Chance(3))
        {
            kernel = graph.Add(new Tanh(), kernel);
        }
        return graph.Add(
            new Convolve(1 + random.Next(3), 1 + random.Next(3), padding[0], padding[1], padding[2], padding[3], groups),
            image, kernel);
    }

    private Value Pooling()
    {
        Value image = Image(random.Next(1, 19));
        Shape shape = graph[image].Shape;
        int height = 1 + random.Next(Math.Min(3, shape[0]));
        int width = 1 + random.Next(Math.Min(3, shape[1]));
        int Stride() => 1 + random.Next(3);
        int Border(int size) => random.Next(size);
        return Chance(2)
            ? graph.Add(new MaxPool(
                height, width, Stride(), Stride(), Border(height), Border(height), Border(width), Border(width)), image)
            : graph.Add(new AveragePool(
                height, width, Stride(), Stride(), Border(height), Border(height), Border(width), Border(width)), image);
    }

    private Value Image(int channels)
    {
        Value[] fitting = pool.Where(value => graph[value].Shape.Rank == 3).ToArray();
        return fitting.Length > 0 && Chance(2)
            ? Pick(fitting)
            : Of(Shape.Of(1 + random.Next(6), 1 + random.Next(6), channels));
    }

    private Value Lookup()
    {
        Value[] tables = pool.Where(value => graph[value].Shape.Rank > 0).ToArray();
        if (tables.Length > 0 && !Chance(4))
        {
            Value table = Pick(tables);
            return graph.Add(new Gather(), table, NewLabel(graph[table].Shape[0]));
        }
        int classes = Pick(Sizes);
        return graph.Add(new OneHot(classes), NewLabel(classes));
    }

    private Value OverExamples()
    {
        Value x = Any();
        Value mean = graph.Over(
            graph.Add(new SumOverExamples(), x), graph.Add(new Broadcast(graph[x].Shape), graph.Add(new ExampleCount())));
        if (Chance(2))
        {
            return mean;
        }
        Value centred = graph.Minus(x, mean);
        Value count = graph.Add(new Broadcast(graph[x].Shape), graph.Add(new ExampleCount()));
        Value variance = graph.Over(graph.Add(new SumOverExamples(), graph.Times(centred, centred)), count);
        return graph.Over(centred, graph.Add(new Sqrt(), graph.Plus(variance, graph.Like(0.1, variance))));
    }

    /// <summary>Softmax or layer normalisation along the last axis, or a bounded form of anything.</summary>
    private Value Normalised()
    {
        Value x = graph.Add(new Tanh(), Any());
        Shape shape = graph[x].Shape;
        if (shape.Rank == 0)
        {
            return x;
        }
        EquatableArray<int> last = new(shape.Rank - 1);
        Value Repeated(Value row) => Axes.Restore(graph, row, last, shape);
        if (Chance(2))
        {
            Value max = graph.Add(new Detach(), graph.Add(new Max(last), x));
            Value exponential = graph.Add(new Exp(), graph.Minus(x, Repeated(max)));
            return graph.Over(exponential, Repeated(graph.Add(new Sum(last), exponential)));
        }
        Value Mean(Value value) => Repeated(graph.Scale(graph.Add(new Sum(last), value), 1.0 / shape[shape.Rank - 1]));
        Value centred = graph.Minus(x, Mean(x));
        Value variance = Mean(graph.Times(centred, centred));
        return graph.Over(centred, graph.Add(new Sqrt(), graph.Plus(variance, graph.Like(0.1, variance))));
    }
}
