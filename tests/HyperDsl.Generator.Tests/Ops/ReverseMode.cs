using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>The plainest reverse mode there is, for checking the gradients of operations.</summary>
internal static class ReverseMode
{
    /// <summary>The gradients of a scalar that is one for the whole batch; <c>null</c> where none arrives.</summary>
    public static Value?[] Gradients(GraphBuilder graph, Value loss, IReadOnlyList<Value> leaves)
    {
        Dictionary<int, Value> arrived = new() { [loss.Id] = graph.Full(1, Shape.Scalar) };
        for (int id = loss.Id; id >= 0; id--)
        {
            if (!arrived.TryGetValue(id, out Value gradient) || graph[id].Inputs.Count == 0)
            {
                continue;
            }
            Node node = graph[id];
            Value?[] parts = node.Operation.Gradient(graph, node, gradient);
            for (int i = 0; i < parts.Length; i++)
            {
                if (parts[i] is Value part)
                {
                    Node input = graph[node.Inputs[i]];
                    Assert.Equal(input.Shape, graph[part].Shape);
                    bool sum = (node.Varies & ~input.Varies) != 0;
                    Value own = sum ? graph.Add(new SumOverExamples(), part) : part;
                    arrived[input.Id] = arrived.TryGetValue(input.Id, out Value before) ? graph.Plus(before, own) : own;
                }
            }
        }
        return leaves.Select(leaf => arrived.TryGetValue(leaf.Id, out Value gradient) ? gradient : (Value?)null).ToArray();
    }
}

/// <summary>Compares gradients with differences at one random point.</summary>
internal sealed class CentralDifferences
{
    /// <summary>
    /// Balances rounding, about <c>unit / Step</c>, against what Richardson's extrapolation of steps 1 and 2 leaves,
    /// <c>Step⁴ · f⁗′ / 30</c>.
    /// </summary>
    private const double Step = 1e-3;

    private const double UnitRoundoff = 1.0 / (1L << 53);

    /// <summary>
    /// Bound on the fifth derivative of a term over 30: <c>x⁻³</c>, the steepest case, has <c>2520 / 30</c> at 1.
    /// </summary>
    private const double FifthDerivative = 100;

    /// <summary>Roundings of one term on its way into the loss, and the four losses of a difference.</summary>
    private const double RoundingsOfATerm = 64;

    private readonly OperationCase item;
    private readonly Graph graph;
    private readonly int examples;
    private readonly Random random;
    private readonly double[][][] values;
    private readonly double[] weights;

    public CentralDifferences(OperationCase item, Graph graph, Shape weightShape, int examples, int seed)
    {
        this.item = item;
        this.graph = graph;
        this.examples = examples;
        random = new Random(seed);
        values = item.Inputs
            .Select((input, leaf) => Enumerable.Range(0, input.EachExample ? examples : 1)
                .Select(_ => input.Sample(random, leaf))
                .ToArray())
            .ToArray();
        weights = Enumerable.Range(0, weightShape.Count).Select(_ => (random.NextDouble() * 2) - 1).ToArray();
    }

    public void Check()
    {
        GraphInterpreter interpreter = new(examples, Leaf);
        double[][] products = interpreter.Evaluate(graph, "products");
        double scale = 1 + Enumerable.Range(0, examples).Sum(e => GraphInterpreter.At(products, e).Sum(Math.Abs));
        double tolerance = scale
            * ((RoundingsOfATerm * UnitRoundoff / Step) + (FifthDerivative * Math.Pow(Step, 4)));
        for (int leaf = 0; leaf < item.Inputs.Length; leaf++)
        {
            if (item.Inputs[leaf].Classes > 0)
            {
                continue;
            }
            bool arrives = graph.Results.Any(result => result.Name == "gradient" + leaf);
            double[][]? gradient = arrives ? interpreter.Evaluate(graph, "gradient" + leaf) : null;
            for (int copy = 0; copy < values[leaf].Length; copy++)
            {
                foreach (int element in SomeElements(values[leaf][copy].Length))
                {
                    double actual = gradient is null ? 0 : GraphInterpreter.At(gradient, copy)[element];
                    double expected = Difference(values[leaf][copy], element);
                    Assert.True(
                        Math.Abs(actual - expected) <= tolerance,
                        $"Input {leaf}, copy {copy}, element {element}: gradient {actual:R}, differences {expected:R}, "
                        + $"tolerance {tolerance:R}.");
                }
            }
        }
    }

    private IEnumerable<int> SomeElements(int count)
    {
        int[] order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order.Take(12);
    }

    private double Difference(double[] place, int element)
    {
        double Central(double step) => (LossAt(place, element, step) - LossAt(place, element, -step)) / (2 * step);
        return ((4 * Central(Step)) - Central(2 * Step)) / 3;
    }

    private double LossAt(double[] place, int element, double step)
    {
        double kept = place[element];
        place[element] = kept + step;
        Graph lossOnly = LossGraph();
        double loss = new GraphInterpreter(examples, Leaf).Evaluate(lossOnly, "loss")[0][0];
        place[element] = kept;
        return loss;
    }

    /// <summary>The loss stands before all gradients, so the graph up to it is a graph.</summary>
    private Graph LossGraph()
    {
        Result loss = graph.Results.Single(result => result.Name == "loss");
        return new Graph(graph.Nodes.Take(loss.Node + 1).ToEquatable(), new EquatableArray<Result>(loss));
    }

    private double[] Leaf(Node node, int example)
    {
        int index = node.Operation is InputLeaf input ? input.Index : ((ParameterLeaf)node.Operation).Index;
        return index == values.Length ? weights : values[index][example];
    }
}
