using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Axes as the language's calls give them: negative ones count from the end.</summary>
internal static class Axes
{
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static int One(string operation, int axis, Shape shape)
    {
        int counted = axis < 0 ? axis + shape.Rank : axis;
        return counted >= 0 && counted < shape.Rank ? counted : throw new ShapeException(
            $"'{operation}' names axis {axis} of a value of shape {shape}: "
            + (shape.Rank == 0 ? "a scalar has no axes." : $"axes go from {-shape.Rank} to {shape.Rank - 1}."));
    }

    /// <summary>The axes in rising order.</summary>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static EquatableArray<int> Many(string operation, IEnumerable<int> axes, Shape shape)
    {
        int[] counted = axes.Select(axis => One(operation, axis, shape)).OrderBy(axis => axis).ToArray();
        for (int i = 1; i < counted.Length; i++)
        {
            if (counted[i] == counted[i - 1])
            {
                throw new ShapeException($"'{operation}' names axis {counted[i]} of a value of shape {shape} twice.");
            }
        }
        return counted.ToEquatable();
    }

    /// <summary>The shape without some axes.</summary>
    public static Shape Without(this Shape shape, EquatableArray<int> axes) =>
        Shape.Of(shape.Sizes.Where((_, axis) => !axes.Contains(axis)));

    /// <summary>The shape with size 1 at some axes.</summary>
    public static Shape WithUnits(this Shape shape, EquatableArray<int> axes) =>
        Shape.Of(shape.Sizes.Select((size, axis) => axes.Contains(axis) ? 1 : size));

    /// <summary>The shape with another size at one axis.</summary>
    public static Shape With(this Shape shape, int axis, int size) =>
        Shape.Of(shape.Sizes.Select((old, i) => i == axis ? size : old));

    /// <summary>Repeats the result of a reduction over <paramref name="axes"/> back to the shape that was reduced.</summary>
    public static Value Restore(GraphBuilder graph, Value reduced, EquatableArray<int> axes, Shape shape) =>
        graph.Add(new Broadcast(shape), graph.Add(new Reshape(shape.WithUnits(axes)), reduced));

    /// <exception cref="ShapeException">A size is less than 1.</exception>
    public static Shape Checked(string operation, int[] sizes) => sizes.All(size => size > 0)
        ? Shape.Of(sizes)
        : throw new ShapeException($"'{operation}' asks for the shape {Shape.Of(sizes)}: sizes must be at least 1.");
}

/// <summary>A reduction of the language: <c>Sum(x, axes, keep)</c> and the like; no axes given means all of them.</summary>
internal abstract class ReductionPrimitive : Primitive
{
    protected abstract Operation Over(EquatableArray<int> axes);

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value x = arguments.Tensor(0);
        Shape shape = graph[x].Shape;
        EquatableArray<int> axes = arguments.IsNull(1)
            ? Enumerable.Range(0, shape.Rank).ToEquatable()
            : Axes.Many(Name, arguments.Integers(1), shape);
        Value reduced = graph.Add(Over(axes), x);
        return arguments.Flag(2) ? graph.Add(new Reshape(shape.WithUnits(axes)), reduced) : reduced;
    }
}
