using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content>
/// Scans. A step is traced once, with block arguments in place of the states and of the sequence, among the nodes of the entry
/// itself, so that values from outside keep their meaning inside; <see cref="ScanBody"/> then takes the step out.
/// </content>
internal sealed partial class Interpreter
{
    private readonly HashSet<Box> carried = [];

    /// <summary>Paths of the networks that fields of the model lead to.</summary>
    public Dictionary<ObjectValue, string> NetworkNames { get; } = [];

    /// <summary>Where a value enters or leaves a step of a scan of this entry: what <c>To</c> stands for may be what <c>From</c> holds.</summary>
    public List<(Value From, Value To)> StepFlows { get; } = [];

    /// <summary>One call of <c>Scan</c>.</summary>
    /// <param name="Scan">The method.</param>
    /// <param name="Cell">Its receiver.</param>
    /// <param name="States">The cell's states.</param>
    /// <param name="Initial">What they begin with.</param>
    /// <param name="Sequence">What is scanned.</param>
    /// <param name="Valid">Which steps count, where that is given.</param>
    /// <param name="At">The call.</param>
    /// <param name="Frame">Where it stands.</param>
    private sealed record ScanCall(
        IMethodSymbol Scan,
        ObjectValue Cell,
        IReadOnlyList<StateSlot> States,
        Value[] Initial,
        Value Sequence,
        Value? Valid,
        IOperation At,
        Frame Frame);

    private object? ApplyScan(IMethodSymbol method, object? receiver, ArgumentList arguments, IOperation at, Frame frame)
    {
        object? valid = null;
        if (receiver is not ObjectValue cell || !TryArgument(arguments.Values[0], method.Parameters[0].Type, at, frame, out object? given)
            || given is not Value sequence
            || (arguments.Values[1] is not null && !TryArgument(arguments.Values[1], method.Parameters[1].Type, at, frame, out valid)))
        {
            return receiver is Poison || arguments.Values.Any(value => value is Poison)
                ? Poison.Instance
                : Unsupported(at, "a scan of " + Describe(receiver), frame);
        }
        if (!VariesWithTime(sequence, "runs over a value that varies with time", at, frame)
            || (valid is Value counted && !Counts(counted, at, frame)))
        {
            return Poison.Instance;
        }
        IReadOnlyList<StateSlot> states = StateWalk.Find(cell, NetworkNames.TryGetValue(cell, out string? name) ? name : "", sources);
        Value[] initial = new Value[states.Count];
        for (int i = 0; i < initial.Length; i++)
        {
            if (!TryState(states[i], at, frame, out initial[i]))
            {
                return Poison.Instance;
            }
        }
        return TraceScan(new ScanCall(method, cell, states, initial, sequence, valid as Value?, at, frame));
    }

