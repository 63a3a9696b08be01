namespace HyperDsl;

public sealed partial class StaticHyperConv : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("generator", generator);
        visitor.Visit("embedding", embedding);
        visitor.Visit("bias", bias);
    }
}
