using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The test case of the golden vectors: 3 inputs, 4 units, 3 hyper units, embeddings of 2, two sequences of three steps.</summary>
/// <remarks>
/// Inputs are weights, read by their place: a batch holds single precision, and there is no gradient of an input, while weights have both in
/// double precision.
/// </remarks>
/// <param name="cell">The cell with one of the variants' switches.</param>
[Network]
public abstract partial class GoldenHyperLstm(Cell cell) : Model
{
    public const int Inputs = 3;
    public const int Units = 4;
    public const int HyperUnits = 3;
    public const int Embedding = 2;
    public const int Places = 6;

    private readonly Cell cell = cell;
    private readonly Weight x = new(Places, Inputs);
    private readonly Weight weight = new(Places, Units) { Trained = false };

    [Predict]
    public Tensor Hidden([Steps, Classes(Places)] Label place) => cell.Scan(Gather(x, place));

    [Loss]
    public Tensor Loss([Steps, Classes(Places)] Label place) => SumOverSteps(Sum(Gather(weight, place) * Hidden(place)));
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
