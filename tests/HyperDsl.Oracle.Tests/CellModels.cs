using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

/// <summary>A cell alone, with a loss whose gradient differs at every step, example and output.</summary>
/// <param name="cell">The cell.</param>
/// <param name="units">Width of its output.</param>
[Network]
public abstract partial class CellModel(Cell cell, int units) : Model
{
    public const int Inputs = 5;

    private readonly Cell cell = cell;
    private readonly Weight target = new(units);

    [Predict]
    public Tensor Hidden([Steps, Shape(Inputs)] Tensor x) => cell.Scan(x);

    [Loss]
    public Tensor Loss([Steps, Shape(Inputs)] Tensor x) => SumOverSteps(Sum(Square(Hidden(x) - target)));
}

[HyperModel(Float64 = true)]
public sealed partial class Rnn50() : CellModel(new Rnn(Inputs, 50), 50);

[HyperModel(Float64 = true)]
public sealed partial class Gru50() : CellModel(new Gru(Inputs, 50), 50);

[HyperModel(Float64 = true)]
public sealed partial class Lstm20() : CellModel(new Lstm(Inputs, 20, forgetBias: 0), 20);

[HyperModel(Float64 = true)]
public sealed partial class Lstm64() : CellModel(new Lstm(Inputs, 64), 64);

[HyperModel(Float64 = true)]
public sealed partial class LayerNormLstm50() : CellModel(new Lstm(Inputs, 50, layerNorm: true), 50);

[HyperModel(Float64 = true)]
public sealed partial class LayerNormLstm64() : CellModel(new Lstm(Inputs, 64, layerNorm: true, epsilon: 1e-5), 64);

[HyperModel(Float64 = true)]
public sealed partial class HyperRnn50() : CellModel(new HyperRnn(Inputs, 50, 24, 8), 50);

[HyperModel(Float64 = true)]
public sealed partial class FullRankHyperRnn20() : CellModel(new HyperRnn(Inputs, 20, 12, 4, fullRank: true), 20);

[HyperModel(Float64 = true)]
public sealed partial class HyperGru50() : CellModel(new HyperGru(Inputs, 50, 24, 4), 50);

[HyperModel(Float64 = true)]
public sealed partial class HyperLstm50() : CellModel(new HyperLstm(Inputs, 50, 24, 4), 50);

[HyperModel(Float64 = true)]
public sealed partial class HyperLstm64() : CellModel(new HyperLstm(Inputs, 64, 33, 16), 64);

[HyperModel(Float64 = true)]
public sealed partial class LayerNormHyperLstm50() : CellModel(new HyperLstm(Inputs, 50, 24, 4, layerNorm: true), 50);

[HyperModel(Float64 = true)]
public sealed partial class LayerNormHyperLstm56() : CellModel(new HyperLstm(Inputs, 56, 32, 16, layerNorm: true, epsilon: 1e-5), 56);

[HyperModel(Float64 = true)]
public sealed partial class LayerNormHyperLstm64() : CellModel(new HyperLstm(Inputs, 64, 40, 8, layerNorm: true, forgetBias: 0.5), 64);

[HyperModel(Float64 = true)]
public sealed partial class DelayedHyperLstm50() : CellModel(new HyperLstm(Inputs, 50, 24, 4, layerNorm: true, fromPrevious: true), 50);
