using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>Local rules: what they give, and that values stay the same.</summary>
public sealed class SimplifyTests
{
    private static readonly Dictionary<string, (Func<GraphBuilder, Value, Value> Build, Func<GraphBuilder, Value, Value> Simpler)>
        Rules = new()
        {
            ["x + 0 = x"] = ((g, x) => g.Plus(x, g.Like(0, x)), (g, x) => x),
            ["0 + x = x"] = ((g, x) => g.Plus(g.Like(0, x), x), (g, x) => x),
            ["x + -x = x - x"] = ((g, x) => g.Plus(x, g.Negative(x)), (g, x) => g.Minus(x, x)),
            ["x - 0 = x"] = ((g, x) => g.Minus(x, g.Like(0, x)), (g, x) => x),
            ["0 - x = -x"] = ((g, x) => g.Minus(g.Like(0, x), x), (g, x) => g.Negative(x)),
            ["x - -x = x + x"] = ((g, x) => g.Minus(x, g.Negative(x)), (g, x) => g.Plus(x, x)),
            ["-(-x) = x"] = ((g, x) => g.Negative(g.Negative(x)), (g, x) => x),
            ["-(1 - x) = x - 1"] =
                ((g, x) => g.Negative(g.Minus(g.Like(1, x), x)), (g, x) => g.Minus(x, g.Like(1, x))),
            ["x * 1 = x"] = ((g, x) => g.Times(x, g.Like(1, x)), (g, x) => x),
            ["1 * x = x"] = ((g, x) => g.Times(g.Like(1, x), x), (g, x) => x),
            ["x * 0 = 0"] = ((g, x) => g.Scale(x, 0), (g, x) => g.Like(0, x)),
            ["x * -1 = -x"] = ((g, x) => g.Scale(x, -1), (g, x) => g.Negative(x)),
            ["(x * 2) * 3 = x * 6"] = ((g, x) => g.Scale(g.Scale(x, 2), 3), (g, x) => g.Scale(x, 6)),
            ["-x * 3 = x * -3"] = ((g, x) => g.Scale(g.Negative(x), 3), (g, x) => g.Scale(x, -3)),
            ["x / 1 = x"] = ((g, x) => g.Over(x, g.Like(1, x)), (g, x) => x),
            ["x / 4 = x * 0.25"] = ((g, x) => g.Over(x, g.Like(4, x)), (g, x) => g.Scale(x, 0.25)),
            ["x / repeated y = x * repeated 1 / y"] = (
                (g, x) => g.Over(x, OfRows(g, x)),
                (g, x) => g.Times(x, g.Add(new Broadcast(Shape.Of(3, 4)), g.Over(g.Full(1, Shape.Of(3, 1)), RowSums(g, x))))),
            ["repeated x / repeated y"] = (
                (g, x) => g.Over(OfRows(g, g.Negative(x)), OfRows(g, x)),
                (g, x) => g.Add(new Broadcast(Shape.Of(3, 4)), g.Over(RowSums(g, g.Negative(x)), RowSums(g, x)))),
            ["0 / x = 0"] = ((g, x) => g.Over(g.Like(0, x), x), (g, x) => g.Like(0, x)),
            ["select of a constant"] = ((g, x) => g.Choose(g.Like(1, x), x, g.Negative(x)), (g, x) => x),
            ["select of equals"] = ((g, x) => g.Choose(g.Add(new Less(), x, g.Like(0, x)), x, x), (g, x) => x),
            ["maximum of equals"] = ((g, x) => g.Add(new Maximum(), x, x), (g, x) => x),
            ["exp of a constant"] = ((g, x) => g.Add(new Exp(), g.Like(0, x)), (g, x) => g.Like(1, x)),
            ["x^2 = x * x"] = ((g, x) => g.Add(new Power(2), x), (g, x) => g.Times(x, x)),
            ["exp before it is repeated"] = (
                (g, x) => g.Add(new Exp(), g.Add(new Broadcast(Shape.Of(5, 3, 4)), x)),
                (g, x) => g.Add(new Broadcast(Shape.Of(5, 3, 4)), g.Add(new Exp(), x))),
            ["scaled before it is repeated"] = (
                (g, x) => g.Scale(g.Add(new Broadcast(Shape.Of(5, 3, 4)), x), 2),
                (g, x) => g.Add(new Broadcast(Shape.Of(5, 3, 4)), g.Scale(x, 2))),
            ["identity transpose"] = ((g, x) => Transpose(g, x, 0, 1), (g, x) => x),
            ["transpose of transpose"] = ((g, x) => Transpose(g, Transpose(g, x, 1, 0), 1, 0), (g, x) => x),
            ["full slice"] = ((g, x) => g.Add(new Slice(0, 0, 3), x), (g, x) => x),
            ["slice of slice"] =
                ((g, x) => g.Add(new Slice(1, 1, 2), g.Add(new Slice(1, 1, 3), x)), (g, x) => g.Add(new Slice(1, 2, 2), x)),
            ["slice of concat"] = (
                (g, x) => g.Add(new Slice(0, 4, 2), g.Add(new Concat(0), g.Negative(x), x)),
                (g, x) => g.Add(new Slice(0, 1, 2), x)),
            ["slice of a constant"] =
                ((g, x) => g.Add(new Slice(0, 1, 1), g.Like(5, x)), (g, x) => g.Full(5, Shape.Of(1, 4))),
            ["pad by nothing"] = ((g, x) => g.Add(new Pad(new(0, 0), new(0, 0), 3), x), (g, x) => x),
            ["sum over no axes"] = ((g, x) => g.Add(new Sum(default), x), (g, x) => x),
            ["sum of a constant"] =
                ((g, x) => g.Add(new Sum(new(1)), g.Like(2, x)), (g, x) => g.Full(8, Shape.Of(3))),
            ["max of a constant"] =
                ((g, x) => g.Add(new Max(new(1)), g.Like(2, x)), (g, x) => g.Full(2, Shape.Of(3))),
            ["product of a transpose"] = (
                (g, x) => Contraction.Build(g, new(0, 1), new(1, 2), new(0, 2), x, Transpose(g, x, 1, 0)),
                (g, x) => Contraction.Build(g, new(0, 1), new(2, 1), new(0, 2), x, x)),
            ["product with zero"] = (
                (g, x) => Contraction.Build(g, new(0, 1), new(1), new(0), x, g.Full(0, Shape.Of(4))),
                (g, x) => g.Full(0, Shape.Of(3))),
            ["labels by first appearance"] = (
                (g, x) => Contraction.Build(g, new(7, 3), new(9, 3), new(9, 7), x, x),
                (g, x) => g.Add(new Contract(new(0, 1), new(2, 1), new(2, 0)), x, x)),
        };

