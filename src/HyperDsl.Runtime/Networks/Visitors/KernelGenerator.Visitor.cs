namespace HyperDsl;

public sealed partial class KernelGenerator : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("inner", inner);
        visitor.Visit("innerBias", innerBias);
        visitor.Visit("outer", outer);
        visitor.Visit("outerBias", outerBias);
    }
}
