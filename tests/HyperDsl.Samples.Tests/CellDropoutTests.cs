using CharModel;
using HyperDsl.Training;

namespace HyperDsl.Samples.Tests;

/// <summary>Where the dropout of character models acts.</summary>
public sealed class CellDropoutTests
{
    // With large biases the update gate is 0 and the candidate 1, so the state is what dropout made of 1.
    private const float Large = 40;
    private const int Units = 128;
    private const int Target = 1;

    /// <summary>
    /// What is kept both of the candidate and of the output is divided by the share that is kept twice; each loss tells what became of a unit.
    /// </summary>
    [Theory]
    [InlineData(CellKind.Gru)]
    [InlineData(CellKind.HyperGru)]
    public void A_gated_unit_drops_out_in_the_candidate_and_in_the_output(CellKind kind)
    {
        CharNet net = new ModelChoice(kind, Units, Dropout: 0.1).Make();
        net.Parameters.Values.Clear();
        Span<float> bias = net.Parameters["cell.bias"];
        bias[Units..(2 * Units)].Fill(-Large);
        bias[(2 * Units)..].Fill(Large);
        net.Parameters["readout.weight"][0] = 1;
        var trainer = new Trainer(net, new Sgd(1e-30), seed: 3);
        double[] outputs = [.. Enumerable.Range(0, 60).Select(_ => Output(trainer.Step(
            new Batch(1).Add("text", new[] { 0 }, steps: 1).Add("next", new[] { Target }, steps: 1))))];
        double keep = 1 - net.Size.Dropout;
        Assert.All(outputs, output => Assert.True(output < 1e-4 || Math.Abs(output - (1 / (keep * keep))) < 1e-4, $"{output}"));
        Assert.Contains(outputs, output => output < 1e-4);
        Assert.Contains(outputs, output => output > 1);
    }

    /// <summary>The output of the first unit, which alone is read, as the score of symbol 0; the loss is that of another symbol.</summary>
    private static double Output(double loss) => Math.Log(Math.Exp(loss) - (CharNet.Symbols - 1));
}
