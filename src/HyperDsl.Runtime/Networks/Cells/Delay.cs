using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>Gives at each step what it was given at the one before; at the first zeros, or what was learned.</summary>
/// <param name="units">Width of the value.</param>
/// <param name="learnedState">Whether what it gives at the first step is trained, 0 at first; zeros when not.</param>
[Network]
public sealed partial class Delay(int units, bool learnedState = false) : Cell
{
    [State]
    private Tensor last = learnedState ? new Weight(units) : Zeros(units);

    /// <param name="x">[units].</param>
    /// <returns>The x of the step before, [units].</returns>
    public override Tensor Step(Tensor x)
    {
        Tensor before = last;
        last = x;
        return before;
    }
}
