using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests;

/// <summary>
/// Evaluates any graph for a batch in double precision with naive loops: what a graph means. Scans are not evaluated.
/// </summary>
/// <param name="examples">Size of the batch.</param>
/// <param name="leaf">
/// Elements of a parameter, an input or a mask (the node) for an example; the example is 0 for what does not vary with it.
/// Labels are whole numbers.
/// </param>
internal sealed class GraphInterpreter(int examples, Func<Node, int, double[]> leaf)
{
    /// <summary>Values by node, then example (only one where the node does not vary with the example), then element.</summary>
    public double[][][] Evaluate(Graph graph)
    {
        double[][][] values = new double[graph.Nodes.Count][][];
        foreach (Node node in graph.Nodes)
        {
            Node[] inputs = graph.InputsOf(node);
            double[][][] operands = node.Inputs.Select(input => values[input]).ToArray();
            values[node.Id] = node.Operation is SumOverExamples
                ? [SumExamples(operands[0])]
                : Enumerable.Range(0, node.VariesWithExample ? examples : 1)
                    .Select(example => One(node, inputs, operands.Select(operand => At(operand, example)).ToArray(), example))
                    .ToArray();
        }
        return values;
    }

    /// <summary>The values of a result, by example and element.</summary>
    public double[][] Evaluate(Graph graph, string result) =>
        Evaluate(graph)[graph.Results.Single(candidate => candidate.Name == result).Node];

    /// <summary>An example's elements of a value, whether or not it varies.</summary>
    public static double[] At(double[][] value, int example) => value[value.Length == 1 ? 0 : example];

    private double[] SumExamples(double[][] value)
    {
        double[] sum = new double[value[0].Length];
        for (int example = 0; example < examples; example++)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += At(value, example)[i];
            }
        }
        return sum;
    }

    /// <summary>One example's elements of a node from those of its inputs.</summary>
    public double[] One(Node node, Node[] inputs, double[][] x, int example) => node.Operation switch
    {
        Constant constant => [constant.Number],
        ExampleCount => [examples],
        Leaf => leaf(node, example),
        Elementwise operation => Enumerable.Range(0, node.Shape.Count)
            .Select(i => operation.Evaluate(x.Select(operand => operand[i]).ToArray()))
            .ToArray(),
        Reshape or Detach => x[0],
        Broadcast => Each(node.Shape, index => x[0][Repeated(index, inputs[0].Shape)]),
        Transpose transpose => Permute(transpose, node.Shape, inputs[0].Shape, x[0]),
        Slice slice => Each(node.Shape, index => x[0][Flat(Shifted(index, slice.Axis, slice.Start), inputs[0].Shape)]),
        Pad pad => Padded(pad, node.Shape, inputs[0].Shape, x[0]),
        Concat concat => Joined(concat.Axis, node.Shape, inputs, x),
        Sum sum => Reduced(sum.Axes, node.Shape, inputs[0].Shape, x[0], 0, (a, b) => a + b),
        Max max => Reduced(max.Axes, node.Shape, inputs[0].Shape, x[0], double.NegativeInfinity, Math.Max),
        Gather => x[0].Skip((int)x[1][0] * node.Shape.Count).Take(node.Shape.Count).ToArray(),
        ScatterRow => Scattered(node.Shape, x),
        OneHot one => Enumerable.Range(0, one.Classes).Select(i => i == (int)x[0][0] ? 1.0 : 0).ToArray(),
        Contract contract => Contracted(contract, node.Shape, inputs, x),
        _ => WindowInterpreter.Evaluate(node, inputs, x),
    };

    /// <summary>All indices of a shape in row-major order.</summary>
    public static IEnumerable<int[]> Indices(Shape shape)
    {
        for (int flat = 0; flat < shape.Count; flat++)
        {
            int[] index = new int[shape.Rank];
            int rest = flat;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            yield return index;
        }
    }

    private static int Flat(int[] index, Shape shape)
    {
        int flat = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            flat = (flat * shape[axis]) + index[axis];
        }
        return flat;
    }

    private static double[] Each(Shape shape, Func<int[], double> element) => Indices(shape).Select(element).ToArray();

    private static int Repeated(int[] index, Shape from)
    {
        int[] source = index.Skip(index.Length - from.Rank).ToArray();
        return Flat(source.Select((place, axis) => from[axis] == 1 ? 0 : place).ToArray(), from);
    }

    private static int[] Shifted(int[] index, int axis, int by)
    {
        int[] shifted = index.ToArray();
        shifted[axis] += by;
        return shifted;
    }

    private static double[] Permute(Transpose transpose, Shape shape, Shape from, double[] x) => Each(shape, index =>
    {
        int[] source = new int[index.Length];
        for (int axis = 0; axis < index.Length; axis++)
        {
            source[transpose.Order[axis]] = index[axis];
        }
        return x[Flat(source, from)];
    });

    private static double[] Padded(Pad pad, Shape shape, Shape from, double[] x) => Each(shape, index =>
    {
        int[] source = index.Select((place, axis) => place - pad.Before[axis]).ToArray();
        bool inside = source.Select((place, axis) => place >= 0 && place < from[axis]).All(within => within);
        return inside ? x[Flat(source, from)] : pad.Number;
    });

    private static double[] Joined(int axis, Shape shape, Node[] inputs, double[][] x) => Each(shape, index =>
    {
        int part = 0;
        int[] source = index.ToArray();
        while (source[axis] >= inputs[part].Shape[axis])
        {
            source[axis] -= inputs[part].Shape[axis];
            part++;
        }
        return x[part][Flat(source, inputs[part].Shape)];
    });

    private static double[] Reduced(
        EquatableArray<int> axes, Shape shape, Shape from, double[] x, double start, Func<double, double, double> combine)
    {
        double[] result = Enumerable.Repeat(start, shape.Count).ToArray();
        foreach (int[] index in Indices(from))
        {
            int place = Flat(index.Where((_, axis) => !axes.Contains(axis)).ToArray(), shape);
            result[place] = combine(result[place], x[Flat(index, from)]);
        }
        return result;
    }

    private static double[] Scattered(Shape shape, double[][] x)
    {
        double[] table = new double[shape.Count];
        x[0].CopyTo(table, (int)x[1][0] * x[0].Length);
        return table;
    }

    private static double[] Contracted(Contract contract, Shape shape, Node[] inputs, double[][] x)
    {
        Dictionary<int, int> sizes = contract.Sizes(inputs[0].Shape, inputs[1].Shape);
        int[] labels = sizes.Keys.ToArray();
        int[] StridesOf(EquatableArray<int> axes, Shape of)
        {
            int[] strides = of.Strides();
            return labels.Select(label => axes.Contains(label) ? strides[axes.ToList().IndexOf(label)] : 0).ToArray();
        }
        int[] left = StridesOf(contract.Left, inputs[0].Shape);
        int[] right = StridesOf(contract.Right, inputs[1].Shape);
        int[] to = StridesOf(contract.Result, shape);
        double[] result = new double[shape.Count];
        void Walk(int depth, int a, int b, int r)
        {
            if (depth == labels.Length)
            {
                result[r] += x[0][a] * x[1][b];
                return;
            }
            for (int i = sizes[labels[depth]]; i > 0; i--)
            {
                Walk(depth + 1, a, b, r);
                (a, b, r) = (a + left[depth], b + right[depth], r + to[depth]);
            }
        }
        Walk(0, 0, 0, 0);
        return result;
    }
}
