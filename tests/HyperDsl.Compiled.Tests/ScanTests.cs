using System.Numerics;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Compiled.Tests;

/// <summary>Scans compiled, values and gradients, against the same steps written out and interpreted.</summary>
public sealed class ScanTests
{
    private const int Inputs = 5;
    private const int Units = 6;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(18, 7)]
    public void A_recurrent_network(int examples, int steps) => Check(Recurrent(learnableStart: false), examples, steps);

    [Fact]
    public void A_learnable_initial_state() => Check(Recurrent(learnableStart: true), 17, 3);

    [Fact]
    public void Two_layers_one_upon_the_other()
    {
        Net net = new();
        Value x = net.Sequence(0, Inputs);
        Value first = net.Scan(x, Simple(net, Inputs, Units));
        Value second = net.Scan(first, Simple(net, Units, 3));
        Check(net.Loss(second), 5, 4);
    }

    [Fact]
    public void A_cell_with_two_states_and_gates()
    {
        Net net = new();
        Value x = net.Sequence(0, Inputs);
        Value wx = net.Weight(4 * Units, Inputs);
        Value wh = net.Weight(4 * Units, Units);
        Value b = net.Weight(4 * Units);
        Value hidden = net.Scan(x, [Units, Units], [wx, wh, b], (g, states, input, c) =>
        {
            Value sum = g.Plus(g.Plus(Net.Dot(g, c[0], input), Net.Dot(g, c[1], states[0])), c[2]);
            Value Gate(int i) => g.Add(new Slice(0, i * Units, Units), sum);
            Value cell = g.Plus(
                g.Times(g.Add(new Sigmoid(), Gate(2)), states[1]),
                g.Times(g.Add(new Sigmoid(), Gate(0)), g.Add(new Tanh(), Gate(1))));
            Value h = g.Times(g.Add(new Sigmoid(), Gate(3)), g.Add(new Tanh(), cell));
            return ([h, cell], h);
        });
        Check(net.Loss(hidden), 17, 5);
    }

    [Fact]
    public void Weights_rewritten_at_every_step()
    {
        Net net = new();
        Value x = net.Sequence(0, Inputs);
        Value[] weights =
        [
            net.Weight(3, Inputs + Units), net.Weight(3, 3), net.Weight(2, 3), net.Weight(Units, 2), net.Weight(Units, Units),
            net.Weight(Units, Inputs), net.Weight(Units),
        ];
        Value hidden = net.Scan(x, [Units, 3], weights, (g, states, input, w) =>
        {
            Value both = g.Add(new Concat(0), states[0], input);
            Value a = g.Add(new Tanh(), g.Plus(Net.Dot(g, w[0], both), Net.Dot(g, w[1], states[1])));
            Value d = Net.Dot(g, w[3], Net.Dot(g, w[2], a));
            Value main = g.Plus(g.Plus(g.Times(d, Net.Dot(g, w[4], states[0])), Net.Dot(g, w[5], input)), w[6]);
            Value h = g.Add(new Tanh(), main);
            return ([h, a], h);
        });
        Check(net.Loss(hidden), 18, 4);
    }

    [Fact]
    public void Values_of_the_example_used_at_every_step()
    {
        Net net = new();
        Value x = net.Sequence(0, Units);
        Value each = net.Input(1, Units);
        Value scale = net.Graph.Add(new Tanh(), net.Graph.Times(each, net.Weight(Units)));
        Value hidden = net.Scan(x, [Units], [scale], (g, states, input, c) =>
        {
            Value h = g.Add(new Tanh(), g.Plus(g.Times(c[0], states[0]), input));
            return ([h], h);
        });
        Check(net.Loss(hidden), 19, 3);
    }

    [Fact]
    public void States_that_change_places()
    {
        Net net = new();
        Value x = net.Sequence(0, Units);
        Value w = net.Weight(Units, Units);
        Value hidden = net.Scan(x, [Units, Units], [w], (g, states, input, c) =>
        {
            Value h = g.Add(new Tanh(), g.Plus(Net.Dot(g, c[0], states[1]), input));
            return ([states[1], h], g.Plus(states[0], h));
        });
        Check(net.Loss(hidden), 3, 6);
    }

    [Fact]
    public void The_final_state_alone()
    {
        Net net = new();
        Value x = net.Sequence(0, Inputs);
        (int[] sizes, Value[] captured, Net.Step step) = Simple(net, Inputs, Units);
        Value scanned = net.Scanned(x, sizes, captured, step, net.Zeros(sizes));
        Value last = net.Graph.Add(new ScanResult(0), scanned);
        Value loss = net.Graph.Add(new Sum(new EquatableArray<int>(0)), net.Graph.Times(last, last));
        Check(net.Graph.Build([new Result(ResultKind.Loss, "loss", 0, loss.Id)]), 16, 5);
    }

    private static Graph Recurrent(bool learnableStart)
    {
        Net net = new();
        Value x = net.Sequence(0, Inputs);
        (int[] sizes, Value[] captured, Net.Step step) = Simple(net, Inputs, Units);
        Value start = learnableStart ? net.Weight(Units) : net.Zeros(sizes)[0];
        Value scanned = net.Scanned(x, sizes, captured, step, [start]);
        return net.Loss(net.Graph.Add(new ScanResult(1), scanned));
    }

    private static (int[] States, Value[] Captured, Net.Step Step) Simple(Net net, int inputs, int units) => (
        [units],
        [net.Weight(units, inputs), net.Weight(units, units), net.Weight(units)],
        (g, states, input, c) =>
        {
            Value h = g.Add(
                new Tanh(), g.Plus(g.Plus(Net.Dot(g, c[0], input), Net.Dot(g, c[1], states[0])), c[2]));
            return ([h], h);
        });

    private static void Check(Graph graph, int examples, int steps)
    {
        Parameter[] parameters = TestModel.Of(graph).Parameters.ToArray();
        Graph unrolled = UnrolledGraph.Of(graph, steps);
        Graph meaning = Differentiate.Run(unrolled, parameters.ToEquatable(), CancellationToken.None);
        Graph computed = Differentiate.Run(
            Generator.Compiler.Prepare(graph, CancellationToken.None), parameters.ToEquatable(), CancellationToken.None);
        Compare<double>(computed, meaning, parameters, examples, steps, 1.0 / (1L << 53));
        Compare<float>(computed, meaning, parameters, examples, steps, 1.0 / (1 << 24));
    }

    private static void Compare<T>(
        Graph computed, Graph meaning, Parameter[] parameters, int examples, int steps, double roundoff)
        where T : unmanaged, INumber<T>
    {
        ErrorBounds bounds = ErrorBounds.Of(meaning, examples, roundoff);
        InputLeaf[] inputs = computed.Nodes.Select(node => node.Operation).OfType<InputLeaf>().OrderBy(leaf => leaf.Index).ToArray();
        using AlignedBuffer<T> flat = new(parameters[^1].Offset + parameters[^1].Shape.Count);
        using AlignedBuffer<T> gradients = new(flat.Length);
        for (int index = 0; index < parameters.Length; index++)
        {
            double[] numbers = Leaf(new ParameterLeaf(index, parameters[index].Shape, true), 0);
            for (int i = 0; i < numbers.Length; i++)
            {
                flat.Span[parameters[index].Offset + i] = T.CreateChecked(numbers[i]);
            }
        }
        using WorkerPool pool = new(2);
        using RoutineRunner<T> runner = new(
            CompiledGraph.Load<T>(computed, parameters.ToEquatable()), pool,
            inputs.Select(leaf => new InputPlan("x", [.. leaf.Sizes.Sizes], leaf.Classes, leaf.Steps)).ToArray(), []);
        T loss = runner.Run(new RoutineArguments<T>
        {
            Parameters = flat, ParametersVersion = -1, Gradients = gradients, Examples = examples, Steps = steps,
            Inputs = inputs.Select(leaf => (InputColumn<T>)Enumerable.Range(0, examples)
                .SelectMany(example => Enumerable.Range(0, leaf.Steps ? steps : 1)
                    .SelectMany(t => Leaf(new InputLeaf((leaf.Index * steps) + t, leaf.Sizes, 0), example)))
                .Select(T.CreateChecked).ToArray()).ToArray(),
        });
        foreach (Result result in meaning.Results)
        {
            double[] expected = bounds.Values[result.Node][0];
            for (int i = 0; i < expected.Length; i++)
            {
                double found = result.Kind == ResultKind.Loss
                    ? double.CreateChecked(loss)
                    : double.CreateChecked(gradients.Span[parameters[result.Index].Offset + i]);
                double tolerance = bounds.Tolerance(result.Node, 0, i);
                Assert.True(
                    Math.Abs(expected[i] - found) <= tolerance,
                    $"{typeof(T).Name} {result.Kind} {result.Name}[{i}]: expected {expected[i]:R}, found {found:R}, tolerance {tolerance:R}\n{computed}");
            }
        }
    }

    private static double[] Leaf(Leaf leaf, int example) => TestModel.Leaf(
        new Node(0, leaf, EquatableArray<int>.Empty, leaf.InferShape([]), ElementKind.Real, Varies.Nothing, ""), example);
}
