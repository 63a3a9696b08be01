using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>One model for every cell: what is swapped is the cell, and nothing else.</summary>
/// <param name="cell">From <see cref="Inputs"/> to <see cref="Units"/>.</param>
[Network]
public abstract partial class CellModel(Cell cell) : Model
{
    public const int Inputs = 3;
    public const int Units = 5;
    public const int HyperUnits = 4;
    public const int Embedding = 2;

    private readonly Cell cell = cell;

    [Predict]
    public Tensor Hidden([Steps, Shape(Inputs)] Tensor x) => cell.Scan(x);

    [Loss]
    public Tensor Loss([Steps, Shape(Inputs)] Tensor x, [Steps, Shape(Units)] Tensor weight) => SumOverSteps(Sum(weight * Hidden(x)));
}

[HyperModel(Float64 = true)]
public sealed partial class RnnModel() : CellModel(new Rnn(Inputs, Units));

[HyperModel(Float64 = true)]
public sealed partial class LstmModel() : CellModel(new Lstm(Inputs, Units));

[HyperModel(Float64 = true, SliceExamples = 3)]
public sealed partial class LstmInSlicesOfThree() : CellModel(new Lstm(Inputs, Units, layerNorm: true));

[HyperModel(Float64 = true)]
public sealed partial class LayerNormLstmModel() : CellModel(new Lstm(Inputs, Units, layerNorm: true, epsilon: 1e-5, forgetBias: 0.5));

[HyperModel(Float64 = true)]
public sealed partial class LayerNormLstmWithoutBias() : CellModel(new Lstm(Inputs, Units, layerNorm: true, bias: false));

[HyperModel(Float64 = true)]
public sealed partial class LstmDroppedEachStep() : CellModel(new Lstm(Inputs, Units, keep: 0.7));

[HyperModel(Float64 = true)]
public sealed partial class LstmDroppedEachSequence() : CellModel(new Lstm(Inputs, Units, keep: 0.7, mask: MaskScope.Sequence));

[HyperModel(Float64 = true)]
public sealed partial class GruModel() : CellModel(new Gru(Inputs, Units));

[HyperModel(Float64 = true)]
public sealed partial class LayerNormGruModel() : CellModel(new Gru(Inputs, Units, layerNorm: true, keep: 0.8, mask: MaskScope.Sequence));

[HyperModel(Float64 = true)]
public sealed partial class HyperRnnModel() : CellModel(new HyperRnn(Inputs, Units, HyperUnits, Embedding));

[HyperModel(Float64 = true)]
public sealed partial class HyperRnnFromPrevious() : CellModel(new HyperRnn(Inputs, Units, HyperUnits, Embedding, fromPrevious: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperRnnFullRank() : CellModel(new HyperRnn(Inputs, Units, HyperUnits, Embedding, fullRank: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperRnnFullRankFromPrevious() : CellModel(
    new HyperRnn(Inputs, Units, HyperUnits, Embedding, fullRank: true, fromPrevious: true, hyperCell: new Gru(Inputs + Units, HyperUnits)));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmModel() : CellModel(new HyperLstm(Inputs, Units, HyperUnits, Embedding));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmNormalised() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, forgetBias: 0.5));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmNormalisedMainOnly() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5, hyperLayerNorm: false, hyperForgetBias: 0));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmNormalisedHyperOnly() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, hyperLayerNorm: true, fromPrevious: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmOfTwoEpsilons() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5, hyperEpsilon: 0.3));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmOfItsOwnLstm() : CellModel(new HyperLstm(
    Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5,
    hyperCell: new Lstm(Inputs + Units, HyperUnits, layerNorm: true, epsilon: 0.3)));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmDroppedEachStep() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, keep: 0.8, hyperKeep: 0.6));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmDroppedEachSequence() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, keep: 0.8, hyperKeep: 0.6, mask: MaskScope.Sequence));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmLaterRelease() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.LaterRelease()));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmXavierInputs() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.XavierInputs));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmZeroMain() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.ZeroMain(Inputs + Units, HyperUnits, Embedding)));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmOfHyperGru() : CellModel(new HyperLstm(
    Inputs, Units, HyperUnits, Embedding, hyperCell: new HyperGru(Inputs + Units, HyperUnits, hyperUnits: 3, embedding: 2)));

[HyperModel(Float64 = true, SliceExamples = 3)]
public sealed partial class HyperLstmDroppedInSlicesOfThree() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, keep: 0.8, hyperKeep: 0.6, fromPrevious: true));

