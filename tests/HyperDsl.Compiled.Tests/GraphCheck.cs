using System.Numerics;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests;

namespace HyperDsl.Compiled.Tests;

/// <summary>Runs a graph compiled, in both precisions, and compares with the interpreter of graphs.</summary>
internal sealed class GraphCheck
{
    private readonly Graph graph;
    private readonly Parameter[] parameters;
    private readonly InputLeaf[] inputs;
    private readonly int examples;

    private GraphCheck(Graph graph, int examples)
    {
        this.graph = graph;
        this.examples = examples;
        ParameterLeaf[] leaves = graph.Nodes.Select(node => node.Operation).OfType<ParameterLeaf>()
            .OrderBy(leaf => leaf.Index).ToArray();
        List<Parameter> table = [];
        int offset = 0;
        foreach (ParameterLeaf leaf in leaves)
        {
            Assert.Equal(table.Count, leaf.Index);
            table.Add(new Parameter("p" + leaf.Index, leaf.Sizes, offset, leaf.Trained));
            offset += (leaf.Sizes.Count + 15) / 16 * 16;
        }
        parameters = [.. table];
        inputs = graph.Nodes.Select(node => node.Operation).OfType<InputLeaf>().OrderBy(leaf => leaf.Index).ToArray();
    }

    /// <summary>Checks a graph whose result <c>loss</c> is a scalar for each example: mean loss and all gradients.</summary>
    public static void Training(Graph graph, int examples) => new GraphCheck(graph, examples).CheckTraining();

    /// <summary>Checks a graph with one prediction.</summary>
    public static void Prediction(Graph graph, int examples) => new GraphCheck(graph, examples).CheckPrediction();

    private void CheckTraining()
    {
        Graph differentiated = Differentiate.Run(graph, parameters.ToEquatable(), CancellationToken.None);
        double[][][] values = new GraphInterpreter(examples, Leaf).Evaluate(differentiated);
        Compare<double>(differentiated, values, 1e-16);
        Compare<float>(differentiated, values, 6e-8);
    }

    private void CheckPrediction()
    {
        double[][][] values = new GraphInterpreter(examples, Leaf).Evaluate(graph);
        Compare<double>(graph, values, 1e-16);
        Compare<float>(graph, values, 6e-8);
    }

    private void Compare<T>(Graph computed, double[][][] values, double roundoff)
        where T : unmanaged, INumber<T>
    {
        CompiledRoutine<T> routine = CompiledGraph.Load<T>(computed, parameters.ToEquatable());
        int size = parameters.Length == 0 ? 16 : parameters[^1].Offset + parameters[^1].Shape.Count;
        using AlignedBuffer<T> flat = new(size);
        using AlignedBuffer<T> gradients = new(size);
        foreach (Parameter parameter in parameters)
        {
            double[] numbers = Numbers("p", Array.IndexOf(parameters, parameter), 0, parameter.Shape.Count);
            for (int i = 0; i < numbers.Length; i++)
            {
                flat.Span[parameter.Offset + i] = T.CreateChecked(numbers[i]);
            }
        }
        Result prediction = computed.Results[0];
        int width = prediction.Kind == ResultKind.Prediction ? computed[prediction.Node].Shape.Count : 0;
        T[] predictions = new T[examples * width];
        using WorkerPool pool = new(2);
        using RoutineRunner<T> runner = new(
            routine, pool, inputs.Select(input => new InputPlan("x", [.. input.Sizes.Sizes], input.Classes)).ToArray(), width);
        T loss = runner.Run(new RoutineArguments<T>
        {
            Parameters = flat,
            ParametersVersion = -1,
            Gradients = gradients,
            Inputs = inputs.Select(Column<T>).ToArray(),
            Predictions = predictions,
            Examples = examples,
        });
        double tolerance = roundoff * 4096;
        foreach (Result result in computed.Results)
        {
            double[][] expected = values[result.Node];
            switch (result.Kind)
            {
                case ResultKind.Loss:
                    Near(expected[0][0], double.CreateChecked(loss), 1, tolerance, result, computed);
                    break;
                case ResultKind.Gradient:
                    double scale = Math.Max(1, expected[0].Max(Math.Abs));
                    for (int i = 0; i < expected[0].Length; i++)
                    {
                        double found = double.CreateChecked(gradients.Span[parameters[result.Index].Offset + i]);
                        Near(expected[0][i], found, scale, tolerance, result, computed);
                    }
                    break;
                case ResultKind.Prediction:
                    for (int i = 0; i < predictions.Length; i++)
                    {
                        double[] example = GraphInterpreter.At(expected, i / width);
                        Near(example[i % width], double.CreateChecked(predictions[i]), 1, tolerance, result, computed);
                    }
                    break;
            }
        }
    }

    private static void Near(double expected, double found, double scale, double tolerance, Result result, Graph graph) =>
        Assert.True(
            Math.Abs(expected - found) <= tolerance * Math.Max(scale, Math.Abs(expected)),
            $"{result.Kind} {result.Name}: expected {expected}, found {found}\n{graph}");

    private InputColumn<T> Column<T>(InputLeaf input)
        where T : unmanaged, INumber<T> => input.Classes > 0
        ? Enumerable.Range(0, examples).Select(example => (int)Leaf(input, example)[0]).ToArray()
        : Enumerable.Range(0, examples).SelectMany(example => Leaf(input, example)).Select(T.CreateChecked).ToArray();

    private double[] Leaf(Node node, int example) => node.Operation switch
    {
        InputLeaf input => Leaf(input, example),
        ParameterLeaf parameter => Numbers("p", parameter.Index, 0, node.Shape.Count),
        KeepMask mask => Enumerable.Range(0, node.Shape.Count)
            .Select(i => HyperDsl.Cpu.CounterRandom.KeepMask(0, (uint)mask.Site, (uint)example, (uint)i, mask.Keep)).ToArray(),
        _ => throw new InvalidOperationException(node.Operation.Name),
    };

    private static double[] Leaf(InputLeaf input, int example) => input.Classes > 0
        ? [(example * 7) % input.Classes]
        : Numbers("x", input.Index, example, input.Sizes.Count);

    /// <summary>Fixed numbers between -1 and 1 that are exact in single precision.</summary>
    private static double[] Numbers(string kind, int index, int example, int count)
    {
        Random random = new((kind[0] * 1000003) + (index * 7919) + example);
        return Enumerable.Range(0, count).Select(_ => Math.Round((random.NextDouble() * 2) - 1, 3)).Select(x => (double)(float)x).ToArray();
    }
}
