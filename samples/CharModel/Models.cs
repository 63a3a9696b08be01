using HyperDsl;

namespace CharModel;

/// <summary>
/// The models that were compiled. Another cell or size is one more class here, and its line in <see cref="All"/>: the program finds it by
/// its sizes.
/// </summary>
public static class Models
{
    /// <summary>All of them; the first of a cell is the one taken when no size is given.</summary>
    public static IReadOnlyList<Func<CharNet>> All { get; } =
    [
        () => new LnHyperLstm256(), () => new LnHyperLstm256x2(), () => new LnHyperLstm256Dropout(),
        () => new LnHyperLstm128(), () => new LnHyperLstm128Embedding16(), () => new LnHyperLstm128Hyper64(), () => new LnHyperLstm128x2(),
        () => new LnHyperLstm512(), () => new LnHyperLstm512Embedding16(), () => new LnHyperLstm512Dropout(),
        () => new LnHyperLstm1000Dropout(),
        () => new HyperLstm128(), () => new HyperLstm128x2(), () => new HyperLstm128Dropout(), () => new HyperLstm512(),
        () => new HyperGru128(), () => new HyperGru128Dropout(), () => new HyperRnn128(),
        () => new LnLstm128(), () => new LnLstm128x2(), () => new LnLstm128Dropout(), () => new LnLstm153(), () => new LnLstm512(),
        () => new LnLstm594(), () => new LnLstm594Dropout(),
        () => new Lstm128(), () => new Lstm128x2(), () => new Lstm128Dropout(), () => new Lstm512(), () => new Lstm594(),
        () => new Lstm594Dropout(),
        () => new Gru128(), () => new Gru128x2(), () => new Gru128Dropout(), () => new Rnn128(),
    ];
}

/// <summary>The default: two minutes of tiny Shakespeare.</summary>
[HyperModel]
public sealed partial class LnHyperLstm256() : CharNet(CellKind.LnHyperLstm, new(256, 64, 4));

/// <summary>Two layers of the default.</summary>
[HyperModel]
public sealed partial class LnHyperLstm256x2() : CharNet(CellKind.LnHyperLstm, new(256, 64, 4, Layers: 2));

/// <summary>The default with dropout.</summary>
[HyperModel]
public sealed partial class LnHyperLstm256Dropout() : CharNet(CellKind.LnHyperLstm, new(256, 64, 4, Dropout: 0.1));

/// <summary>Half as wide as the default.</summary>
[HyperModel]
public sealed partial class LnHyperLstm128() : CharNet(CellKind.LnHyperLstm, new(128, 32, 4));

/// <summary>The same with embeddings four times as wide.</summary>
[HyperModel]
public sealed partial class LnHyperLstm128Embedding16() : CharNet(CellKind.LnHyperLstm, new(128, 32, 16));

/// <summary><see cref="LnHyperLstm128"/> with a hyper cell twice as wide.</summary>
[HyperModel]
public sealed partial class LnHyperLstm128Hyper64() : CharNet(CellKind.LnHyperLstm, new(128, 64, 4));

/// <summary><see cref="LnHyperLstm128"/> without layer normalisation.</summary>
[HyperModel]
public sealed partial class HyperLstm128() : CharNet(CellKind.HyperLstm, new(128, 32, 4));

/// <summary>A layer-norm LSTM as wide as its main cell.</summary>
[HyperModel]
public sealed partial class LnLstm128() : CharNet(CellKind.LnLstm, new(128));

/// <summary>A layer-norm LSTM with as many parameters as <see cref="LnHyperLstm128"/>.</summary>
[HyperModel]
public sealed partial class LnLstm153() : CharNet(CellKind.LnLstm, new(153));

/// <summary>An LSTM as wide.</summary>
[HyperModel]
public sealed partial class Lstm128() : CharNet(CellKind.Lstm, new(128));

/// <summary>A GRU as wide.</summary>
[HyperModel]
public sealed partial class Gru128() : CharNet(CellKind.Gru, new(128));

/// <summary>A plain recurrent network as wide.</summary>
[HyperModel]
public sealed partial class Rnn128() : CharNet(CellKind.Rnn, new(128));

/// <summary>A GRU that is rescaled.</summary>
[HyperModel]
public sealed partial class HyperGru128() : CharNet(CellKind.HyperGru, new(128, 32, 4));

/// <summary>A plain recurrent network that is rescaled.</summary>
[HyperModel]
public sealed partial class HyperRnn128() : CharNet(CellKind.HyperRnn, new(128, 32, 4));

