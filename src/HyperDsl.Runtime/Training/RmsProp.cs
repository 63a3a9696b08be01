using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Training;

/// <summary>
/// RMSprop with PyTorch's formulas: v ← decay·v + (1 − decay)g²; if centred a ← a + (1 − decay)(g − a), otherwise a = 0;
/// b ← momentum·b + g / (√(v − a²) + ε); p ← p − rate·b. (v − a² is taken as 0 where rounding makes it negative.)
/// <see cref="Graves"/> makes the variant of Generating Sequences With Recurrent Neural Networks (2013), eq. 38–41.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly double decay;
    private readonly float momentum;
    private readonly float epsilon;
    private readonly bool centred;
    private readonly bool graves;
    private float rate;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">Factor of the averages.</param>
    /// <param name="momentum">Factor of the velocity.</param>
    /// <param name="epsilon">Added to the root, outside of it.</param>
    /// <param name="centred">Whether gradients are divided by their standard deviation instead of their root mean square.</param>
    public RmsProp(Schedule rate, double decay = 0.99, double momentum = 0, double epsilon = 1e-8, bool centred = false)
        : this(rate, decay, momentum, epsilon, centred, graves: false)
    {
    }

    private RmsProp(Schedule rate, double decay, double momentum, double epsilon, bool centred, bool graves)
        : base(rate, "square", "mean", "momentum")
    {
        Factor.Checked(decay);
        this.decay = decay;
        this.momentum = Factor.Checked(momentum);
        this.epsilon = Factor.NotNegative(epsilon);
        this.centred = centred;
        this.graves = graves;
    }

    /// <inheritdoc/>
    public override string Kind => graves ? "rmsprop-graves" : "rmsprop";

    /// <summary>
    /// Graves' variant: centred, ε inside the root, the rate inside the velocity:
    /// b ← momentum·b + rate·g / √(v − a² + ε); p ← p − b.
    /// </summary>
    public static RmsProp Graves(Schedule? rate = null, double decay = 0.95, double momentum = 0.9, double epsilon = 1e-4) =>
        new(rate ?? 1e-4, decay, momentum, epsilon, centred: true, graves: true);

    /// <inheritdoc/>
    private protected override UpdateFormula Formula =>
        new RmsPropFormula(rate, (float)decay, (float)(1 - decay), momentum, epsilon, centred, graves);

    /// <inheritdoc/>
    protected override void Prepare(double rate, long step) => this.rate = (float)rate;

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset)
    {
        ref float parameter = ref MemoryMarshal.GetReference(parameters);
        ref float gradient = ref MemoryMarshal.GetReference(gradients);
        ref float square = ref MemoryMarshal.GetReference(Buffers[0].Values.AsSpan(offset, parameters.Length));
        ref float mean = ref MemoryMarshal.GetReference(Buffers[1].Values.AsSpan(offset, parameters.Length));
        ref float velocity = ref MemoryMarshal.GetReference(Buffers[2].Values.AsSpan(offset, parameters.Length));
        var keep = Vector512.Create((float)decay);
        var add = Vector512.Create((float)(1 - decay));
        var inside = Vector512.Create(graves ? epsilon : 0);
        var outside = Vector512.Create(graves ? 0 : epsilon);
        var gradientRate = Vector512.Create(graves ? rate : 1);
        var negativeVelocityRate = Vector512.Create(graves ? -1 : -rate);
        for (nuint index = 0; index < (nuint)parameters.Length; index += Lanes)
        {
            Vector512<float> g = Vector512.LoadUnsafe(ref gradient, index);
            Vector512<float> v = Vector512.FusedMultiplyAdd(keep, Vector512.LoadUnsafe(ref square, index), add * g * g);
            v.StoreUnsafe(ref square, index);
            if (centred)
            {
                Vector512<float> a = Vector512.LoadUnsafe(ref mean, index);
                a = Vector512.FusedMultiplyAdd(add, g - a, a);
                a.StoreUnsafe(ref mean, index);
                v = Vector512.Max(Vector512.FusedMultiplyAdd(-a, a, v), Vector512<float>.Zero);
            }

            Vector512<float> direction = gradientRate * g / (Vector512.Sqrt(v + inside) + outside);
            Vector512<float> b = Vector512.FusedMultiplyAdd(
                Vector512.Create(momentum), Vector512.LoadUnsafe(ref velocity, index), direction);
            b.StoreUnsafe(ref velocity, index);
            Vector512.FusedMultiplyAdd(
                negativeVelocityRate, b, Vector512.LoadUnsafe(ref parameter, index)).StoreUnsafe(ref parameter, index);
        }
    }
}
