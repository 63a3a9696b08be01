using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests;

namespace HyperDsl.Compiled.Tests;

/// <summary>
/// Gradients of random graphs against differences of their mean loss along one direction: what the comparison of compiled and
/// interpreted gradients cannot see, because both come from the same pass.
/// </summary>
public sealed class RandomDerivativeTests
{
    private const int Drawn = 120;
    private const int Examples = 3;
    private const double Step = 1e-4;

    /// <summary>Rounding of a loss of magnitude near 1 from some thousand terms, divided by the step.</summary>
    private const double Rounding = 4096 / (Step * (1L << 53));

    [Fact]
    public void Gradients_are_slopes_of_the_mean_loss()
    {
        for (int seed = 8000; seed < 8000 + Drawn; seed++)
        {
            TestModel model = RandomGraph.Draw(seed, 3 + (seed % 8), training: true);
            if (model.Graph.Nodes.Any(node => node.Operation is Detach))
            {
                continue;
            }
            Graph gradients = model.Meaning();
            double[][][] values = new GraphInterpreter(Examples, TestModel.Leaf).Evaluate(gradients);
            double slope = gradients.Results.Where(result => result.Kind == ResultKind.Gradient)
                .Sum(result => values[result.Node][0].Select((g, i) => g * Direction(result.Index, i)).Sum());
            double near = Slope(model.Graph, Step / 2);
            double far = Slope(model.Graph, Step);
            // The two differences tell how far the nearer one is off, at bends as well; near has a quarter of far's error.
            double tolerance = (4 * Math.Abs(near - far)) + (Rounding * (1 + Math.Abs(slope)));
            Assert.True(
                Math.Abs(slope - near) <= tolerance,
                $"seed {seed}: slope {slope:R}, differences {near:R} and {far:R}\n{model.Graph}");
        }
    }

    private static double Slope(Graph graph, double step) => (Loss(graph, step) - Loss(graph, -step)) / (2 * step);

    private static double Loss(Graph graph, double moved)
    {
        Graph mean = Differentiate.MeanLoss(graph);
        return new GraphInterpreter(Examples, (node, example) => node.Operation is ParameterLeaf { Trained: true } leaf
            ? TestModel.Leaf(node, example).Select((value, i) => value + (moved * Direction(leaf.Index, i))).ToArray()
            : TestModel.Leaf(node, example)).Evaluate(mean, "loss")[0][0];
    }

    private static double Direction(int parameter, int element) => Math.Sin((parameter * 1.7) + (element * 0.9) + 1);
}
