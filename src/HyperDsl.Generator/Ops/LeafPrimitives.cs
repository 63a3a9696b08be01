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

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        double keep = arguments.Real(0);
        if (!(keep > 0 && keep <= 1))
        {
            throw new ShapeException(
                $"'KeepMask' keeps elements with probability {Literal.Exact(keep)}: it must be above 0 and at most 1.");
        }
        return graph.Add(new KeepMask(keep, Axes.Checked("KeepMask", arguments.Integers(1)), arguments.NextSite()));
    }
}
