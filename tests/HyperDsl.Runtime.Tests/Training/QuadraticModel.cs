using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

/// <summary>
/// A model written by hand: softmax-free regression of the label from the pixels, with dropout on the pixels and a running mean
/// of the loss, so that resuming needs every part of a checkpoint.
/// </summary>
internal sealed class QuadraticModel : ITrainingTarget, INetwork
{
    private readonly Weight weights;
    private readonly Weight bias = new();
    private readonly Weight runningLoss = new(1) { Trained = false };
    private readonly int inputs;

    public QuadraticModel(int inputs)
    {
        this.inputs = inputs;
        weights = new Weight(inputs);
        Parameters = new ParameterStore(this);
        for (int index = 0; index < inputs; index++)
        {
            Parameters["weights"][index] = MathF.Sin(index);
        }
    }

    public string ModelName => nameof(QuadraticModel);

    public string LossName => "Loss";

    public ParameterStore Parameters { get; }

    /// <summary>Returned instead of the loss of a step.</summary>
    public double? Forced { get; set; }

    /// <summary>Returned instead of the loss of an evaluation.</summary>
    public double? ForcedEvaluation { get; set; }

    /// <summary>One of the gradient's elements instead of the true one.</summary>
    public float? ForcedGradient { get; set; }

    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("weights", weights);
        visitor.Visit("running", runningLoss);
        visitor.Visit("bias", bias);
    }

    public double Loss(Batch batch)
    {
        double sum = 0;
        for (int example = 0; example < batch.Count; example++)
        {
            double difference = Predict(batch, example) - Labels(batch)[example];
            sum += difference * difference;
        }

        return ForcedEvaluation ?? sum / batch.Count;
    }

    public double LossAndGradients(Batch batch, GradientStore gradients, ulong randomKey)
    {
        gradients.Clear();
        double sum = 0;
        ulong kept = randomKey | 1;
        for (int example = 0; example < batch.Count; example++)
        {
            double difference = Predict(batch, example, kept) - Labels(batch)[example];
            sum += difference * difference;
            gradients["bias"][0] += (float)(2 * difference / batch.Count);
            for (int index = 0; index < inputs; index++)
            {
                float pixel = (kept >> (index & 63) & 1) != 0 ? Pixels(batch)[(example * inputs) + index] : 0;
                gradients["weights"][index] += (float)(2 * difference * pixel / batch.Count);
            }
        }

        gradients["weights"][3] = ForcedGradient ?? gradients["weights"][3];
        Parameters["running"][0] = (0.9f * Parameters["running"][0]) + (0.1f * (float)(sum / batch.Count));
        return Forced ?? sum / batch.Count;
    }

    public int? Errors(Batch batch)
    {
        int errors = 0;
        for (int example = 0; example < batch.Count; example++)
        {
            errors += Math.Round(Predict(batch, example)) == Labels(batch)[example] ? 0 : 1;
        }

        return errors;
    }

    private double Predict(Batch batch, int example, ulong kept = ulong.MaxValue)
    {
        double sum = Parameters["bias"][0];
        for (int index = 0; index < inputs; index++)
        {
            sum += (kept >> (index & 63) & 1) != 0
                ? (double)Parameters["weights"][index] * Pixels(batch)[(example * inputs) + index]
                : 0;
        }

        return sum;
    }

    private ReadOnlySpan<float> Pixels(Batch batch) => batch.Real(new("image", [inputs], 0)).Span;

    private static ReadOnlySpan<int> Labels(Batch batch) => batch.Index(new("label", [], 10)).Span;
}
