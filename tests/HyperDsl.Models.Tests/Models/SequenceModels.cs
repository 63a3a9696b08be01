using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A character model: what comes next, after every symbol.</summary>
/// <param name="cell">The recurrent cell, from symbols to units.</param>
/// <param name="units">Width of what the cell gives.</param>
[Network]
public abstract partial class CharacterModel(Cell cell, int units) : Model
{
    public const int Symbols = 7;

    private readonly Cell cell = cell;
    private readonly Linear readout = new(units, Symbols);

    [Predict]
    public Tensor Logits([Steps, Classes(Symbols)] Label text) => readout.Call(cell.Scan(OneHot(text)));

    [Loss]
    public Tensor Loss([Steps, Classes(Symbols)] Label text, [Steps, Classes(Symbols)] Label next) =>
        MeanOverSteps(CrossEntropy(Logits(text), next));
}

[HyperModel(Float64 = true)]
public sealed partial class PlainCharacters() : CharacterModel(new Lstm(Symbols, 9), 9);

[HyperModel(Float64 = true)]
public sealed partial class NormalisedCharacters() : CharacterModel(new Lstm(Symbols, 20, layerNorm: true, keep: 0.8), 20);

[HyperModel(Float64 = true)]
public sealed partial class RewrittenCharacters() : CharacterModel(new WrittenHyperRnn(Symbols, 10, 5, 3), 10);

[HyperModel(Float64 = true)]
public sealed partial class GatedHyperCharacters() : CharacterModel(new HyperGru(Symbols, 10, 5, 3), 10);

/// <summary>Random masks in the step, on the sequence before and after it, one that all steps share, and a learned first state.</summary>
[HyperModel(Float64 = true)]
public sealed partial class DroppedCharacters : Model
{
    private const int Units = 9;

    private readonly Stacked cell = new(new Lstm(CharacterModel.Symbols, Units, keep: 0.6), new LearnedBegin(Units));
    private readonly Linear readout = new(Units, CharacterModel.Symbols);

    [Loss]
    public Tensor Loss([Steps, Classes(CharacterModel.Symbols)] Label text, [Steps, Classes(CharacterModel.Symbols)] Label next)
    {
        Tensor y = Dropout(cell.Scan(Dropout(OneHot(text), 0.8)), 0.7);
        Tensor shared = Mode.Training ? KeepMask(0.5, Units) : Ones(Units);
        return MeanOverSteps(CrossEntropy(readout.Call(y * shared), next));
    }
}

/// <summary>Adds to its input a trace of what came before, which begins with a learned value.</summary>
[Network]
public sealed partial class LearnedBegin(int units) : Cell
{
    [State]
    private Tensor trace = new Weight(units) { Init = Initialiser.Normal(0, 1) };

    public override Tensor Step(Tensor x)
    {
        trace = 0.5 * trace + Dropout(x, 0.5);
        return Tanh(trace) + x;
    }
}

/// <summary>Equation 5 of Ha, Dai and Le 2016, as somebody would write it down.</summary>
[Network]
public sealed partial class WrittenHyperRnn(int inputs, int units, int hyperUnits, int embedding) : Cell
{
    [State]
    private Tensor h = Zeros(units);

    [State]
    private Tensor hyper = Zeros(hyperUnits);

    private readonly Linear fromBoth = new(units + inputs + hyperUnits, hyperUnits);
    private readonly Linear zh = new(hyperUnits, embedding);
    private readonly Linear zx = new(hyperUnits, embedding);
    private readonly Weight dh = new(units, embedding) { Init = Initialiser.Constant(0.1) };
    private readonly Weight dx = new(units, embedding) { Init = Initialiser.Constant(0.1) };
    private readonly Weight wh = new(units, units) { Init = Initialiser.Orthogonal() };
    private readonly Weight wx = new(units, inputs) { Init = Initialiser.Orthogonal() };
    private readonly Weight b = new(units);

