using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>1 at a label's place, 0 elsewhere.</summary>
/// <param name="Classes">Length of the result.</param>
internal sealed record OneHot(int Classes) : Operation
{
    public override string Name => "oneHot";

    public override string Attributes => "classes=" + Literal.Integer(Classes);

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Label.Check("OneHot", inputs[0], Classes, "classes");
        return Shape.Of(Classes);
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null];
}

/// <summary>The language's <c>OneHot(index)</c>; the label's declaration says how many classes there are.</summary>
internal sealed class OneHotPrimitive : Primitive
{
    public override string Name => "oneHot";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value index = arguments.Tensor(0);
        return graph[index].Operation is InputLeaf { Classes: > 0 } label
            ? graph.Add(new OneHot(label.Classes), index)
            : throw new ShapeException("'OneHot' needs a label that is an input, whose number of classes is declared.");
    }
}
