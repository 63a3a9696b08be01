using HyperDsl.Execution;

namespace HyperDsl;

/// <content>The report on generated weights.</content>
public abstract partial class Model
{
    /// <summary>
    /// Says how many parameters are main and hyper and how many weights are generated, and for each product with generated weights
    /// which form the compiler chose and what that saves in memory and operations.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    public ModelExplanation Explain() => Plan?.Explanation ?? throw NotCompiled();
}