    public static TheoryData<string> Names => new(Rules.Keys);

    /// <summary>The builder shares equal nodes, so the two forms are the same value exactly if the rule applied.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_applies(string name)
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new InputLeaf(0, Shape.Of(3, 4), 0));
        Value simplified = Rules[name].Build(graph, x);
        Assert.Equal(graph[Rules[name].Simpler(graph, x)], graph[simplified]);
    }

    /// <summary>Every case of an operation has the same value with and without simplification.</summary>
    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Simplification_keeps_the_value(string name)
    {
        OperationCase item = OperationCases.Find(name);
        Graph plain = item.Unsimplified();
        Graph simplified = GraphRewriter.Rewrite(plain, (_, _, _) => null);
        Random random = new(1);
        double[][][] leaves = item.Inputs
            .Select((input, leaf) => Enumerable.Range(0, 2).Select(_ => input.Sample(random, leaf)).ToArray())
            .ToArray();
        GraphInterpreter interpreter = new(2, (node, example) => leaves[
            node.Operation is InputLeaf input ? input.Index : ((ParameterLeaf)node.Operation).Index][example]);
        double[][] expected = interpreter.Evaluate(plain, "y");
        double[][] actual = interpreter.Evaluate(simplified, "y");
        for (int example = 0; example < 2; example++)
        {
            double[] want = GraphInterpreter.At(expected, example);
            double[] have = GraphInterpreter.At(actual, example);
            Assert.Equal(want.Length, have.Length);
            for (int i = 0; i < want.Length; i++)
            {
                // The longest rewriting, x^7 as products, rounds fewer than 8 times.
                Assert.InRange(Math.Abs(want[i] - have[i]), 0, 8 * Math.Pow(2, -53) * Math.Abs(want[i]));
            }
        }
    }

    public static TheoryData<string> CaseNames => new(OperationCases.All.Select(item => item.Name));

    /// <summary>A number of each row, repeated along the row.</summary>
    private static Value OfRows(GraphBuilder g, Value x) => g.Add(new Broadcast(Shape.Of(3, 4)), RowSums(g, x));

    private static Value RowSums(GraphBuilder g, Value x) => g.Add(new Reshape(Shape.Of(3, 1)), g.Add(new Sum(new(1)), x));

    private static Value Transpose(GraphBuilder graph, Value x, params int[] order) => graph.Add(new Transpose(new(order)), x);
}
