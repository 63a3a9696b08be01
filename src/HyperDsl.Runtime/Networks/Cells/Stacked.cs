namespace HyperDsl;

/// <summary>Cells one upon the other: each gets what the one below gives.</summary>
/// <param name="cells">From the lowest to the highest.</param>
[Network]
public sealed partial class Stacked(params Cell[] cells) : Cell
{
    private readonly Cell[] layers = cells;

    /// <param name="x">The lowest cell's input.</param>
    /// <returns>The highest cell's output.</returns>
    public override Tensor Step(Tensor x)
    {
        foreach (Cell layer in layers)
        {
            x = layer.Step(x);
        }
        return x;
    }
}
