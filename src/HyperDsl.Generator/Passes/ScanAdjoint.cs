using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>Builds the body of a scan's derivative.</summary>
internal sealed class ScanAdjoint
{
    private readonly GraphBuilder outer;
    private readonly Scan scan;
    private readonly Graph body;
    private readonly Node node;
    private readonly Value?[] resultGradients;
    private readonly Node[] kept;
    private readonly GraphBuilder inner = new();
    private readonly List<Value> sequences = [];
    private readonly List<Value> captures = [];
    private readonly Value[] again;
    private readonly Value?[] gradients;

    public ScanAdjoint(GraphBuilder outer, Scan scan, Node node, Value?[] resultGradients, MachineCosts costs)
    {
        this.outer = outer;
        this.scan = scan;
        this.node = node;
        this.resultGradients = resultGradients;
        kept = Tape.Kept(scan, costs).ToArray();
        body = scan.Body;
        again = new Value[body.Nodes.Count];
        gradients = new Value?[body.Nodes.Count];
    }

    /// <param name="wanted">Inputs of the scan whose gradients are wanted.</param>
    /// <returns>The new scan's node, and for each wanted input which result is its gradient; -1 if it has none.</returns>
    public (Value Scan, int[] Outputs) Build(int[] wanted)
    {
        int sequenceCount = CountSequences();
        ComputeAgain(sequenceCount);
        Seed(sequenceCount);
        Backward();
        List<Result> results = [];
        List<Value> initial = [];
        for (int state = 0; state < scan.States; state++)
        {
            Shape shape = outer[node.Inputs[state]].Shape;
            initial.Add(resultGradients[state] ?? outer.Full(0, shape));
            Value next = GradientOfArgument(state) ?? inner.Full(0, shape);
            results.Add(new Result(ResultKind.Step, "gradient of state", state, next.Id));
        }
        int[] outputs = new int[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] < scan.States)
            {
                outputs[i] = wanted[i];
                continue;
            }
            outputs[i] = -1;
            if (GradientOfArgument(wanted[i]) is Value gradient)
            {
                outputs[i] = results.Count;
                results.Add(new Result(ResultKind.Step, "gradient", wanted[i], gradient.Id));
            }
        }
        Scan adjoint = new(scan.States, sequences.Count, inner.Build(results), !scan.FromLast);
        Value scanned = outer.Add(adjoint, [.. initial, .. sequences, .. captures]);
        return (scanned, outputs);
    }

    /// <summary>
    /// Arguments stand in order of states, sequences, captures, so how many sequences there are must be known before the first
    /// capture is numbered.
    /// </summary>
    private int CountSequences() =>
        scan.States + scan.Sequences + kept.Length
        + Enumerable.Range(scan.States, body.Results.Count - scan.States).Count(HasSequenceGradient);

    private bool HasSequenceGradient(int result) =>
        resultGradients[result] is Value gradient && (outer[gradient].Varies & Varies.Time) != 0;

    private Value Sequence(Value value, string name)
    {
        sequences.Add(value);
        return inner.Add(
            new BlockArgument(scan.States + sequences.Count - 1, outer[value].Shape, outer[value].Varies & ~Varies.Time), name);
    }

    private Value Capture(Value value, string name, int sequenceCount)
    {
        if (outer.ConstantOf(value) is double number)
        {
            return inner.Full(number, outer[value].Shape);
        }
        captures.Add(value);
        return inner.Add(
            new BlockArgument(scan.States + sequenceCount + captures.Count - 1, outer[value].Shape, outer[value].Varies), name);
    }

    /// <summary>The forward step, with kept values read instead of computed.</summary>
    private void ComputeAgain(int sequenceCount)
    {
        int tape = body.Results.Count;
        Value[] before = Enumerable.Range(0, scan.States)
            .Select(state => Sequence(Taped(tape + state), "before")).ToArray();
        Value[] read = Enumerable.Range(0, scan.Sequences)
            .Select(i => Sequence(new Value(node.Inputs[scan.States + i]), outer[node.Inputs[scan.States + i]].Name)).ToArray();
        Dictionary<int, Value> taped = [];
        int next = tape + scan.States;
        foreach (Node costly in kept)
        {
            taped.Add(costly.Id, Sequence(Taped(next++), costly.Name));
        }
        Dictionary<int, Value> captured = [];
        foreach (Node step in body.Nodes)
        {
            again[step.Id] = step.Operation switch
            {
                BlockArgument argument when argument.Index < scan.States => before[argument.Index],
                BlockArgument argument when argument.Index < scan.States + scan.Sequences => read[argument.Index - scan.States],
                BlockArgument argument => captured.TryGetValue(argument.Index, out Value known)
                    ? known
                    : captured[argument.Index] = Capture(new Value(node.Inputs[argument.Index]), step.Name, sequenceCount),
                _ when taped.TryGetValue(step.Id, out Value value) => value,
                _ => inner.Add(step.Operation, step.Name, step.Inputs.Select(input => again[input]).ToArray()),
            };
        }
    }

    private Value Taped(int result) => outer.Add(new ScanResult(result), new Value(node.Id));

    private void Seed(int sequenceCount)
    {
        for (int state = 0; state < scan.States; state++)
        {
            Shape shape = outer[node.Inputs[state]].Shape;
            Value carried = inner.Add(new BlockArgument(state, shape, Varies.Example), "gradient of state");
            Contribute(body.Results[state].Node, carried);
        }
        for (int result = scan.States; result < body.Results.Count; result++)
        {
            if (HasSequenceGradient(result))
            {
                Contribute(body.Results[result].Node, Sequence(resultGradients[result]!.Value, "gradient of output"));
            }
            else if (resultGradients[result] is Value constant)
            {
                Contribute(body.Results[result].Node, Capture(constant, "gradient of output", sequenceCount));
            }
        }
    }

    private void Backward()
    {
        for (int id = body.Nodes.Count - 1; id >= 0; id--)
        {
            Node step = body[id];
            if (gradients[id] is not Value gradient || step.Inputs.Count == 0)
            {
                continue;
            }
            Node here = step with
            {
                Id = again[id].Id, Inputs = step.Inputs.Select(input => again[input].Id).ToEquatable(),
            };
            Value?[] contributions = step.Operation.Gradient(inner, here, gradient);
            for (int i = 0; i < step.Inputs.Count; i++)
            {
                if (contributions[i] is Value contribution)
                {
                    Contribute(step.Inputs[i], contribution);
                }
            }
        }
    }

    private void Contribute(int id, Value contribution)
    {
        gradients[id] = gradients[id] is Value earlier ? inner.Add(new Add(), earlier, contribution) : contribution;
        if (body[id].Name.Length > 0)
        {
            inner.Rename(gradients[id]!.Value, ValueNames.GradientOf(body[id].Name));
        }
    }

    private Value? GradientOfArgument(int index)
    {
        Value? sum = null;
        foreach (Node argument in body.Nodes.Where(step => step.Operation is BlockArgument a && a.Index == index))
        {
            if (gradients[argument.Id] is Value gradient)
            {
                sum = sum is Value earlier ? inner.Add(new Add(), earlier, gradient) : gradient;
            }
        }
        return sum;
    }
}
