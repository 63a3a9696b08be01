namespace HyperDsl;

public sealed partial class LayerNorm : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("gain", gain);
        visitor.Visit("shift", shift);
    }
}
