using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// Takes a step out of the graph it was traced in: what depends on an argument of the step, or draws random numbers for it alone,
/// is computed at every step; everything else is captured from outside.
/// </summary>
/// <param name="outer">The graph of the entry.</param>
/// <param name="firstSite">Number of the first random mask that belongs to the step.</param>
internal sealed class ScanBody(GraphBuilder outer, int firstSite)
{
    private readonly List<Value> arguments = [];
    private readonly List<Value> captured = [];

    /// <summary>States and sequences, as the step reads them.</summary>
    public IReadOnlyList<Value> Arguments => arguments;

    /// <summary>Values from outside that the step uses, in order of their arguments.</summary>
    public IReadOnlyList<Value> Captured => captured;

    /// <summary>The next argument of the step.</summary>
    public Value Argument(Shape shape, Varies changes)
    {
        Value argument = outer.Add(new BlockArgument(arguments.Count, shape, changes));
        arguments.Add(argument);
        return argument;
    }

    /// <param name="results">What the step computes, as nodes of the entry's graph.</param>
    /// <param name="names">Names of the arguments.</param>
    public Graph Build(Result[] results, string[] names)
    {
        GraphBuilder body = new();
        bool[] inside = Inside();
        Dictionary<int, Value> copies = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            copies[arguments[i].Id] = body.Add(outer[arguments[i]].Operation, names[i]);
        }
        bool[] live = Live(results, inside);
        for (int id = 0; id < outer.Count; id++)
        {
            if (live[id] && !copies.ContainsKey(id))
            {
                copies[id] = inside[id] || IsConstant(outer[id])
                    ? body.Add(outer[id].Operation, outer[id].Name, [.. outer[id].Inputs.Select(input => copies[input])])
                    : Capture(body, id);
            }
        }
        return body.Build(results.Select(result => result with { Node = copies[result.Node].Id }));
    }

    private bool[] Inside()
    {
        bool[] inside = new bool[outer.Count];
        for (int id = 0; id < inside.Length; id++)
        {
            Node node = outer[id];
            inside[id] = arguments.Contains(node.Value)
                || (node.Operation is KeepMask { EachSequence: false } mask && mask.Site >= firstSite)
                || node.Inputs.Any(input => inside[input]);
        }
        return inside;
    }

    /// <summary>What the results need, up to what is captured.</summary>
    private bool[] Live(Result[] results, bool[] inside)
    {
        bool[] live = new bool[outer.Count];
        foreach (Result result in results)
        {
            live[result.Node] = true;
        }
        for (int id = live.Length - 1; id >= 0; id--)
        {
            if (live[id] && (inside[id] || IsConstant(outer[id])))
            {
                foreach (int input in outer[id].Inputs)
                {
                    live[input] = true;
                }
            }
        }
        return live;
    }

    /// <summary>Constants are written again inside.</summary>
    private bool IsConstant(Node node) => outer.ConstantOf(node.Value) is not null;

    private Value Capture(GraphBuilder body, int id)
    {
        Node node = outer[id];
        Value argument = body.Add(new BlockArgument(arguments.Count + captured.Count, node.Shape, node.Varies), node.Name);
        captured.Add(node.Value);
        return argument;
    }
}
