using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>Layer normalisation of each gate by itself, each with its own gain and shift (Ba et al. 2016).</summary>
[Network]
public sealed partial class GateNorm
{
    private readonly Weight gain;
    private readonly Weight shift;
    private readonly double epsilon;

    /// <param name="gates">The number of gates.</param>
    /// <param name="units">Width of each.</param>
    /// <param name="epsilon">Inside the root.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epsilon is not positive.</exception>
    public GateNorm(int gates, int units, double epsilon = 1e-3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        gain = new Weight(gates, units) { Init = Initialiser.Ones };
        shift = new Weight(gates, units);
        this.epsilon = epsilon;
    }

    /// <param name="gates">[gates · units], one gate after the other.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="TensorShapeException">The size is another.</exception>
    public Tensor Call(Tensor gates) =>
        Flatten(TensorMath.LayerNorm(Reshape(gates, gain.Shape[0], gain.Shape[1]), gain, shift, epsilon));
}
