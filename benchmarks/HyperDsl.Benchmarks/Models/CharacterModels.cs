using static HyperDsl.TensorMath;

namespace HyperDsl.Benchmarks.Models;

/// <summary>A recurrent layer that reads symbols and weighs which comes next.</summary>
/// <param name="cell">The cell.</param>
/// <param name="units">Width of its output.</param>
[Network]
public abstract partial class CharacterModel(Cell cell, int units) : Model
{
    /// <summary>The number of different symbols.</summary>
    public const int Symbols = 64;

    private readonly Cell cell = cell;
    private readonly Linear readout = new(units, Symbols);

    /// <summary>Unnormalised log-probabilities of the next symbol.</summary>
    /// <param name="symbol">A symbol a step.</param>
    [Predict]
    public Tensor Logits([Steps, Classes(Symbols)] Label symbol) => readout.Call(cell.Scan(OneHot(symbol)));
}

/// <summary>An LSTM of 128 units.</summary>
[HyperModel]
public sealed partial class CharacterLstm128() : CharacterModel(new Lstm(Symbols, 128, forgetBias: 0), 128);

/// <summary>An LSTM of 512 units.</summary>
[HyperModel]
public sealed partial class CharacterLstm512() : CharacterModel(new Lstm(Symbols, 512, forgetBias: 0), 512);

/// <summary>An LSTM of 1000 units.</summary>
[HyperModel]
public sealed partial class CharacterLstm1000() : CharacterModel(new Lstm(Symbols, 1000, forgetBias: 0), 1000);

/// <summary>A layer-norm HyperLSTM of 128 units, 32 hyper units, embeddings of 4.</summary>
[HyperModel]
public sealed partial class CharacterHyperLstm128() : CharacterModel(new HyperLstm(Symbols, 128, 32, 4, layerNorm: true), 128);

/// <summary>A layer-norm HyperLSTM of 512 units, 128 hyper units, embeddings of 16.</summary>
[HyperModel]
public sealed partial class CharacterHyperLstm512() : CharacterModel(new HyperLstm(Symbols, 512, 128, 16, layerNorm: true), 512);

/// <summary>A layer-norm HyperLSTM of 1000 units, 128 hyper units, embeddings of 4.</summary>
[HyperModel]
public sealed partial class CharacterHyperLstm1000() : CharacterModel(new HyperLstm(Symbols, 1000, 128, 4, layerNorm: true), 1000);
