using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

/// <summary>A cell alone, with a loss that weighs its outputs.</summary>
/// <param name="cell">The cell.</param>
[Network]
public abstract partial class CellModel(Cell cell) : Model
{
    public const int Inputs = 5;
    public const int Units = 20;

    private readonly Cell cell = cell;

    [Predict]
    public Tensor Hidden([Steps, Shape(Inputs)] Tensor x) => cell.Scan(x);

    [Loss]
    public Tensor Loss([Steps, Shape(Inputs)] Tensor x, [Steps, Shape(Units)] Tensor weight) =>
        SumOverSteps(Sum(weight * Hidden(x)));
}

[HyperModel(Float64 = true)]
public sealed partial class LstmModel() : CellModel(new Lstm(Inputs, Units, forgetBias: 0));

[HyperModel(Float64 = true)]
public sealed partial class GruModel() : CellModel(new Gru(Inputs, Units));
