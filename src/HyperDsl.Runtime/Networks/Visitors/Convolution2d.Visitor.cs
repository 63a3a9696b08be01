namespace HyperDsl;

public sealed partial class Convolution2d : INetwork
{
    /// <inheritdoc/>
    public void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("kernel", kernel);
        visitor.Visit("bias", bias);
    }
}
