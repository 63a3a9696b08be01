namespace HyperDsl;

public sealed partial class Linear : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("weight", weight);
        visitor.Visit("bias", bias);
    }
}
