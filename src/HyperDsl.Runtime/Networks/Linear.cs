using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>y = W x + b.</summary>
[Network]
public sealed partial class Linear
{
    private readonly Weight weight;
    private readonly Weight? bias;

    /// <param name="inputs">Width of x.</param>
    /// <param name="outputs">Width of y.</param>
    /// <param name="bias">Whether there is a b.</param>
    /// <param name="init">How W [outputs, inputs] begins; <see cref="Initialiser.XavierUniform"/> when not given.</param>
    /// <param name="biasInit">How b begins; at 0 when not given.</param>
    public Linear(int inputs, int outputs, bool bias = true, Initialiser? init = null, Initialiser? biasInit = null)
    {
        weight = new Weight(outputs, inputs) { Init = init ?? Initialiser.XavierUniform };
        this.bias = bias ? new Weight(outputs) { Init = biasInit ?? Initialiser.Zeros } : null;
    }

    /// <param name="x">[inputs].</param>
    /// <returns>[outputs].</returns>
    /// <exception cref="TensorShapeException">The shape is another.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank != 1 || x.Count != weight.Shape[1])
        {
            throw new TensorShapeException(
                $"Linear takes a vector of {weight.Shape[1]}, but got {x.Count} elements on {x.Rank} axes. Flatten makes a vector of an image.");
        }
        Tensor y = Dot(weight, x);
        return bias is null ? y : y + bias;
    }
}
