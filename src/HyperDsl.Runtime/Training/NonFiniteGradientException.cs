using System.Globalization;

namespace HyperDsl.Training;

/// <summary>
/// The norm of a training step's gradients was infinite or no number, though the loss was finite; the trained parameters and the
/// optimiser's buffers are those before the step.
/// </summary>
public sealed class NonFiniteGradientException : ArithmeticException
{
    /// <summary>Makes the exception and its message.</summary>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="norm">The norm of all gradients together.</param>
    public NonFiniteGradientException(long step, double norm)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Step {step}: the norm of the gradients is {norm}. The optimiser did not take this step. A lower learning rate may help, and so "
            + $"may ClipValue where elements are infinite; operations of infinite slope, such as a root of 0, have the same effect."))
    {
        Step = step;
        Norm = norm;
    }

    /// <summary>The step, counted from 1.</summary>
    public long Step { get; }

    /// <summary>The norm of all gradients together.</summary>
    public double Norm { get; }
}
