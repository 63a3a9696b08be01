using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Training;

/// <summary>
/// Stochastic gradient descent with PyTorch's formulas: g ← g + weightDecay·p; b ← momentum·b + g;
/// p ← p − rate·(nesterov ? g + momentum·b : b). Without momentum p ← p − rate·g.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly float momentum;
    private readonly bool nesterov;
    private readonly float weightDecay;
    private float rate;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">From 0 up to, not including, 1.</param>
    /// <param name="nesterov">Looks ahead by one step of momentum (Sutskever et al., 2013); needs momentum.</param>
    /// <param name="weightDecay">Factor of the parameters that is added to the gradient.</param>
    public Sgd(Schedule rate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(rate, momentum == 0 ? [] : ["momentum"])
    {
        this.momentum = Factor.Checked(momentum);
        this.weightDecay = Factor.NotNegative(weightDecay);
        this.nesterov = nesterov && momentum == 0
            ? throw new ArgumentException("Nesterov's step needs momentum.", nameof(nesterov))
            : nesterov;
    }

    /// <inheritdoc/>
    public override string Kind => "sgd";

    /// <inheritdoc/>
    private protected override UpdateFormula Formula => new SgdFormula(rate, momentum, nesterov, weightDecay);

    /// <inheritdoc/>
    protected override void Prepare(double rate, long step) => this.rate = (float)rate;

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset)
    {
        ref float parameter = ref MemoryMarshal.GetReference(parameters);
        ref float gradient = ref MemoryMarshal.GetReference(gradients);
        Span<float> velocities = Buffers.Count == 0 ? [] : Buffers[0].Values.AsSpan(offset, parameters.Length);
        ref float velocity = ref MemoryMarshal.GetReference(velocities);
        var decay = Vector512.Create(weightDecay);
        var keep = Vector512.Create(momentum);
        var negativeRate = Vector512.Create(-rate);
        for (nuint index = 0; index < (nuint)parameters.Length; index += Lanes)
        {
            Vector512<float> p = Vector512.LoadUnsafe(ref parameter, index);
            Vector512<float> g = Vector512.FusedMultiplyAdd(decay, p, Vector512.LoadUnsafe(ref gradient, index));
            if (!velocities.IsEmpty)
            {
                Vector512<float> v = Vector512.FusedMultiplyAdd(keep, Vector512.LoadUnsafe(ref velocity, index), g);
                v.StoreUnsafe(ref velocity, index);
                g = nesterov ? Vector512.FusedMultiplyAdd(keep, v, g) : v;
            }

            Vector512.FusedMultiplyAdd(negativeRate, g, p).StoreUnsafe(ref parameter, index);
        }
    }
}

/// <summary>Checks of optimisers' constants.</summary>
internal static class Factor
{
    /// <summary>A factor of an average, from 0 up to, not including, 1.</summary>
    public static float Checked(double value) =>
        value is >= 0 and < 1
            ? (float)value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "From 0 up to, not including, 1.");

    /// <summary>A finite number from 0 on.</summary>
    public static float NotNegative(double value) =>
        double.IsFinite(value) && value >= 0
            ? (float)value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Finite and not negative.");
}
