using System.Globalization;

namespace HyperDsl.Training;

/// <summary>A training step's loss was infinite or no number; the parameters are those before the step.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    /// <summary>Makes the exception and its message.</summary>
    /// <param name="entry">The loss's name.</param>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="loss">The value.</param>
    public NonFiniteLossException(string entry, long step, double loss)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Step {step}: the loss '{entry}' is {loss}. The optimiser did not take this step. "
            + $"A lower learning rate or clipped gradients (ClipNorm) may help; inputs that are not finite have the same effect."))
    {
        Entry = entry;
        Step = step;
        Loss = loss;
    }

    /// <summary>The loss's name.</summary>
    public string Entry { get; }

    /// <summary>The step, counted from 1.</summary>
    public long Step { get; }

    /// <summary>The value.</summary>
    public double Loss { get; }
}
