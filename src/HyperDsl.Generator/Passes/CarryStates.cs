using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>A state of a cell that callers may go on with from one call to the next.</summary>
/// <param name="Name">Path of its field, such as <c>lstm.h</c>.</param>
/// <param name="Shape">Its shape for one example.</param>
internal sealed record CarriedState(string Name, Shape Shape);

/// <summary>
/// Lets scans begin where an earlier call ended. Each state becomes an input and an output of the entry: an example whose state is
/// fresh begins with the value the cell declares, any other with the value it is given. What is given has no gradient, so windows
/// of a long sequence are trained by truncated back-propagation.
/// </summary>
internal static class CarryStates
{
    /// <summary>Inputs that a carried state adds to its entry: whether it is fresh, and its value.</summary>
    public const int InputsOfState = 2;

    /// <summary>The states that all graphs of an entry have.</summary>
    public static EquatableArray<CarriedState> Find(Entry entry)
    {
        CarriedState[] found = StatesOf(entry.Evaluation).Select(state => state.Carried).ToArray();
        return entry.Training is null
            ? found.ToEquatable()
            : found.Intersect(StatesOf(entry.Training).Select(state => state.Carried)).ToEquatable();
    }

    /// <param name="graph">A graph as it was traced.</param>
    /// <param name="inputs">The number of the entry's own inputs; those of states follow.</param>
    /// <param name="states">The states to carry, in order.</param>
    public static Graph Run(Graph graph, int inputs, EquatableArray<CarriedState> states)
    {
        if (states.Count == 0)
        {
            return graph;
        }
        Dictionary<(int Scan, int State), int> places = StatesOf(graph)
            .Select(found => (found.Scan, found.State, Place: states.ToList().IndexOf(found.Carried)))
            .Where(found => found.Place >= 0)
            .ToDictionary(found => (found.Scan, found.State), found => found.Place);
        GraphBuilder builder = new();
        Result[] carried = new Result[states.Count];
        Value[] values = GraphRewriter.Rebuild(builder, graph, (rebuilt, node, operands) =>
        {
            if (node.Operation is not Scan scan)
            {
                return null;
            }
            for (int state = 0; state < scan.States; state++)
            {
                if (places.TryGetValue((node.Id, state), out int place))
                {
                    operands[state] = Begin(rebuilt, states[place], inputs + (InputsOfState * place), operands[state]);
                }
            }
            Value scanned = rebuilt.Add(scan, operands);
            for (int state = 0; state < scan.States; state++)
            {
                if (places.TryGetValue((node.Id, state), out int place))
                {
                    Value final = rebuilt.Add(new ScanResult(state), states[place].Name, scanned);
                    carried[place] = new Result(ResultKind.State, states[place].Name, place, final.Id);
                }
            }
            return scanned;
        });
        Result[] results = [.. graph.Results.Select(result => result with { Node = values[result.Node].Id })];
        // Outputs stand in the order in which the runtime knows them: prediction, states, what is watched.
        return builder.Build(
        [
            .. results.Where(result => result.Kind != ResultKind.Watched),
            .. carried,
            .. results.Where(result => result.Kind == ResultKind.Watched),
        ]);
    }

    private static Value Begin(GraphBuilder graph, CarriedState state, int input, Value declared)
    {
        Value[] operands = Broadcasting.Align(
            graph,
            "scan",
            graph.Add(new InputLeaf(input, Shape.Scalar, 0), state.Name + " is fresh"),
            declared,
            graph.Add(new InputLeaf(input + 1, state.Shape, 0), state.Name + " before"));
        return graph.Choose(operands[0], operands[1], operands[2]);
    }

    private static IEnumerable<(int Scan, int State, CarriedState Carried)> StatesOf(Graph graph)
    {
        Dictionary<string, int> times = new(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is Scan scan)
            {
                for (int state = 0; state < scan.States; state++)
                {
                    Result result = scan.Body.Results[state];
                    times[result.Name] = times.TryGetValue(result.Name, out int before) ? before + 1 : 1;
                    // A cell that an entry scans twice has two states of each name.
                    string name = times[result.Name] == 1 ? result.Name : result.Name + "#" + Literal.Integer(times[result.Name]);
                    yield return (node.Id, state, new CarriedState(name, scan.Body[result.Node].Shape));
                }
            }
        }
    }
}
