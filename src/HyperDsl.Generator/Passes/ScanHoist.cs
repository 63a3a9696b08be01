using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>Takes one scan apart: before, inside, behind.</summary>
internal sealed class ScanHoist
{
    private enum Part
    {
        Before,
        Inside,
        Behind,
    }

    private readonly GraphBuilder outer;
    private readonly Scan scan;
    private readonly Value[] inputs;
    private readonly Graph body;
    private readonly MachineCosts costs;
    private readonly Part[] parts;

    /// <summary>Values outside: of what moved before, of outputs, of what moved behind.</summary>
    private readonly Value?[] outside;

    public ScanHoist(GraphBuilder outer, Scan scan, Value[] inputs, MachineCosts costs)
    {
        this.costs = costs;
        this.outer = outer;
        this.scan = scan;
        this.inputs = inputs;
        body = scan.Body;
        parts = Divide();
        outside = new Value?[body.Nodes.Count];
    }

    /// <param name="used">Which results somebody reads.</param>
    /// <returns>The value of each result that is read.</returns>
    public Value?[] Run(int[] used)
    {
        foreach (Node node in body.Nodes.Where(node => parts[node.Id] == Part.Before))
        {
            outside[node.Id] = node.Operation is BlockArgument argument
                ? inputs[argument.Index]
                : Outside(node);
        }
        int[] outputs = Outputs(used);
        Value rebuilt = Rebuild(outputs, out Value?[] results);
        for (int i = 0; i < outputs.Length; i++)
        {
            outside[outputs[i]] = outer.Add(new ScanResult(scan.States + i), body[outputs[i]].Name, rebuilt);
        }
        bool[] needed = Needed(used);
        foreach (Node node in body.Nodes.Where(node => parts[node.Id] == Part.Behind && needed[node.Id]))
        {
            outside[node.Id] = Outside(node);
        }
        foreach (int result in used.Where(index => index >= scan.States))
        {
            // A value of every step even if all are equal: sums over steps must count each.
            results[result] = outer.Add(new EachStep(), outside[body.Results[result].Node]!.Value);
        }
        return results;
    }

    private Value Outside(Node node) => outer.Add(
        node.Operation, node.Name, node.Inputs.Select(input => outside[input]!.Value).ToArray());

    /// <summary>For each node of the body whether it has to be computed step by step.</summary>
    public static bool[] BoundToStates(Scan scan)
    {
        bool[] bound = new bool[scan.Body.Nodes.Count];
        foreach (Node node in scan.Body.Nodes)
        {
            // A mask is drawn anew at every step.
            bound[node.Id] = node.Operation is KeepMask
                || (node.Operation is BlockArgument argument && argument.Index < scan.States)
                || node.Inputs.Any(input => bound[input]);
        }
        return bound;
    }

    private Part[] Divide()
    {
        bool[] bound = BoundToStates(scan);
        bool[] feeds = new bool[body.Nodes.Count];
        for (int state = 0; state < scan.States; state++)
        {
            feeds[body.Results[state].Node] = true;
        }
        for (int id = body.Nodes.Count - 1; id >= 0; id--)
        {
            foreach (int input in body[id].Inputs)
            {
                feeds[input] |= feeds[id];
            }
        }
        bool[] worth = WorthMoving(bound);
        Part[] divided = body.Nodes.Select(node =>
            !bound[node.Id] && worth[node.Id] ? Part.Before
            : !bound[node.Id] ? Part.Inside
            : feeds[node.Id] || node.Operation is Leaf ? Part.Inside
            : Part.Behind).ToArray();
        if (costs.WorksInLoops)
        {
            KeepInside(divided);
        }
        return divided;
    }

    /// <summary>
    /// Elementwise work that could move behind stays if it is the only one there to read a value of the loop: the loop gives its result to
    /// all steps' values instead of that value, and nothing is read again.
    /// </summary>
    private void KeepInside(Part[] divided)
    {
        HashSet<int> results = [.. body.Results.Skip(scan.States).Select(result => result.Node)];
        foreach (Node node in body.Nodes.Where(node => divided[node.Id] == Part.Behind && node.Operation is Elementwise))
        {
            bool OnlyHere(int input) => divided[input] == Part.Inside && body[input].Operation is not Leaf && !results.Contains(input)
                && body.Nodes.All(other => other == node || divided[other.Id] != Part.Behind || !other.Inputs.Contains(input));
            int saved = node.Inputs.Distinct().Where(OnlyHere).Sum(input => body[input].Shape.Count);
            if (saved >= node.Shape.Count && node.Inputs.All(input => divided[input] != Part.Behind))
            {
                divided[node.Id] = Part.Inside;
            }
        }
    }

