using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The test case of the golden vectors: 3 inputs, 4 units, 3 hyper units, embeddings of 2.</summary>
/// <param name="cell">The cell with one of the variants' switches.</param>
[Network]
public abstract partial class GoldenHyperLstm(Cell cell) : Model
{
    public const int Inputs = 3;
    public const int Units = 4;
    public const int HyperUnits = 3;
    public const int Embedding = 2;

    private readonly Cell cell = cell;

    [Predict]
    public Tensor Hidden([Steps, Shape(Inputs)] Tensor x) => cell.Scan(x);

    [Loss]
    public Tensor Loss([Steps, Shape(Inputs)] Tensor x, [Steps, Shape(Units)] Tensor weight) =>
        SumOverSteps(Sum(weight * Hidden(x)));
}

/// <summary>The author's behaviour.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GoldenA() : GoldenHyperLstm(new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true));

/// <summary>As A without layer norm.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GoldenB() : GoldenHyperLstm(new HyperLstm(Inputs, Units, HyperUnits, Embedding));

/// <summary>As A with embeddings as printed.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GoldenC() : GoldenHyperLstm(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, fromPrevious: true));

/// <summary>Small epsilon, no forget bias.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GoldenD() : GoldenHyperLstm(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5, forgetBias: 0));

/// <summary>As B with embeddings as printed.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GoldenE() : GoldenHyperLstm(new HyperLstm(Inputs, Units, HyperUnits, Embedding, fromPrevious: true));
