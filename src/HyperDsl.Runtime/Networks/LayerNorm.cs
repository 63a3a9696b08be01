namespace HyperDsl;

/// <summary>Layer normalisation over the last axis with learned gain and shift (Ba et al. 2016).</summary>
[Network]
public sealed partial class LayerNorm
{
    private readonly Weight gain;
    private readonly Weight shift;
    private readonly double epsilon;

    /// <param name="features">Size of the last axis.</param>
    /// <param name="epsilon">Inside the root; 1e-3 as in the code of Ha et al. 2016.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epsilon is not positive.</exception>
    public LayerNorm(int features, double epsilon = 1e-3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        gain = new Weight(features) { Init = Initialiser.Ones };
        shift = new Weight(features);
        this.epsilon = epsilon;
    }

    /// <param name="x">[…, features].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="TensorShapeException">The last axis has another size.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[x.Rank - 1] != gain.Count)
        {
            throw new TensorShapeException(
                $"LayerNorm takes {gain.Count} features on the last axis, but got {x.Count} elements on {x.Rank} axes.");
        }
        return TensorMath.LayerNorm(x, gain, shift, epsilon);
    }
}
