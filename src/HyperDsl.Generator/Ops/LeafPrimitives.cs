using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>A number where a tensor is expected: a scalar.</summary>
internal sealed class ConstantPrimitive : Primitive
{
    public override string Name => "constant";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(new Constant(arguments.Real(0)));
}

/// <summary>The language's <c>Full(value, shape)</c>.</summary>
internal sealed class FullPrimitive : Primitive
{
    public override string Name => "full";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Full(arguments.Real(0), Axes.Checked("Full", arguments.Integers(1)));
}

/// <summary>The language's <c>Broadcast(x, shape)</c>.</summary>
internal sealed class BroadcastPrimitive : Primitive
{
    public override string Name => "broadcast";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(new Broadcast(Axes.Checked("Broadcast", arguments.Integers(1))), arguments.Tensor(0));
}

/// <summary>The language's <c>KeepMask(keep, shape)</c>; every call draws numbers of its own.</summary>
internal sealed class KeepMaskPrimitive : Primitive
{
    public override string Name => "keepMask";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) => graph.Add(
        new KeepMask(CheckedKeep(arguments.Real(0)), Axes.Checked("KeepMask", arguments.Integers(1)), arguments.NextSite()));

    /// <exception cref="ShapeException">It is no probability that can be divided by.</exception>
    public static double CheckedKeep(double keep) => keep > 0 && keep <= 1 ? keep : throw new ShapeException(
        $"'KeepMask' keeps elements with probability {Literal.Exact(keep)}: it must be above 0 and at most 1.");
}

/// <summary>
/// The language's <c>KeepMask(keep, like, scope)</c>: of another value's shape, and at every step of its own where that is and the scope
/// is a step.
/// </summary>
internal sealed class KeepMaskLikePrimitive : Primitive
{
    public override string Name => "keepMaskLike";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Node like = graph[arguments.Tensor(1)];
        double keep = KeepMaskPrimitive.CheckedKeep(arguments.Real(0));
        bool sequence = arguments.Count > 2 && arguments.Integer(2) != 0;
        bool eachStep = !sequence && (like.Varies & Varies.Time) != 0;
        return graph.Add(new KeepMask(keep, like.Shape, arguments.NextSite(), eachStep, sequence));
    }
}
