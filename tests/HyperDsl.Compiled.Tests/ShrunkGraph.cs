using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Makes a failing graph smaller while it keeps failing, so that what is wrong can be seen.</summary>
internal static class ShrunkGraph
{
    private const int ExplainedAtMost = 3;

    private static int explained;

    /// <summary>As <see cref="GraphCheck.Failures"/>, but a compiler that throws fails as well.</summary>
    public static string?[] Failures(IReadOnlyList<TestModel> models, params int[] examples)
    {
        string?[] failures = new string?[models.Count];
        List<(int Index, GraphCheck.Case Case)> cases = [];
        for (int i = 0; i < models.Count; i++)
        {
            try
            {
                cases.Add((i, GraphCheck.Case.Of(models[i])));
            }
            catch (Exception thrown) when (thrown is not OutOfMemoryException)
            {
                failures[i] = "the compiler throws " + thrown;
            }
        }
        string?[] found = Compared(cases.Select(item => item.Case).ToArray(), examples);
        for (int i = 0; i < found.Length; i++)
        {
            failures[cases[i].Index] = found[i];
        }
        return failures;
    }

    /// <summary>A failure with the smallest graph that still fails.</summary>
    public static string Explain(TestModel model, string failure, int examples)
    {
        if (Interlocked.Increment(ref explained) > ExplainedAtMost)
        {
            return failure + "\n" + model.Graph;
        }
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            TestModel[] candidates = Candidates(model).Take(120).ToArray();
            string?[] failures = Failures(candidates, examples);
            int found = Array.FindIndex(failures, text => text is not null);
            if (found >= 0)
            {
                (model, failure, smaller) = (candidates[found], failures[found]!, true);
            }
        }
        return failure + "\n" + model.Graph;
    }

    private static string?[] Compared(GraphCheck.Case[] cases, int[] examples)
    {
        if (cases.Length == 0)
        {
            return [];
        }
        try
        {
            return GraphCheck.Failures(cases, examples);
        }
        catch (Xunit.Sdk.XunitException refused)
        {
            // The emitted text of one graph does not compile: find out which.
            return cases.Length == 1
                ? [refused.Message]
                : [.. Compared(cases[..(cases.Length / 2)], examples), .. Compared(cases[(cases.Length / 2)..], examples)];
        }
    }

    /// <summary>Graphs with one node less: replaced by an input of its shape, by a leaf, or a result left out.</summary>
    private static IEnumerable<TestModel> Candidates(TestModel model)
    {
        Graph graph = model.Graph;
        if (graph.Results.Count > 1)
        {
            foreach (Result result in graph.Results)
            {
                yield return Rebuilt(model, graph with { Results = new EquatableArray<Result>(result) }, -1, null);
                yield return Rebuilt(
                    model, graph with { Results = graph.Results.Where(other => other != result).ToEquatable() }, -1, null);
            }
        }
        for (int id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            Node node = graph[id];
            foreach (int input in node.Inputs.Where(input => graph[input].Shape == node.Shape))
            {
                yield return Rebuilt(model, graph, id, (_, values) => values[input]);
            }
            if (node.Operation is not Leaf && node.Shape.Count > 0)
            {
                yield return Rebuilt(model, graph, id, (builder, _) => builder.Full(0.5, node.Shape));
                bool varies = node.VariesWithExample;
                Operation leaf = varies
                    ? new InputLeaf(model.Inputs.Count, node.Shape, 0)
                    : new ParameterLeaf(model.Parameters.Count, node.Shape, true);
                TestModel extended = varies
                    ? model with { Inputs = model.Inputs.Append((InputLeaf)leaf).ToEquatable() }
                    : model with { Parameters = TestModel.Table(
                        model.Parameters.Select((p, i) => new ParameterLeaf(i, p.Shape, p.Trained)).Append((ParameterLeaf)leaf)) };
                if (node.Inputs.Any(input => graph[input].Operation is not Leaf))
                {
                    yield return Rebuilt(extended, graph, id, (builder, _) => builder.Add(leaf));
                }
            }
            else if (node.Operation is InputLeaf { Classes: 0 } or ParameterLeaf)
            {
                yield return Rebuilt(model, graph, id, (builder, _) => builder.Full(0.5, node.Shape));
            }
        }
    }

    private static TestModel Rebuilt(TestModel model, Graph graph, int replaced, Func<GraphBuilder, Value[], Value>? with)
    {
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            values[node.Id] = node.Id == replaced
                ? with!(builder, values)
                : builder.Add(node.Operation, node.Name, node.Inputs.Select(input => values[input]).ToArray());
        }
        return model with
        {
            Graph = builder.Build(graph.Results.Select(result => result with { Node = values[result.Node].Id })),
        };
    }
}