    /// <summary>
    /// Of what could move before the scan: arguments, what does not vary with time, products, and what those are made of. A few
    /// elementwise operations at every step cost less there, in the cache, than as passes over all steps.
    /// </summary>
    private bool[] WorthMoving(bool[] bound)
    {
        bool[] worth = new bool[body.Nodes.Count];
        bool[] varies = new bool[body.Nodes.Count];
        foreach (Node node in body.Nodes)
        {
            varies[node.Id] = node.Operation is BlockArgument argument
                ? argument.Index < scan.States || (outer[inputs[argument.Index]].Varies & Varies.Time) != 0
                : node.Inputs.Any(input => varies[input]);
            worth[node.Id] = node.Operation is Leaf || !varies[node.Id] || node.Operation is Gather || DifferentiateScan.IsCostly(body, node, costs);
        }
        for (int id = body.Nodes.Count - 1; id >= 0; id--)
        {
            if (worth[id] && !bound[id])
            {
                foreach (int input in body[id].Inputs)
                {
                    worth[input] = true;
                }
            }
        }
        return worth;
    }

    /// <summary>What the results that are read need outside of the scan.</summary>
    private bool[] Needed(int[] used)
    {
        bool[] needed = new bool[body.Nodes.Count];
        foreach (int result in used.Where(index => index >= scan.States))
        {
            needed[body.Results[result].Node] = true;
        }
        for (int id = body.Nodes.Count - 1; id >= 0; id--)
        {
            if (needed[id] && parts[id] == Part.Behind)
            {
                foreach (int input in body[id].Inputs)
                {
                    needed[input] = true;
                }
            }
        }
        return needed;
    }

    /// <summary>Inside values that are read outside: by results, or by what moved behind.</summary>
    private int[] Outputs(int[] used)
    {
        bool[] needed = Needed(used);
        return Enumerable.Range(0, needed.Length).Where(id => needed[id] && parts[id] == Part.Inside).ToArray();
    }

    /// <summary>The scan with what is left; captures and sequences are those that the inside still reads.</summary>
    private Value Rebuild(int[] outputs, out Value?[] results)
    {
        GraphBuilder inner = new();
        Value[] inside = new Value[body.Nodes.Count];
        Dictionary<int, Value> arguments = [];
        List<Value> sequences = [];
        List<Value> captures = [];
        HashSet<int> live = LiveInside(outputs);
        int[] read = body.Nodes.Where(node => parts[node.Id] == Part.Inside && live.Contains(node.Id))
            .SelectMany(node => node.Inputs)
            .Concat(Enumerable.Range(0, scan.States).Select(state => body.Results[state].Node))
            .Where(id => parts[id] == Part.Before && outer.ConstantOf(outside[id]!.Value) is null)
            .Distinct().OrderBy(id => id).ToArray();
        foreach (int id in read)
        {
            Value value = outside[id]!.Value;
            bool sequence = (outer[value].Varies & Varies.Time) != 0;
            (sequence ? sequences : captures).Add(value);
        }
        int sequenceIndex = scan.States;
        int captureIndex = scan.States + sequences.Count;
        foreach (int id in read)
        {
            Node value = outer[outside[id]!.Value];
            bool sequence = (value.Varies & Varies.Time) != 0;
            arguments[id] = inner.Add(
                new BlockArgument(sequence ? sequenceIndex++ : captureIndex++, value.Shape, value.Varies & ~Varies.Time),
                body[id].Name);
        }
        Value Inside(int id) => parts[id] != Part.Before ? inside[id]
            : arguments.TryGetValue(id, out Value argument) ? argument
            : inner.Full(outer.ConstantOf(outside[id]!.Value)!.Value, body[id].Shape);
        foreach (Node node in body.Nodes.Where(node => parts[node.Id] == Part.Inside))
        {
            if (live.Contains(node.Id) || node.Operation is BlockArgument)
            {
                inside[node.Id] = inner.Add(node.Operation, node.Name, node.Inputs.Select(Inside).ToArray());
            }
        }
        List<Result> innerResults = [];
        for (int state = 0; state < scan.States; state++)
        {
            innerResults.Add(body.Results[state] with { Node = Inside(body.Results[state].Node).Id });
        }
        innerResults.AddRange(outputs.Select(id =>
            new Result(ResultKind.Step, body[id].Name.Length > 0 ? body[id].Name : "step", 0, inside[id].Id)));
        Scan rebuilt = new(scan.States, sequences.Count, inner.Build(innerResults), scan.FromLast);
        Value scanned = outer.Add(rebuilt, [.. inputs.Take(scan.States), .. sequences, .. captures]);
        results = new Value?[body.Results.Count];
        for (int state = 0; state < scan.States; state++)
        {
            results[state] = outer.Add(new ScanResult(state), body.Results[state].Name, scanned);
        }
        return scanned;
    }

    private HashSet<int> LiveInside(int[] outputs)
    {
        HashSet<int> live = [.. outputs, .. Enumerable.Range(0, scan.States).Select(state => body.Results[state].Node)];
        for (int id = body.Nodes.Count - 1; id >= 0; id--)
        {
            if (live.Contains(id) && parts[id] == Part.Inside)
            {
                live.UnionWith(body[id].Inputs);
            }
        }
        return live;
    }
}
