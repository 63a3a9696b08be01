using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>Gives at each step what it was given at the one before; zeros at the first.</summary>
/// <param name="units">Width of the value.</param>
[Network]
public sealed partial class Delay(int units) : Cell
{
    [State]
    private Tensor last = Zeros(units);

    /// <param name="x">[units].</param>
    /// <returns>The x of the step before, [units].</returns>
    public override Tensor Step(Tensor x)
    {
        Tensor before = last;
        last = x;
        return before;
    }
}
