using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Analyses;

/// <summary>How a node's elements are found in the storage of the node that owns them.</summary>
/// <param name="Root">The owning node.</param>
/// <param name="Offset">Where the first element is, counted from the root's first.</param>
/// <param name="Strides">Distance of neighbours along each axis of the viewing node's shape; 0 where it repeats.</param>
internal sealed record View(int Root, int Offset, EquatableArray<int> Strides)
{
    /// <summary>The views of all nodes of a graph; a node that is no view is its own root.</summary>
    /// <remarks>A reshape that strides cannot express is a root as well; <c>Materialise</c> leaves none of those.</remarks>
    public static View[] Of(Graph graph)
    {
        View[] views = new View[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            views[node.Id] = Through(id => graph[id], node, views) ?? OwnStorage(node);
        }
        return views;
    }

    /// <summary>The view of the node after those that have one, in a graph under construction.</summary>
    public static View Next(GraphBuilder builder, IReadOnlyList<View> views)
    {
        Node node = builder[views.Count];
        return Through(id => builder[id], node, views) ?? OwnStorage(node);
    }

    public static bool CanReshape(View source, Shape old, Shape shape) => Reshaped(source, old, shape) is not null;

    public static bool IsViewing(Operation operation) => operation is Reshape or Transpose or Slice or Broadcast or Detach or AtStep or EachStep;

    /// <summary>Whether walking the shape in row-major order meets neighbours in memory.</summary>
    public bool IsContiguous(Shape shape)
    {
        int expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && Strides[axis] != expected)
            {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }

    /// <summary>The one stride that walks several axes as if they were one, or <c>null</c> if there is none.</summary>
    public int? MergedStride(Shape shape, int from, int to)
    {
        int? merged = null;
        int expected = 0;
        for (int axis = to - 1; axis >= from; axis--)
        {
            if (shape[axis] == 1)
            {
                continue;
            }
            if (merged is null)
            {
                merged = Strides[axis];
            }
            else if (Strides[axis] != expected)
            {
                return null;
            }
            expected = Strides[axis] * shape[axis];
        }
        return merged ?? 1;
    }

    private static View OwnStorage(Node node) => new(node.Id, 0, new EquatableArray<int>(node.Shape.Strides()));

    private static View? Through(Func<int, Node> nodes, Node node, IReadOnlyList<View> views)
    {
        if (!IsViewing(node.Operation))
        {
            return null;
        }
        View source = views[node.Inputs[0]];
        Shape shape = nodes(node.Inputs[0]).Shape;
        switch (node.Operation)
        {
            case Detach or AtStep or EachStep:
                return source;
            case Transpose transpose:
                return source with { Strides = transpose.Order.Select(axis => source.Strides[axis]).ToEquatable() };
            case Slice slice:
                return source with { Offset = source.Offset + (slice.Start * source.Strides[slice.Axis]) };
            case Broadcast:
                int added = node.Shape.Rank - shape.Rank;
                return source with
                {
                    Strides = node.Shape.Sizes
                        .Select((_, axis) => axis < added || shape[axis - added] == 1 ? 0 : source.Strides[axis - added])
                        .ToEquatable(),
                };
            default:
                return Reshaped(source, shape, node.Shape) is int[] strides
                    ? source with { Strides = new EquatableArray<int>(strides) }
                    : null;
        }
    }

    /// <summary>
    /// Strides of the new axes, or <c>null</c> where elements that become neighbours are not evenly spaced. Axes are matched in
    /// runs of equal product, as every array library does.
    /// </summary>
    private static int[]? Reshaped(View source, Shape old, Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int oldAxis = old.Rank - 1;
        int axis = shape.Rank - 1;
        while (axis >= 0)
        {
            int first = axis;
            int firstOld = oldAxis;
            int product = shape[axis--];
            int oldProduct = oldAxis >= 0 ? old[oldAxis--] : 1;
            while (product != oldProduct)
            {
                if (product < oldProduct)
                {
                    product *= shape[axis--];
                }
                else
                {
                    oldProduct *= old[oldAxis--];
                }
            }
            if (source.MergedStride(old, oldAxis + 1, firstOld + 1) is not int stride)
            {
                return null;
            }
            for (int a = first; a > axis; a--)
            {
                strides[a] = stride;
                stride *= shape[a];
            }
        }
        return strides;
    }
}
