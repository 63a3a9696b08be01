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

    private object? ApplyScan(IMethodSymbol method, object? receiver, ArgumentList arguments, IOperation at, Frame frame)
    {
        if (receiver is not ObjectValue cell || !TryArgument(arguments.Values[0], method.Parameters[0].Type, at, frame, out object? given)
            || given is not Value sequence)
        {
            return receiver is Poison || arguments.Values[0] is Poison
                ? Poison.Instance
                : Unsupported(at, "a scan of " + Describe(receiver), frame);
        }
        if ((Builder[sequence].Varies & Varies.Time) == 0)
        {
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': 'Scan' runs over a value that varies with time, but got one of shape "
                + $"{Builder[sequence].Shape} that is the same at every step. Give it an input marked [Steps], or something computed "
                + "from one.",
                at,
                frame);
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
        return TraceScan(method, cell, states, initial, sequence, at, frame);
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

    private object? TraceScan(
        IMethodSymbol scan,
        ObjectValue cell,
        IReadOnlyList<StateSlot> states,
        Value[] initial,
        Value sequence,
        IOperation at,
        Frame frame)
    {
        ScanBody body = new(Builder, sites);
        int firstWatch = Watches.Count;
        object?[] before = states.Select(state => state.Box.Content).ToArray();
        Value[] next = new Value[initial.Length];
        object? output;
        bool complete = true;
        carried.UnionWith(states.Select(state => state.Box));
        try
        {
            for (int i = 0; i < initial.Length; i++)
            {
                states[i].Box.Content = body.Argument(Builder[initial[i]].Shape, Varies.Example);
            }
            Node read = Builder[sequence];
            Value x = body.Argument(read.Shape, read.Varies & ~Varies.Time);
            IMethodSymbol step = FindOverride(cell, scan.ContainingType.GetMembers("Step").OfType<IMethodSymbol>().Single());
            output = CallMember(step, cell, new ArgumentList([x]), cell.TypeArguments, at, frame);
            output = output is WeightValue weight ? Materialise(weight, at, frame) : output;
            for (int i = 0; i < initial.Length; i++)
            {
                complete &= TryState(states[i], at, frame, out next[i])
                    && KeepsShape(states[i], Builder[initial[i]].Shape, Builder[next[i]].Shape, at, frame);
            }
        }
        finally
        {
            for (int i = 0; i < initial.Length; i++)
            {
                states[i].Box.Content = before[i];
                carried.Remove(states[i].Box);
            }
        }
        if (!complete || output is not Value result)
        {
            return output is null ? Fails(at, "'Step' returns null", frame) : Poison.Instance;
        }
        return FinishScan(body, states, initial, sequence, [.. next, result], firstWatch, at, frame);
    }

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

    private object? FinishScan(
        ScanBody body,
        IReadOnlyList<StateSlot> states,
        Value[] initial,
        Value sequence,
        Value[] results,
        int firstWatch,
        IOperation at,
        Frame frame)
    {
        (string Name, Value Value)[] watched = [.. Watches.Skip(firstWatch)];
        string[] names = [.. states.Select(state => state.Name), "output", .. watched.Select(watch => watch.Name)];
        Graph graph = body.Build(
            results.Concat(watched.Select(watch => watch.Value))
                .Select((value, index) => new Result(ResultKind.Step, names[index], 0, value.Id)).ToArray(),
            [.. names.Take(states.Count), Builder[sequence].Name]);
        Value[] timed = body.Captured.Where(value => (Builder[value].Varies & Varies.Time) != 0).ToArray();
        if (timed.Length > 0)
        {
            string name = Builder[timed[0]].Name;
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': 'Step' uses {(name.Length > 0 ? "'" + name + "'" : "a value")}, "
                + "which varies with time, by another way than its argument. Join it to the sequence that 'Scan' gets, for example with "
                + "'Concat'.",
                at,
                frame);
        }
        Value whole = Builder.Add(new Scan(states.Count, 1, graph), [.. initial, sequence, .. body.Captured]);
        Value outputs = Builder.Add(new ScanResult(states.Count), whole);
        for (int i = 0; i < watched.Length; i++)
        {
            Watches[firstWatch + i] = (watched[i].Name, Builder.Add(new ScanResult(states.Count + 1 + i), watched[i].Name, whole));
        }
        StepFlows.AddRange([.. initial.Append(sequence).Zip(body.Arguments, (from, to) => (from, to))]);
        StepFlows.AddRange([.. results.Zip(body.Arguments.Take(states.Count).Append(outputs), (from, to) => (from, to))]);
        return outputs;
    }
}
