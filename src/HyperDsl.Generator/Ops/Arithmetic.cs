using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Arithmetic on values of one shape while a graph is built, so that gradients read like formulas.</summary>
internal static class Arithmetic
{
    public static Value Plus(this GraphBuilder graph, Value a, Value b) => graph.Add(new Add(), a, b);

    public static Value Minus(this GraphBuilder graph, Value a, Value b) => graph.Add(new Subtract(), a, b);

    public static Value Times(this GraphBuilder graph, Value a, Value b) => graph.Add(new Multiply(), a, b);

    public static Value Over(this GraphBuilder graph, Value a, Value b) => graph.Add(new Divide(), a, b);

    public static Value Negative(this GraphBuilder graph, Value x) => graph.Add(new Negate(), x);

    /// <summary><c>x · factor</c>.</summary>
    public static Value Scale(this GraphBuilder graph, Value x, double factor) =>
        graph.Add(new Multiply(), x, graph.Like(factor, x));

    /// <summary>A value of the shape of another whose elements are all one number.</summary>
    public static Value Like(this GraphBuilder graph, double number, Value x) => graph.Full(number, graph[x].Shape);

    /// <summary><c>condition ≠ 0 ? whenTrue : whenFalse</c>.</summary>
    public static Value Choose(this GraphBuilder graph, Value condition, Value whenTrue, Value whenFalse) =>
        graph.Add(new Select(), condition, whenTrue, whenFalse);
}
