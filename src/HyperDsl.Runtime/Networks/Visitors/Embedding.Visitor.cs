namespace HyperDsl;

public sealed partial class Embedding : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("table", table);
    }
}
