namespace HyperDsl.Training;

/// <summary>One step of an optimiser with all its numbers, for whoever takes it somewhere else than on this processor.</summary>
internal abstract record UpdateFormula;

/// <summary>The formulas of <see cref="Sgd"/>.</summary>
internal sealed record SgdFormula(float Rate, float Momentum, bool Nesterov, float WeightDecay) : UpdateFormula;

/// <summary>The formulas of <see cref="Adam"/>; <paramref name="Decay"/> is added to the gradient, <paramref name="Shrink"/> multiplies parameters.</summary>
internal sealed record AdamFormula(
    float StepSize, float Beta2, float NewMean, float NewSquare, float InverseCorrection, float Epsilon, float Decay, float Shrink) : UpdateFormula;

/// <summary>The formulas of <see cref="RmsProp"/>.</summary>
internal sealed record RmsPropFormula(
    float Rate, float Decay, float NewSquare, float Momentum, float Epsilon, bool Centred, bool Graves) : UpdateFormula;
