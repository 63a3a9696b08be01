using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Reverse-mode differentiation. The loss of one example becomes the mean over the batch, and a gradient result is added for
/// every trained parameter. A gradient that varies with the example while its value does not is summed over the examples
/// there and then, so that each contribution can later become one kernel that adds up the whole batch.
/// </summary>
internal static class Differentiate
{
    /// <param name="graph">A graph with one <see cref="ResultKind.Loss"/> result that is a scalar for each example.</param>
    /// <param name="parameters">The model's parameters; untrained ones get no gradient.</param>
    /// <param name="token">Cancels the pass.</param>
    /// <param name="costs">What decides what scans keep; by default, those of a processor.</param>
    public static Graph Run(Graph graph, EquatableArray<Parameter> parameters, CancellationToken token, MachineCosts? costs = null)
    {
        costs ??= MachineCosts.Processor;
        Result loss = graph.Results.Single(result => result.Kind == ResultKind.Loss);
        GraphBuilder builder = new();
        Dictionary<int, Scan> originals = [];
        Value[] values = GraphRewriter.Rebuild(builder, graph, (rebuilt, node, inputs) =>
        {
            if (node.Operation is not Scan scan)
            {
                return null;
            }
            Value taped = rebuilt.Add(DifferentiateScan.WithTape(scan, costs), inputs);
            originals[taped.Id] = scan;
            return taped;
        });
        Value lossValue = values[loss.Node];
        bool[] wanted = LeadsToTrainedParameter(builder);

        Value?[] gradients = Backward(builder, lossValue, wanted, originals, costs, token);

        List<Result> results = [loss with { Node = Mean(builder, lossValue).Id }];
        results.AddRange(graph.Results.Where(result => result.Kind == ResultKind.Update || result.IsOutput)
            .Select(result => result with { Node = values[result.Node].Id }));
        Dictionary<int, Value> byParameter = [];
        for (int id = 0; id < wanted.Length; id++)
        {
            if (builder[id].Operation is ParameterLeaf { Trained: true } leaf && gradients[id] is Value gradient)
            {
                byParameter[leaf.Index] = gradient;
            }
        }
        for (int index = 0; index < parameters.Count; index++)
        {
            if (parameters[index].Trained)
            {
                Value gradient = byParameter.TryGetValue(index, out Value found)
                    ? found
                    : builder.Full(0, parameters[index].Shape);
                builder.Rename(gradient, ValueNames.GradientOf(parameters[index].Name));
                results.Add(new Result(ResultKind.Gradient, parameters[index].Name, index, gradient.Id));
            }
        }
        return builder.Build(results);
    }

    /// <summary>The mean over the batch, for routines that only evaluate a loss.</summary>
    public static Graph MeanLoss(Graph graph)
    {
        GraphBuilder builder = new();
        Value[] values = GraphRewriter.Rebuild(builder, graph, (_, _, _) => null);
        return builder.Build(graph.Results
            .Where(result => result.Kind == ResultKind.Loss || result.IsOutput)
            .Select(result => result.Kind == ResultKind.Loss
                ? result with { Node = Mean(builder, values[result.Node]).Id }
                : result with { Node = values[result.Node].Id })
            .ToArray());
    }

    private static Value Mean(GraphBuilder builder, Value loss) => builder.Add(
        new Divide(), "loss", builder.Add(new SumOverExamples(), loss), builder.Add(new ExampleCount()));

    private static Value?[] Backward(
        GraphBuilder builder, Value loss, bool[] wanted, Dictionary<int, Scan> originals, MachineCosts costs, CancellationToken token)
    {
        Value?[] gradients = new Value?[wanted.Length];
        // A loss that is the same for all examples is its own mean.
        Value one = builder.Full(1, Shape.Scalar);
        gradients[loss.Id] = builder[loss].VariesWithExample
            ? builder.Add(new Divide(), one, builder.Add(new ExampleCount()))
            : one;
        for (int id = loss.Id; id >= 0; id--)
        {
            token.ThrowIfCancellationRequested();
            Node node = builder[id];
            if (node.Operation is ScanResult || !wanted[id] || node.Inputs.Count == 0)
            {
                continue;
            }
            Value?[] contributions;
            if (originals.TryGetValue(id, out Scan? scan))
            {
                contributions = OfScan(builder, scan, node, gradients, wanted, costs);
            }
            else if (gradients[id] is Value gradient)
            {
                contributions = node.Operation.Gradient(builder, node, gradient);
            }
            else
            {
                continue;
            }
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                int input = node.Inputs[i];
                if (contributions[i] is Value contribution && wanted[input])
                {
                    gradients[input] = Accumulate(builder, gradients[input], contribution, node, builder[input]);
                }
            }
        }
        return gradients;
    }

    /// <summary>A scan's results come after it, so their gradients are complete when its turn comes.</summary>
    private static Value?[] OfScan(
        GraphBuilder builder, Scan scan, Node node, Value?[] gradients, bool[] wanted, MachineCosts costs)
    {
        Value?[] results = new Value?[scan.Body.Results.Count];
        for (int id = node.Id + 1; id < gradients.Length; id++)
        {
            if (builder[id].Operation is ScanResult result && builder[id].Inputs[0] == node.Id && result.Index < results.Length)
            {
                results[result.Index] = gradients[id];
            }
        }
        return results.All(gradient => gradient is null)
            ? new Value?[node.Inputs.Count]
            : DifferentiateScan.Run(builder, scan, node, results, node.Inputs.Select(input => wanted[input]).ToArray(), costs);
    }

    private static Value Accumulate(GraphBuilder builder, Value? sum, Value contribution, Node user, Node target)
    {
        // The user's own variation decides, not the contribution's: where that is the same for all examples, each adds it.
        // A scan has summed over its steps itself.
        Varies lost = user.Varies & ~target.Varies;
        Value own = (lost & Varies.Example) != 0 ? builder.Add(new SumOverExamples(), EachStepOf(builder, contribution, user))
            : (lost & Varies.Time) != 0 && user.Operation is not Scan
                ? builder.Add(new SumOverSteps(), EachStepOf(builder, contribution, user))
            : contribution;
        Value total = sum is Value earlier ? builder.Add(new Add(), earlier, own) : own;
        if (target.Name.Length > 0)
        {
            builder.Rename(total, ValueNames.GradientOf(target.Name));
        }
        return total;
    }

    /// <summary>A contribution that is the same at every step is still made by each.</summary>
    private static Value EachStepOf(GraphBuilder builder, Value contribution, Node user) =>
        (user.Varies & Varies.Time) != 0 && user.Operation is not Scan && user.Operation is not SumOverSteps
            ? builder.Add(new EachStep(), contribution)
            : contribution;

    private static bool[] LeadsToTrainedParameter(GraphBuilder builder)
    {
        bool[] wanted = new bool[builder.Count];
        for (int id = 0; id < wanted.Length; id++)
        {
            Node node = builder[id];
            wanted[id] = node.Operation is ParameterLeaf { Trained: true }
                || (node.Operation is not Detach && node.Inputs.Any(input => wanted[input]));
        }
        return wanted;
    }
}
