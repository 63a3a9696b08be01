using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Tests;

namespace HyperDsl.Compiled.Tests;

/// <summary>
/// Values of a graph together with a bound on what rounding may do to each: running error analysis (Higham, "Accuracy and
/// Stability of Numerical Algorithms", section 3.3). Every operation adds its own rounding, in proportion to the sum of the
/// magnitudes it adds up, to what the errors of its operands become, so cancellation is accounted for where it happens.
/// </summary>
internal sealed class ErrorBounds
{
    /// <summary>Units in the last place by which an elementary function may be off.</summary>
    private const double FunctionError = 8;

    /// <summary>Another order of sums and products, and the terms of second order that the analysis leaves out.</summary>
    private const double Safety = 4;

    private readonly GraphInterpreter interpreter;
    private readonly int examples;
    private readonly double unit;
    private readonly Graph graph;
    private readonly double[][][] bounds;

    private ErrorBounds(Graph graph, int examples, double unit)
    {
        (this.graph, this.examples, this.unit) = (graph, examples, unit);
        interpreter = new GraphInterpreter(examples, TestModel.Leaf);
        Values = interpreter.Evaluate(graph);
        bounds = new double[graph.Nodes.Count][][];
        foreach (Node node in graph.Nodes)
        {
            bounds[node.Id] = Enumerable.Range(0, Values[node.Id].Length).Select(example => Bound(node, example)).ToArray();
        }
    }

    /// <summary>By node, example and element.</summary>
    public double[][][] Values { get; }

    /// <param name="graph">A graph without lowered operations.</param>
    /// <param name="examples">Size of the batch.</param>
    /// <param name="unit">Unit roundoff of the arithmetic to be judged.</param>
    public static ErrorBounds Of(Graph graph, int examples, double unit) => new(graph, examples, unit);

    public double Tolerance(int node, int example, int element) =>
        Safety * GraphInterpreter.At(bounds[node], example)[element];

    private double[] Bound(Node node, int example)
    {
        Node[] inputs = graph.InputsOf(node);
        double[][] x = inputs.Select(input => GraphInterpreter.At(Values[input.Id], example)).ToArray();
        double[][] e = inputs.Select(input => GraphInterpreter.At(bounds[input.Id], example)).ToArray();
        double[] Apply(params double[][] operands) => interpreter.One(node, inputs, operands, example);
        switch (node.Operation)
        {
            case Constant constant:
                return [unit * Math.Abs(constant.Number)];
            case Leaf or OneHot:
                return new double[node.Shape.Count];
            case Elementwise elementwise:
                return OfElements(elementwise, x, e);
            case SumOverExamples:
                return OfExamples(inputs[0]);
            case Sum or AveragePool or AveragePoolGradient:
                double terms = node.Operation is Sum ? inputs[0].Shape.Count / node.Shape.Count : 64;
                return Plus(Apply(e[0]), Scaled(terms * unit, Apply(Absolute(x[0]))));
            case Contract or Convolve or ConvolveInputGradient or ConvolveKernelGradient:
                double length = (node.Operation.Cost(inputs, node) / node.Shape.Count) + 2;
                return Plus(
                    Apply(Absolute(x[0]), e[1]), Apply(e[0], Absolute(x[1])), Apply(e[0], e[1]),
                    Scaled(length * unit, Apply(Absolute(x[0]), Absolute(x[1]))));
            case Gather:
                return Apply(e[0], x[1]);
            case ScatterRow:
                return Apply(e[0], x[1]);
            case Pad pad:
                return interpreter.One(node with { Operation = pad with { Number = 0 } }, inputs, e, example);
            case MaxPoolGradient pool:
                return OfWinners(pool, node, inputs, x, e, example);
            default:
                return Apply(e);
        }
    }

    private double[] OfElements(Elementwise operation, double[][] x, double[][] e)
    {
        double[] bound = new double[x[0].Length];
        double[] operands = new double[x.Length];
        double exact = operation is Negate or Abs or Sign or Relu or Minimum or Maximum or Select or Less or LessOrEqual or Equal
            ? 0 : operation is Add or Subtract or Multiply or Divide ? 1 : FunctionError;
        for (int i = 0; i < bound.Length; i++)
        {
            for (int k = 0; k < x.Length; k++)
            {
                operands[k] = x[k][i];
            }
            double value = operation.Evaluate(operands);
            // The floor is where vector functions flush what is too small to zero.
            double sum = (exact * unit * Math.Abs(value)) + 1e-36;
            for (int k = 0; k < x.Length; k++)
            {
                operands[k] = x[k][i] + e[k][i];
                double up = Math.Abs(operation.Evaluate(operands) - value);
                operands[k] = x[k][i] - e[k][i];
                double down = Math.Abs(operation.Evaluate(operands) - value);
                operands[k] = x[k][i];
                sum += Math.Max(up, down);
            }
            // Operands that are wrong together, as in a square of what should be 0.
            for (int sign = -1; sign <= 1; sign += 2)
            {
                for (int k = 0; k < x.Length; k++)
                {
                    operands[k] = x[k][i] + (sign * e[k][i]);
                }
                sum = Math.Max(sum, Math.Abs(operation.Evaluate(operands) - value));
            }
            bound[i] = sum;
        }
        return bound;
    }

    private double[] OfExamples(Node input)
    {
        double[] sum = new double[input.Shape.Count];
        for (int example = 0; example < examples; example++)
        {
            double[] value = GraphInterpreter.At(Values[input.Id], example);
            double[] bound = GraphInterpreter.At(bounds[input.Id], example);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += bound[i] + (examples * unit * Math.Abs(value[i]));
            }
        }
        return sum;
    }

    /// <summary>A window's gradient may go to any pixel that rounding could make the largest.</summary>
    private double[] OfWinners(MaxPoolGradient pool, Node node, Node[] inputs, double[][] x, double[][] e, int example)
    {
        double[] Pooled(double[] image, double[] gradient) => interpreter.One(node, inputs, [image, gradient], example);
        double[] chosen = Pooled(x[0], Absolute(x[1]));
        double[] bound = Plus(Pooled(x[0], e[1]), Scaled(64 * unit, chosen));
        double[] sorted = [.. x[0].Order()];
        double nearest = sorted.Zip(sorted.Skip(1), (low, high) => high - low).DefaultIfEmpty(double.MaxValue).Min();
        for (int i = 0; i < bound.Length && nearest <= 2 * e[0].Max(); i++)
        {
            if (e[0][i] > 0)
            {
                double[] raised = [.. x[0]];
                raised[i] += 2 * e[0].Max();
                double[] lowered = [.. x[0]];
                lowered[i] -= 2 * e[0].Max();
                double up = Pooled(raised, Absolute(x[1]))[i];
                double down = Pooled(lowered, Absolute(x[1]))[i];
                bound[i] += Math.Abs(up - chosen[i]) + Math.Abs(down - chosen[i]);
            }
        }
        return bound;
    }

    private static double[] Absolute(double[] x) => Array.ConvertAll(x, Math.Abs);

    private static double[] Scaled(double factor, double[] x) => Array.ConvertAll(x, value => value * factor);

    private static double[] Plus(params double[][] terms)
    {
        double[] sum = new double[terms[0].Length];
        foreach (double[] term in terms)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += term[i];
            }
        }
        return sum;
    }
}
