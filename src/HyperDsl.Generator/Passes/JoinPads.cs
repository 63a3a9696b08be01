using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// A sum of padded parts that lie side by side and fill an axis is their concatenation. The gradient of a value that was cut into
/// gates comes as such a sum.
/// </summary>
internal static class JoinPads
{
    public static Value? Of(GraphBuilder builder, Value sum)
    {
        List<Node> parts = [];
        if (!Collect(builder, sum, parts, []) || parts.Count < 2)
        {
            return null;
        }
        Shape whole = builder[sum].Shape;
        int[] axes = Enumerable.Range(0, whole.Rank)
            .Where(axis => parts.Any(part => builder[part.Inputs[0]].Shape[axis] != whole[axis])).ToArray();
        if (axes.Length != 1)
        {
            return null;
        }
        int next = 0;
        List<Value> ordered = [];
        foreach (Node part in parts.OrderBy(part => ((Pad)part.Operation).Before[axes[0]]))
        {
            if (((Pad)part.Operation).Before[axes[0]] != next)
            {
                return null;
            }
            next += builder[part.Inputs[0]].Shape[axes[0]];
            ordered.Add(new Value(part.Inputs[0]));
        }
        return next == whole[axes[0]] ? builder.Add(new Concat(axes[0]), [.. ordered]) : null;
    }

    /// <summary>What is added twice lies on itself, not beside itself; and a chain of doublings has more paths than can be walked.</summary>
    private static bool Collect(GraphBuilder builder, Value value, List<Node> parts, HashSet<Value> seen)
    {
        if (!seen.Add(value))
        {
            return false;
        }
        Node node = builder[value];
        switch (node.Operation)
        {
            case Add:
                return node.Inputs.All(input => Collect(builder, new Value(input), parts, seen));
            case Pad { Number: 0 }:
                parts.Add(node);
                return true;
            default:
                return false;
        }
    }
}