    private bool VariesWithTime(Value value, string rule, IOperation at, Frame frame)
    {
        bool varies = (Builder[value].Varies & Varies.Time) != 0;
        if (!varies)
        {
            Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': 'Scan' {rule}, but got one of shape {Builder[value].Shape} that is the same at every "
                + "step. Give it an input marked [Steps], or something computed from one.",
                at,
                frame);
        }
        return varies;
    }

    /// <summary>Whether a value can say which steps count.</summary>
    private bool Counts(Value valid, IOperation at, Frame frame)
    {
        if (Builder[valid].Shape != Shape.Scalar)
        {
            Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': the second argument of 'Scan' says which steps count: a scalar at every step, but it has "
                + $"the shape {Builder[valid].Shape}.",
                at,
                frame);
            return false;
        }
        return VariesWithTime(valid, "takes as its second argument a scalar that varies with time", at, frame);
    }

    /// <summary>The value a state holds; false where there is none and that was said.</summary>
    private bool TryState(StateSlot state, IOperation at, Frame frame, out Value value)
    {
        value = default;
        switch (state.Box.Content)
        {
            case Value tensor:
                value = tensor;
                return true;
            case WeightValue weight:
                value = Materialise(weight, at, frame);
                return true;
            case Poison:
                return false;
            default:
                Fails(at, $"the state '{state.Name}' is {Describe(state.Box.Content)}; write its initial value in its declaration, such as "
                    + "'= Zeros(units)'", frame);
                return false;
        }
    }

    private object? TraceScan(ScanCall call)
    {
        ScanBody body = new(Builder, sites);
        int firstWatch = Watches.Count;
        object?[] before = call.States.Select(state => state.Box.Content).ToArray();
        object? output;
        Value[]? next;
        Value? counts;
        carried.UnionWith(call.States.Select(state => state.Box));
        try
        {
            for (int i = 0; i < before.Length; i++)
            {
                call.States[i].Box.Content = body.Argument(Builder[call.Initial[i]].Shape, Varies.Example);
            }
            Value x = SequenceArgument(body, call.Sequence);
            counts = call.Valid is Value valid ? SequenceArgument(body, valid) : null;
            IMethodSymbol step = FindOverride(call.Cell, call.Scan.ContainingType.GetMembers("Step").OfType<IMethodSymbol>().Single());
            output = CallMember(step, call.Cell, new ArgumentList([x]), call.Cell.TypeArguments, call.At, call.Frame);
            output = output is WeightValue weight ? Materialise(weight, call.At, call.Frame) : output;
            next = NextStates(call);
        }
        finally
        {
            for (int i = 0; i < before.Length; i++)
            {
                call.States[i].Box.Content = before[i];
                carried.Remove(call.States[i].Box);
            }
        }
        if (next is null || output is not Value result)
        {
            return output is null ? Fails(call.At, "'Step' returns null", call.Frame) : Poison.Instance;
        }
        Value[] results = [.. next, result];
        return FinishScan(call, body, counts is Value scalar ? Hold(body, results, scalar) : results, firstWatch);
    }

    private Value SequenceArgument(ScanBody body, Value sequence) =>
        body.Argument(Builder[sequence].Shape, Builder[sequence].Varies & ~Varies.Time);

    /// <summary>What the step left in the states; null where something is wrong and that was said.</summary>
    private Value[]? NextStates(ScanCall call)
    {
        Value[] next = new Value[call.States.Count];
        bool complete = true;
        for (int i = 0; i < next.Length; i++)
        {
            complete &= TryState(call.States[i], call.At, call.Frame, out next[i])
                && KeepsShape(call.States[i], Builder[call.Initial[i]].Shape, Builder[next[i]].Shape, call.At, call.Frame);
        }
        return complete ? next : null;
    }

    /// <summary>At a step that does not count, states stay and the output is 0.</summary>
    private Value[] Hold(ScanBody body, Value[] results, Value counts) => results.Select((result, index) =>
    {
        Value otherwise = index < results.Length - 1 ? body.Arguments[index] : Builder.Full(0, Builder[result].Shape);
        Value[] operands = Broadcasting.Align(Builder, "Scan", counts, result, otherwise);
        return Builder.Choose(operands[0], operands[1], operands[2]);
    }).ToArray();

    private bool KeepsShape(StateSlot state, Shape before, Shape after, IOperation at, Frame frame)
    {
        if (before != after)
        {
            Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': 'Step' makes the state '{state.Name}' of shape {before} one of shape {after}; a state "
                + "must keep its shape.",
                at,
                frame);
        }
        return before == after;
    }

    /// <param name="call">The call.</param>
    /// <param name="body">The step.</param>
    /// <param name="results">The next states, then the output.</param>
    /// <param name="firstWatch">Number of the first value that the step watches.</param>
    private object? FinishScan(ScanCall call, ScanBody body, Value[] results, int firstWatch)
    {
        (string Name, Value Value)[] watched = [.. Watches.Skip(firstWatch)];
        string[] stateNames = call.States.Select(state => state.Name).ToArray();
        string[] names = [.. stateNames, "output", .. watched.Select(watch => watch.Name)];
        Value[] sequences = call.Valid is Value valid ? [call.Sequence, valid] : [call.Sequence];
        Graph graph = body.Build(
            results.Concat(watched.Select(watch => watch.Value))
                .Select((value, index) => new Result(ResultKind.Step, names[index], 0, value.Id)).ToArray(),
            [.. stateNames, .. sequences.Select(sequence => Builder[sequence].Name)]);
        if (graph.Nodes.Any(node => node.Operation is SumOverExamples))
        {
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(call.At.Syntax)}': 'Step' adds up over the examples of a batch (as 'BatchMean' and 'BatchNorm' do), but a "
                + "sequence is computed example by example. Normalise each example, for example with 'LayerNorm', or take the statistic of "
                + "a mean over steps outside.",
                call.At,
                call.Frame);
        }
        Value[] timed = body.Captured.Where(value => (Builder[value].Varies & Varies.Time) != 0).ToArray();
        if (timed.Length > 0)
        {
            string name = Builder[timed[0]].Name;
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(call.At.Syntax)}': 'Step' uses {(name.Length > 0 ? "'" + name + "'" : "a value")}, "
                + "which varies with time, by another way than its argument. Join it to the sequence that 'Scan' gets, for example with "
                + "'Concat'.",
                call.At,
                call.Frame);
        }
        Value whole = Builder.Add(
            new Scan(stateNames.Length, sequences.Length, graph), [.. call.Initial, .. sequences, .. body.Captured]);
        Value outputs = Builder.Add(new ScanResult(stateNames.Length), whole);
        for (int i = 0; i < watched.Length; i++)
        {
            Watches[firstWatch + i] = (
                watched[i].Name, Builder.Add(new ScanResult(stateNames.Length + 1 + i), watched[i].Name, whole));
        }
        StepFlows.AddRange([.. call.Initial.Concat(sequences).Zip(body.Arguments, (from, to) => (from, to))]);
        StepFlows.AddRange([.. results.Zip(body.Arguments.Take(stateNames.Length).Append(outputs), (from, to) => (from, to))]);
        return outputs;
    }
}