    public override Tensor Step(Tensor x)
    {
        hyper = Tanh(fromBoth.Call(Concat(0, h, x, hyper)));
        Tensor weights = Dot(Diag(Dot(dh, zh.Call(hyper))), wh);
        Tensor inputWeights = Dot(Diag(Dot(dx, zx.Call(hyper))), wx);
        h = Tanh(Dot(weights, h) + Dot(inputWeights, x) + b);
        return h;
    }
}

[HyperModel(Float64 = true)]
public sealed partial class ScaledCharacters() : CharacterModel(new HyperLstm(Symbols, 12, 5, 3, layerNorm: true), 12);

/// <summary>A readout with weights that a generator makes, behind a cell.</summary>
[HyperModel]
public sealed partial class GeneratedReadout : Model
{
    private readonly Gru cell = new(CharacterModel.Symbols, 6);

    [Hyper]
    private readonly Linear generator = new(4, CharacterModel.Symbols * 6);
    private readonly Weight layer = new(4) { Init = Initialiser.Normal(0, 1) };

    [Predict]
    public Tensor Logits([Steps, Classes(CharacterModel.Symbols)] Label text) =>
        Dot(Reshape(generator.Call(layer), CharacterModel.Symbols, 6), cell.Scan(OneHot(text)));
}

/// <summary>A cell that gives its gate, and names it twice.</summary>
[Network]
public sealed partial class WatchedCell(int inputs, int units) : Cell
{
    private readonly Linear fromBoth = new(inputs + units, units, init: Initialiser.Normal(0, 1));

    [State]
    private Tensor h = Zeros(units);

    public override Tensor Step(Tensor x)
    {
        Tensor gate = Watch("gate", Sigmoid(fromBoth.Call(Concat(0, x, h))));
        h = Watch("gate", gate * h + 1 - gate);
        return gate;
    }
}

/// <summary>Watches inside of a scan and behind it.</summary>
[HyperModel]
public sealed partial class WatchedCharacters : Model
{
    private readonly WatchedCell cell = new(CharacterModel.Symbols, 5);

    [Predict]
    public Tensor Gates([Steps, Classes(CharacterModel.Symbols)] Label text)
    {
        Tensor gates = cell.Scan(OneHot(text));
        Watch("summed", SumOverSteps(gates));
        return gates;
    }
}

/// <summary>Sequences of different lengths.</summary>
[HyperModel(Float64 = true)]
public sealed partial class UnevenCharacters : Model
{
    private readonly HyperLstm cell = new(CharacterModel.Symbols, 9, 4, 3, layerNorm: true);
    private readonly Linear readout = new(9, CharacterModel.Symbols);

    [Predict]
    public Tensor Outputs([Steps, Classes(CharacterModel.Symbols)] Label text, [Steps, Shape] Tensor valid) =>
        cell.Scan(OneHot(text), valid);

    [Loss]
    public Tensor Loss(
        [Steps, Classes(CharacterModel.Symbols)] Label text,
        [Steps, Classes(CharacterModel.Symbols)] Label next,
        [Steps, Shape] Tensor valid)
    {
        Tensor loss = CrossEntropy(readout.Call(cell.Scan(OneHot(text), valid)), next);
        return SumOverSteps(valid * loss) / Maximum(SumOverSteps(valid), 1);
    }
}

/// <summary>Says of a whole sequence which class it is of.</summary>
[HyperModel]
public sealed partial class SequenceClassifier : Model
{
    public const int Classes = 3;

    private readonly Gru cell = new(CharacterModel.Symbols, 6);
    private readonly Linear readout = new(6, Classes);

    [Predict]
    public Tensor Scores([Steps, Classes(CharacterModel.Symbols)] Label text) => readout.Call(MeanOverSteps(cell.Scan(OneHot(text))));

    [Loss]
    public Tensor Loss([Steps, Classes(CharacterModel.Symbols)] Label text, [Classes(Classes)] Label kind) =>
        CrossEntropy(Scores(text), kind);
}
