using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Ir;

/// <summary>Checks what every pass must preserve: order, stored against inferred facts, and results.</summary>
internal static class GraphVerifier
{
    /// <summary>What is wrong, in words; empty for a valid graph.</summary>
    public static IReadOnlyList<string> Verify(Graph graph)
    {
        List<string> problems = [];
        for (int id = 0; id < graph.Nodes.Count; id++)
        {
            VerifyNode(graph, id, problems);
        }
        VerifyResults(graph, problems);
        return problems;
    }

    private static void VerifyNode(Graph graph, int id, List<string> problems)
    {
        Node node = graph.Nodes[id];
        string where = $"%{Literal.Integer(id)} = {node.Operation.Name}";
        if (node.Id != id)
        {
            problems.Add($"{where} stands at place {id} but has the id {node.Id}.");
        }
        foreach (int input in node.Inputs)
        {
            if (input < 0 || input >= id)
            {
                problems.Add($"{where} reads %{input}, which does not come before it.");
                return;
            }
        }
        if (node.Operation.InputCount >= 0 && node.Inputs.Count != node.Operation.InputCount)
        {
            problems.Add($"{where} has {node.Inputs.Count} inputs and needs {node.Operation.InputCount}.");
            return;
        }
        VerifyFacts(graph, node, where, problems);
        if (node.Operation is Scan scan)
        {
            problems.AddRange(Verify(scan.Body).Select(problem => $"In the body of {where}: {problem}"));
        }
    }

    private static void VerifyFacts(Graph graph, Node node, string where, List<string> problems)
    {
        Node[] inputs = graph.InputsOf(node);
        try
        {
            Shape shape = node.Operation.InferShape(inputs);
            if (shape != node.Shape)
            {
                problems.Add($"{where} has the shape {node.Shape}, but its operation gives {shape}.");
            }
        }
        catch (ShapeException exception)
        {
            problems.Add($"{where} has inputs that do not fit: {exception.Message}");
            return;
        }
        if (node.Shape.Sizes.Any(size => size < 1))
        {
            problems.Add($"{where} has the shape {node.Shape}; sizes must be at least 1.");
        }
        if (node.Operation.InferKind(inputs) is var kind && kind != node.Kind)
        {
            problems.Add($"{where} has elements of kind {node.Kind}, but its operation gives {kind}.");
        }
        if (node.Operation.InferVaries(inputs) is var varies && varies != node.Varies)
        {
            problems.Add($"{where} varies with {node.Varies}, but by its operation with {varies}.");
        }
    }

    private static void VerifyResults(Graph graph, List<string> problems)
    {
        HashSet<(ResultKind Kind, string Name)> seen = [];
        foreach (Result result in graph.Results)
        {
            string where = $"The {result.Kind.ToString().ToLowerInvariant()} '{result.Name}'";
            if (!seen.Add((result.Kind, result.Name)))
            {
                problems.Add($"{where} is there twice.");
            }
            if (result.Index < 0)
            {
                problems.Add($"{where} has the index {result.Index}; it must be at least 0.");
            }
            if (result.Node < 0 || result.Node >= graph.Nodes.Count)
            {
                problems.Add($"{where} is %{result.Node}, which does not exist.");
                continue;
            }
            Shape shape = graph[result.Node].Shape;
            if (result.Kind == ResultKind.Loss && shape != Shape.Scalar)
            {
                problems.Add($"{where} has the shape {shape}; a loss is a scalar.");
            }
            if (result.Kind is ResultKind.Gradient or ResultKind.Update)
            {
                VerifyParameterShape(graph, result, where, problems);
            }
        }
    }

    private static void VerifyParameterShape(Graph graph, Result result, string where, List<string> problems)
    {
        Node value = graph[result.Node];
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is ParameterLeaf parameter && parameter.Index == result.Index && node.Shape != value.Shape)
            {
                problems.Add($"{where} has the shape {value.Shape}, but its parameter {node.Shape}.");
            }
        }
        if (value.Varies != Varies.Nothing)
        {
            problems.Add($"{where} varies with {value.Varies}; there must be one for the whole batch.");
        }
    }
}
