using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>
/// A graph with scans written out for a given number of steps, without time: the meaning of a scan in terms of everything else.
/// Step <c>t</c> of input <c>i</c> becomes input <c>i · steps + t</c>; other inputs keep one.
/// </summary>
internal static class UnrolledGraph
{
    public static Graph Of(Graph graph, int steps)
    {
        GraphBuilder builder = new();
        // A value for each step where it varies with time, else one.
        Value[][] values = new Value[graph.Nodes.Count][];
        Dictionary<int, (Value[] States, Value[][] Outputs)> scans = [];
        foreach (Node node in graph.Nodes)
        {
            Value[][] inputs = node.Inputs.Select(input => values[input]).ToArray();
            switch (node.Operation)
            {
                case Scan scan:
                    scans[node.Id] = Unroll(builder, scan, inputs, steps);
                    values[node.Id] = [];
                    break;
                case ScanResult result:
                    (Value[] states, Value[][] outputs) = scans[node.Inputs[0]];
                    int count = states.Length;
                    values[node.Id] = result.Index < count ? [states[result.Index]] : outputs[result.Index - count];
                    break;
                case InputLeaf input:
                    values[node.Id] = Enumerable.Range(0, input.Steps ? steps : 1)
                        .Select(t => builder.Add(new InputLeaf((input.Index * steps) + t, input.Sizes, input.Classes))).ToArray();
                    break;
                case StepCount:
                    values[node.Id] = [builder.Add(new Constant(steps))];
                    break;
                case SumOverSteps:
                    values[node.Id] = [Sum(builder, Enumerable.Range(0, steps).Select(t => At(inputs[0], t)).ToArray())];
                    break;
                default:
                    values[node.Id] = Enumerable.Range(0, (node.Varies & Varies.Time) != 0 ? steps : 1)
                        .Select(t => builder.Add(node.Operation, inputs.Select(input => At(input, t)).ToArray())).ToArray();
                    break;
            }
        }
        return builder.Build(graph.Results.SelectMany(result => values[result.Node].Select((value, t) =>
            result with { Node = value.Id, Name = values[result.Node].Length > 1 ? result.Name + t : result.Name })));
    }

    private static (Value[] States, Value[][] Outputs) Unroll(GraphBuilder builder, Scan scan, Value[][] inputs, int steps)
    {
        Graph body = scan.Body;
        Value[] states = Enumerable.Range(0, scan.States).Select(state => inputs[state][0]).ToArray();
        Value[][] outputs = Enumerable.Range(0, body.Results.Count - scan.States).Select(_ => new Value[steps]).ToArray();
        for (int turn = 0; turn < steps; turn++)
        {
            int t = scan.FromLast ? steps - 1 - turn : turn;
            Value[] values = new Value[body.Nodes.Count];
            foreach (Node node in body.Nodes)
            {
                values[node.Id] = node.Operation is BlockArgument argument
                    ? argument.Index < scan.States ? states[argument.Index] : At(inputs[argument.Index], t)
                    : builder.Add(node.Operation, node.Inputs.Select(input => values[input]).ToArray());
            }
            states = Enumerable.Range(0, scan.States).Select(state => values[body.Results[state].Node]).ToArray();
            for (int output = 0; output < outputs.Length; output++)
            {
                outputs[output][t] = values[body.Results[scan.States + output].Node];
            }
        }
        return (states, outputs);
    }

    private static Value At(Value[] values, int t) => values.Length == 1 ? values[0] : values[t];

    private static Value Sum(GraphBuilder builder, Value[] values) => values.Aggregate((sum, value) => builder.Add(new Add(), sum, value));
}
