using CharModel;
using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The HyperLSTM with layer norm, as in the paper's language models, in small.</summary>
[HyperModel]
public sealed partial class HyperLstmCharacters() : CharacterModel(new HyperLstm(Symbols, 20, 9, 4, layerNorm: true), 20);

/// <summary>The same with a launch for each step: weights are so few that a group reads them all.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class HyperLstmCharactersByHost() : CharacterModel(new HyperLstm(Symbols, 20, 9, 4, layerNorm: true), 20);

/// <summary>Recurrent weights of both cells need the whole device: a launch of both products and a kernel of rows for each step.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class LargeHyperLstmByHost() : CharacterModel(new HyperLstm(Symbols, 161, 120, 4, layerNorm: true), 161);

/// <summary>Layers whose products need the whole device, one after another in each step, with random masks between.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class LargeStackByHost() : CharacterModel(
    new Stacked(new Lstm(Symbols, 150, keep: 0.6), new Gru(150, 170)), 170);

/// <summary>A plain recurrent network that generates its weights.</summary>
[HyperModel]
public sealed partial class HyperRnnCharacters() : CharacterModel(new HyperRnn(Symbols, 10, 5, 3), 10);

/// <summary>A cell with two levels of states, all of which begin with weights.</summary>
[HyperModel(GpuLoops = GpuLoops.Device)]
public sealed partial class LearnedStateCharacters() : CharacterModel(
    new HyperLstm(Symbols, 10, 5, 3, layerNorm: true, fromPrevious: true, learnedState: true), 10);

/// <summary>The same with a launch for each step.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class LearnedStateCharactersByHost() : CharacterModel(
    new HyperLstm(Symbols, 10, 5, 3, layerNorm: true, fromPrevious: true, learnedState: true), 10);

/// <summary>The sample's default model, in small.</summary>
[HyperModel]
public sealed partial class SmallCharNet() : CharNet(CellKind.LnHyperLstm, new(20, 9, 4));

/// <summary>Two layers of the sample's HyperGRU, with its dropout.</summary>
[HyperModel]
public sealed partial class StackedCharNet() : CharNet(CellKind.HyperGru, new(10, 5, 3, Layers: 2, Dropout: 0.2));

/// <summary>Layers on each other, with random masks in each step, by launches of the host.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class StackedCharactersByHost() : CharacterModel(
    new Stacked(new Lstm(Symbols, 9, keep: 0.6), new HyperRnn(9, 10, 5, 3)), 10);

/// <summary>The same by a kernel that walks the sequence.</summary>
[HyperModel(GpuLoops = GpuLoops.Device)]
public sealed partial class StackedCharacters() : CharacterModel(
    new Stacked(new Lstm(Symbols, 9, keep: 0.6), new HyperRnn(9, 10, 5, 3)), 10);

/// <summary>A step has more values than the shared memory of a group holds.</summary>
[HyperModel(GpuLoops = GpuLoops.Device)]
public sealed partial class WideCharacters() : CharacterModel(new HyperLstm(Symbols, 600, 6, 3, layerNorm: true), 600);

/// <summary>A statistic over the batch between two scans: sequences of the first are read when all examples are through it.</summary>
[Network]
public abstract partial class NormedBetween : Model
{
    private readonly Rnn first = new(CharacterModel.Symbols, 9);
    private readonly Gru second = new(9, 10);
    private readonly Linear readout = new(10, CharacterModel.Symbols);

    [Loss]
    public Tensor Loss([Steps, Classes(CharacterModel.Symbols)] Label text, [Steps, Classes(CharacterModel.Symbols)] Label next)
    {
        Tensor y = first.Scan(OneHot(text));
        Tensor pooled = MeanOverSteps(y);
        Tensor z = second.Scan((y - BatchMean(pooled)) / Sqrt(BatchVariance(pooled) + 0.1));
        return MeanOverSteps(CrossEntropy(readout.Call(z), next));
    }
}

/// <summary>By launches of the host.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class NormedBetweenByHost : NormedBetween;

/// <summary>By kernels that walk the sequence.</summary>
[HyperModel(GpuLoops = GpuLoops.Device)]
public sealed partial class NormedBetweenOnDevice : NormedBetween;

/// <summary>
/// Two states, each of which is made of the other's old value by a product that needs the whole device; and a value of two parts, one made by
/// such a product, one by few weights, which is read as a whole.
/// </summary>
[Network]
public sealed partial class CrossedCell(int inputs, int units, int others) : Cell
{
    private readonly Weight ofFirst = new(units, units) { Init = Initialiser.Normal(0, 0.05) };
    private readonly Weight ofSecond = new(units, units) { Init = Initialiser.Normal(0, 0.05) };
    private readonly Weight ofInput = new(units, inputs) { Init = Initialiser.Normal(0, 1) };
    private readonly Weight few = new(others, inputs) { Init = Initialiser.Normal(0, 1) };

    [State]
    private Tensor first = Zeros(units);

    [State]
    private Tensor second = Zeros(units);

    public override Tensor Step(Tensor x)
    {
        Tensor next = Tanh(Dot(ofSecond, second) + Dot(ofInput, x));
        second = Tanh(Dot(ofFirst, first));
        first = next;
        Tensor both = Concat(0, Tanh(Dot(ofFirst, first)), Sigmoid(Dot(few, x)));
        return both / Sqrt(1 + Sum(Square(both)));
    }
}

/// <summary>What a product of the device makes is read by rows, overwritten, and assembled with what rows make.</summary>
[HyperModel(GpuLoops = GpuLoops.Host)]
public sealed partial class CrossedByHost() : CharacterModel(new CrossedCell(Symbols, 281, 5), 286);
