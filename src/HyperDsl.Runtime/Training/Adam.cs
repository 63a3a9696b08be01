using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with PyTorch's formulas, t = step + 1: m ← m + (1 − β₁)(g − m); v ← β₂v + (1 − β₂)g²;
/// p ← p − rate/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). Weight decay is added to the gradient, or, decoupled (AdamW,
/// Loshchilov and Hutter, 2019), first multiplies the parameters by 1 − rate·weightDecay.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double beta1;
    private readonly double beta2;
    private readonly float epsilon;
    private readonly float weightDecay;
    private readonly bool decoupled;
    private float stepSize;
    private float inverseCorrection;
    private float shrink;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Factor of the average of gradients.</param>
    /// <param name="beta2">Factor of the average of squared gradients.</param>
    /// <param name="epsilon">Added to the root, outside of it.</param>
    /// <param name="weightDecay">Strength of the pull towards 0.</param>
    /// <param name="decoupled">Whether the pull acts on the parameters directly instead of through the gradient.</param>
    public Adam(
        Schedule rate,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0,
        bool decoupled = false)
        : base(rate, "mean", "square")
    {
        Factor.Checked(beta1);
        Factor.Checked(beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = Factor.NotNegative(epsilon);
        this.weightDecay = Factor.NotNegative(weightDecay);
        this.decoupled = decoupled;
    }

    /// <inheritdoc/>
    public override string Kind => "adam";

    /// <inheritdoc/>
    private protected override UpdateFormula Formula => new AdamFormula(
        stepSize, (float)beta2, (float)(1 - beta1), (float)(1 - beta2), inverseCorrection, epsilon, decoupled ? 0 : weightDecay, shrink);

    /// <inheritdoc/>
    protected override void Prepare(double rate, long step)
    {
        stepSize = (float)(rate / (1 - Schedule.IntegerPower(beta1, step + 1)));
        inverseCorrection = (float)(1 / Math.Sqrt(1 - Schedule.IntegerPower(beta2, step + 1)));
        shrink = decoupled ? (float)(1 - (rate * weightDecay)) : 1;
    }

    /// <inheritdoc/>
    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset)
    {
        ref float parameter = ref MemoryMarshal.GetReference(parameters);
        ref float gradient = ref MemoryMarshal.GetReference(gradients);
        ref float mean = ref MemoryMarshal.GetReference(Buffers[0].Values.AsSpan(offset, parameters.Length));
        ref float square = ref MemoryMarshal.GetReference(Buffers[1].Values.AsSpan(offset, parameters.Length));
        var decay = Vector512.Create(decoupled ? 0 : weightDecay);
        var newMean = Vector512.Create((float)(1 - beta1));
        var keepSquare = Vector512.Create((float)beta2);
        var newSquare = Vector512.Create((float)(1 - beta2));
        var correction = Vector512.Create(inverseCorrection);
        var floor = Vector512.Create(epsilon);
        var negativeStep = Vector512.Create(-stepSize);
        for (nuint index = 0; index < (nuint)parameters.Length; index += Lanes)
        {
            Vector512<float> p = Vector512.LoadUnsafe(ref parameter, index);
            Vector512<float> g = Vector512.FusedMultiplyAdd(decay, p, Vector512.LoadUnsafe(ref gradient, index));
            Vector512<float> m = Vector512.LoadUnsafe(ref mean, index);
            m = Vector512.FusedMultiplyAdd(newMean, g - m, m);
            Vector512<float> v = Vector512.FusedMultiplyAdd(
                keepSquare, Vector512.LoadUnsafe(ref square, index), newSquare * g * g);
            Vector512<float> denominator = Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), correction, floor);
            m.StoreUnsafe(ref mean, index);
            v.StoreUnsafe(ref square, index);
            Vector512.FusedMultiplyAdd(negativeStep, m / denominator, p * shrink).StoreUnsafe(ref parameter, index);
        }
    }
}
