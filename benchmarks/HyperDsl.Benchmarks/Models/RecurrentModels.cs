using static HyperDsl.TensorMath;

namespace HyperDsl.Benchmarks.Models;

/// <summary>A recurrent layer over dense inputs with a loss that takes no time of its own: the mean square of what it gives.</summary>
/// <param name="cell">The cell.</param>
[Network]
public abstract partial class RecurrentModel(Cell cell) : Model
{
    /// <summary>Width of the input.</summary>
    public const int Inputs = 64;

    private readonly Cell cell = cell;

    /// <summary>The mean over steps of the sum of squares.</summary>
    /// <param name="x">A dense vector a step.</param>
    [Loss]
    public Tensor Loss([Steps, Shape(Inputs)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
}

/// <summary>An LSTM of 128 units.</summary>
[HyperModel]
public sealed partial class Lstm128() : RecurrentModel(new Lstm(Inputs, 128, forgetBias: 0));

/// <summary>An LSTM of 512 units; 64 examples are two slices, for two cores.</summary>
[HyperModel(SliceExamples = 32)]
public sealed partial class Lstm512() : RecurrentModel(new Lstm(Inputs, 512, forgetBias: 0));

/// <summary>An LSTM of 1000 units.</summary>
[HyperModel]
public sealed partial class Lstm1000() : RecurrentModel(new Lstm(Inputs, 1000, forgetBias: 0));

/// <summary>A layer-norm HyperLSTM of 128 units, 32 hyper units, embeddings of 4.</summary>
[HyperModel]
public sealed partial class HyperLstm128() : RecurrentModel(new HyperLstm(Inputs, 128, 32, 4, layerNorm: true));

/// <summary>A layer-norm HyperLSTM of 512 units, 128 hyper units, embeddings of 16; 64 examples are two slices, for two cores.</summary>
[HyperModel(SliceExamples = 32)]
public sealed partial class HyperLstm512() : RecurrentModel(new HyperLstm(Inputs, 512, 128, 16, layerNorm: true));

/// <summary>A layer-norm HyperLSTM of 1000 units, 128 hyper units, embeddings of 4.</summary>
[HyperModel]
public sealed partial class HyperLstm1000() : RecurrentModel(new HyperLstm(Inputs, 1000, 128, 4, layerNorm: true));
