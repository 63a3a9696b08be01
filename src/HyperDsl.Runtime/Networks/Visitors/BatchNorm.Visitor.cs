namespace HyperDsl;

public sealed partial class BatchNorm : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("gain", gain);
        visitor.Visit("shift", shift);
        visitor.Visit("mean", mean);
        visitor.Visit("variance", variance);
    }
}