[HyperModel(Float64 = true, SliceExamples = 3)]
public sealed partial class HyperRnnInSlicesOfThree() : CellModel(new HyperRnn(Inputs, Units, HyperUnits, Embedding, fromPrevious: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmThatKeepsAll() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, keep: 1, hyperKeep: 1, mask: MaskScope.Sequence));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruThatKeepsAll() : CellModel(
    new HyperGru(Inputs, Units, HyperUnits, Embedding, keep: 1, hyperKeep: 1, mask: MaskScope.Sequence));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruModel() : CellModel(new HyperGru(Inputs, Units, HyperUnits, Embedding));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruWithAll() : CellModel(new HyperGru(
    Inputs, Units, HyperUnits, Embedding, layerNorm: true, keep: 0.8, hyperKeep: 0.7, mask: MaskScope.Sequence, fromPrevious: true,
    hyperLayerNorm: false, init: HyperInit.LaterRelease(gates: 3, hyperGates: 3)));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruOfTwoEpsilons() : CellModel(
    new HyperGru(Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5, hyperEpsilon: 0.3));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruOfItsOwnGru() : CellModel(new HyperGru(
    Inputs, Units, HyperUnits, Embedding, layerNorm: true, epsilon: 1e-5,
    hyperCell: new Gru(Inputs + Units, HyperUnits, layerNorm: true, epsilon: 0.3)));

[HyperModel(Float64 = true)]
public sealed partial class RnnOfLearnedState() : CellModel(new Rnn(Inputs, Units, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class LstmOfLearnedState() : CellModel(new Lstm(Inputs, Units, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class GruOfLearnedState() : CellModel(new Gru(Inputs, Units, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperRnnOfLearnedState() : CellModel(
    new HyperRnn(Inputs, Units, HyperUnits, Embedding, fromPrevious: true, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmOfLearnedState() : CellModel(
    new HyperLstm(Inputs, Units, HyperUnits, Embedding, layerNorm: true, forgetBias: 0.5, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class HyperGruOfLearnedState() : CellModel(new HyperGru(Inputs, Units, HyperUnits, Embedding, learnedState: true));

[HyperModel(Float64 = true)]
public sealed partial class StackedModel() : CellModel(new Stacked(
    new HyperLstm(Inputs, 4, HyperUnits, Embedding), new HyperRnn(4, 6, HyperUnits, Embedding), new Rnn(6, Units)));

/// <summary>A cell with each scope of its masks. What they give can be watched as <c>step.h</c> and <c>sequence.h</c>.</summary>
/// <param name="step">With <see cref="MaskScope.Step"/>.</param>
/// <param name="sequence">The same with <see cref="MaskScope.Sequence"/>.</param>
[Network]
public abstract partial class MaskedCells(Cell step, Cell sequence) : Model
{
    public const double Keep = 0.6;

    private readonly Cell step = step;
    private readonly Cell sequence = sequence;

    [Loss]
    public Tensor Loss([Steps, Shape(CellModel.Inputs)] Tensor x) =>
        SumOverSteps(Sum(Watch("step.h", step.Scan(x)) + Watch("sequence.h", sequence.Scan(x))));
}

[HyperModel]
public sealed partial class MaskedLstm() : MaskedCells(
    new Lstm(CellModel.Inputs, CellModel.Units, keep: Keep), new Lstm(CellModel.Inputs, CellModel.Units, keep: Keep, mask: MaskScope.Sequence));

[HyperModel]
public sealed partial class MaskedGru() : MaskedCells(
    new Gru(CellModel.Inputs, CellModel.Units, keep: Keep), new Gru(CellModel.Inputs, CellModel.Units, keep: Keep, mask: MaskScope.Sequence));

[HyperModel]
public sealed partial class MaskedHyperLstm() : MaskedCells(
    new HyperLstm(CellModel.Inputs, CellModel.Units, CellModel.HyperUnits, CellModel.Embedding, keep: Keep, hyperKeep: Keep),
    new HyperLstm(
        CellModel.Inputs, CellModel.Units, CellModel.HyperUnits, CellModel.Embedding, keep: Keep, hyperKeep: Keep, mask: MaskScope.Sequence));

[HyperModel]
public sealed partial class MaskedHyperGru() : MaskedCells(
    new HyperGru(CellModel.Inputs, CellModel.Units, CellModel.HyperUnits, CellModel.Embedding, keep: Keep, hyperKeep: Keep),
    new HyperGru(
        CellModel.Inputs, CellModel.Units, CellModel.HyperUnits, CellModel.Embedding, keep: Keep, hyperKeep: Keep, mask: MaskScope.Sequence));
