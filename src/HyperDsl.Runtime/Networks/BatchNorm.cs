using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) of the last axis: (x − mean) / √(variance + epsilon) · gain + shift. In training
/// mean and biased variance are those of the batch, over all examples and leading axes; in evaluation those remembered.
/// </summary>
[Network]
public sealed partial class BatchNorm
{
    private readonly Weight gain;
    private readonly Weight shift;
    private readonly Weight mean;
    private readonly Weight variance;
    private readonly double epsilon;
    private readonly double momentum;

    /// <param name="channels">Size of the last axis.</param>
    /// <param name="epsilon">Inside the root.</param>
    /// <param name="momentum">How much of the remembered statistics a step keeps, below 1.</param>
    public BatchNorm(int channels, double epsilon = 1e-5, double momentum = 0.9)
    {
        gain = new Weight(channels) { Init = Initialiser.Ones };
        shift = new Weight(channels);
        mean = new Weight(channels) { Trained = false };
        variance = new Weight(channels) { Init = Initialiser.Ones, Trained = false };
        this.epsilon = epsilon;
        this.momentum = momentum;
    }

    /// <param name="x">[…, channels].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="TensorShapeException">The last axis has another size, or, in training, the value varies with time.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[x.Rank - 1] != gain.Count)
        {
            throw new TensorShapeException(
                $"BatchNorm takes {gain.Count} channels on the last axis, but got {x.Count} elements on {x.Rank} axes.");
        }
        if (!Mode.Training)
        {
            return (x - mean) / Sqrt(variance + epsilon) * gain + shift;
        }
        int[] leading = new int[x.Rank - 1];
        for (int axis = 0; axis < leading.Length; axis++)
        {
            leading[axis] = axis;
        }
        Tensor batchMean = BatchMean(Mean(x, leading));
        Tensor centred = x - batchMean;
        Tensor batchVariance = BatchMean(Mean(Square(centred), leading));
        mean.Update(momentum * mean + (1 - momentum) * batchMean);
        variance.Update(momentum * variance + (1 - momentum) * batchVariance);
        return centred / Sqrt(batchVariance + epsilon) * gain + shift;
    }
}