/// <summary>Two layers of <see cref="LnHyperLstm128"/>.</summary>
[HyperModel]
public sealed partial class LnHyperLstm128x2() : CharNet(CellKind.LnHyperLstm, new(128, 32, 4, Layers: 2));

/// <summary>Two layers of <see cref="HyperLstm128"/>.</summary>
[HyperModel]
public sealed partial class HyperLstm128x2() : CharNet(CellKind.HyperLstm, new(128, 32, 4, Layers: 2));

/// <summary>Two layers of <see cref="LnLstm128"/>.</summary>
[HyperModel]
public sealed partial class LnLstm128x2() : CharNet(CellKind.LnLstm, new(128, Layers: 2));

/// <summary>Two layers of <see cref="Lstm128"/>.</summary>
[HyperModel]
public sealed partial class Lstm128x2() : CharNet(CellKind.Lstm, new(128, Layers: 2));

/// <summary>Two layers of <see cref="Gru128"/>.</summary>
[HyperModel]
public sealed partial class Gru128x2() : CharNet(CellKind.Gru, new(128, Layers: 2));

/// <summary><see cref="HyperLstm128"/> with dropout.</summary>
[HyperModel]
public sealed partial class HyperLstm128Dropout() : CharNet(CellKind.HyperLstm, new(128, 32, 4, Dropout: 0.1));

/// <summary><see cref="LnLstm128"/> with dropout.</summary>
[HyperModel]
public sealed partial class LnLstm128Dropout() : CharNet(CellKind.LnLstm, new(128, Dropout: 0.1));

/// <summary><see cref="Lstm128"/> with dropout.</summary>
[HyperModel]
public sealed partial class Lstm128Dropout() : CharNet(CellKind.Lstm, new(128, Dropout: 0.1));

/// <summary><see cref="HyperGru128"/> with dropout.</summary>
[HyperModel]
public sealed partial class HyperGru128Dropout() : CharNet(CellKind.HyperGru, new(128, 32, 4, Dropout: 0.1));

/// <summary><see cref="Gru128"/> with dropout.</summary>
[HyperModel]
public sealed partial class Gru128Dropout() : CharNet(CellKind.Gru, new(128, Dropout: 0.1));

/// <summary>For the Penn Treebank.</summary>
[HyperModel]
public sealed partial class LnHyperLstm512() : CharNet(CellKind.LnHyperLstm, new(512, 128, 4));

/// <summary>The size of the benchmark <c>hyperlstm-512</c>.</summary>
[HyperModel]
public sealed partial class LnHyperLstm512Embedding16() : CharNet(CellKind.LnHyperLstm, new(512, 128, 16));

/// <summary><see cref="LnHyperLstm512"/> without layer normalisation.</summary>
[HyperModel]
public sealed partial class HyperLstm512() : CharNet(CellKind.HyperLstm, new(512, 128, 4));

/// <summary>A layer-norm LSTM as wide as the main cell.</summary>
[HyperModel]
public sealed partial class LnLstm512() : CharNet(CellKind.LnLstm, new(512));

/// <summary>A layer-norm LSTM with as many parameters as <see cref="LnHyperLstm512"/>.</summary>
[HyperModel]
public sealed partial class LnLstm594() : CharNet(CellKind.LnLstm, new(594));

/// <summary>An LSTM as wide as the main cell.</summary>
[HyperModel]
public sealed partial class Lstm512() : CharNet(CellKind.Lstm, new(512));

/// <summary>An LSTM with as many parameters as <see cref="LnHyperLstm512"/>.</summary>
[HyperModel]
public sealed partial class Lstm594() : CharNet(CellKind.Lstm, new(594));

/// <summary>With the paper's dropout.</summary>
[HyperModel]
public sealed partial class LnHyperLstm512Dropout() : CharNet(CellKind.LnHyperLstm, new(512, 128, 4, Dropout: 0.1));

/// <summary>With the paper's dropout.</summary>
[HyperModel]
public sealed partial class LnLstm594Dropout() : CharNet(CellKind.LnLstm, new(594, Dropout: 0.1));

/// <summary>With the paper's dropout.</summary>
[HyperModel]
public sealed partial class Lstm594Dropout() : CharNet(CellKind.Lstm, new(594, Dropout: 0.1));

/// <summary>The layer-norm HyperLSTM of the paper's table 3, with its dropout.</summary>
[HyperModel]
public sealed partial class LnHyperLstm1000Dropout() : CharNet(CellKind.LnHyperLstm, new(1000, 128, 4, Dropout: 0.1));
