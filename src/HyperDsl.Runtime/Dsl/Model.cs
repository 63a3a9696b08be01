using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// What a class marked <c>[HyperModel]</c> derives from: its parameters and the entry points that the compiler wrote for it.
/// </summary>
/// <remarks>
/// The entry methods are executable by themselves, slowly and in double precision; the calls of this class run the compiled
/// code. Parameters exist from their first use on, filled with seed 0 unless <see cref="Initialise"/> is called. A model is not for
/// several threads at a time: give each thread a model of its own. Models with the same <see cref="Threads"/>, if that is more than 1, share
/// worker threads, so calls that use them take turns.
/// </remarks>
public abstract partial class Model : INetwork
{
    private ParameterStore? parameters;

    /// <summary>Parameters and entry points, written by the compiler; <c>null</c> where it did not write any.</summary>
    protected virtual ModelPlan? Plan => null;

    /// <summary>The parameters.</summary>
    public ParameterStore Parameters => parameters ??= new ParameterStore(this, Plan?.Parameters);

    /// <summary>Names and weights, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, Weight>> Weights => Parameters.Weights;

    /// <summary>The number of trained parameters; gaps in the buffer and running statistics do not count.</summary>
    public int ParameterCount
    {
        get
        {
            int count = 0;
            foreach (ParameterPlan parameter in Parameters.Parameters)
            {
                count += parameter.Trained ? ShapeRules.Count(parameter.Shape) : 0;
            }
            return count;
        }
    }

    /// <inheritdoc/>
    public virtual void VisitWeights(WeightVisitor visitor) => throw NotCompiled();

    /// <summary>Fills all weights anew.</summary>
    /// <param name="seed">Equal seeds give equal parameters.</param>
    public void Initialise(int seed) => Parameters.Initialise(seed);

    private InvalidOperationException NotCompiled() => new(
        $"The model {GetType().Name} was not compiled: mark it [HyperModel], make it partial, reference the HyperDsl generator "
        + "and look for its messages in the build's output.");
}
