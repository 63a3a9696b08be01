namespace HyperDsl;

public sealed partial class Dropout : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
    }
}
