namespace HyperDsl;

/// <summary>Something that holds weights. Classes marked <c>[Network]</c> get it from the compiler.</summary>
[HyperLibrary]
public interface INetwork
{
    /// <summary>Shows every weight and network field to the visitor, in order of declaration.</summary>
    void VisitWeights(WeightVisitor visitor);
}
