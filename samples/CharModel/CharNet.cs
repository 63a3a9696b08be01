using HyperDsl;
using static HyperDsl.TensorMath;

namespace CharModel;

/// <summary>The cell of a character model; <c>--cell</c> takes these names in small letters.</summary>
public enum CellKind
{
    /// <summary>A plain recurrent network.</summary>
    Rnn,

    /// <summary>A gated recurrent unit.</summary>
    Gru,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Long short-term memory with layer normalisation.</summary>
    LnLstm,

    /// <summary>A recurrent network whose weights another rescales at every step.</summary>
    HyperRnn,

    /// <summary>A GRU whose weights another rescales at every step.</summary>
    HyperGru,

    /// <summary>An LSTM whose weights another rescales at every step.</summary>
    HyperLstm,

    /// <summary>The same with layer normalisation in both.</summary>
    LnHyperLstm,
}

/// <summary>Sizes of a character model.</summary>
/// <param name="Units">Width of the main cell.</param>
/// <param name="HyperUnits">Width of the cell that rescales its weights; 0 where there is none.</param>
/// <param name="Embedding">Width of what passes from that cell to each scaling; 0 where there is none.</param>
/// <param name="Layers">Cells one upon the other.</param>
/// <param name="Dropout">
/// Share of elements dropped in training: of the symbols' vectors, of the output, and in LSTMs and GRUs of the candidate for what is kept
/// (Semeniuta et al. 2016). Plain recurrent networks have no candidate.
/// </param>
public sealed record ModelSize(int Units, int HyperUnits = 0, int Embedding = 0, int Layers = 1, double Dropout = 0);

/// <summary>
/// A model of text, character by character (Ha, Dai and Le 2016, section 4.3): a cell reads symbols as one-hot vectors, a linear layer
/// scores the next symbol.
/// </summary>
/// <param name="kind">The cell.</param>
/// <param name="size">Its sizes.</param>
[Network]
public abstract partial class CharNet(CellKind kind, ModelSize size) : Model
{
    /// <summary>
    /// The most symbols that a text may have: sizes are constants of compiled code. A text with fewer leaves the last ones unused.
    /// </summary>
    public const int Symbols = 128;

    private readonly Cell cell = size.Layers == 1
        ? Layer(kind, Symbols, size)
        : new Stacked([.. Enumerable.Range(0, size.Layers).Select(layer => Layer(kind, layer == 0 ? Symbols : size.Units, size))]);

    private readonly Linear readout = new(size.Units, Symbols);

    /// <summary>The cell's kind.</summary>
    public CellKind Kind => kind;

    /// <summary>Its sizes.</summary>
    public ModelSize Size => size;

    /// <summary>Whether all weights are finite numbers.</summary>
    public bool IsFinite
    {
        get
        {
            foreach (float value in Parameters.ReadOnlyValues)
            {
                if (!float.IsFinite(value))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>One number a symbol; the greater, the likelier it comes next.</summary>
    /// <param name="text">Symbols.</param>
    [Predict]
    public Tensor Logits([Steps, Classes(Symbols)] Label text)
    {
        double keep = 1 - size.Dropout;
        return readout.Call(Dropout(cell.Scan(Dropout(OneHot(text), keep)), keep));
    }

    /// <summary>Mean cross-entropy of the next symbols, in nats.</summary>
    /// <param name="text">Symbols.</param>
    /// <param name="next">The symbol after each.</param>
    [Loss]
    public Tensor Loss([Steps, Classes(Symbols)] Label text, [Steps, Classes(Symbols)] Label next) =>
        MeanOverSteps(CrossEntropy(Logits(text), next));

    /// <summary>How many parameters serve a text: those of symbols that it does not have are left out.</summary>
    /// <param name="symbols">How many symbols the text has.</param>
    public int ParametersFor(int symbols)
    {
        int readoutOfOne = size.Units + 1;
        string first = size.Layers == 1 ? "cell." : "cell.layers.0.";
        int inputOfOne = Weights
            .Where(weight => weight.Key == first + "fromInput" || weight.Key == first + "hyper.fromInput")
            .Sum(weight => weight.Value.Shape[0]);
        return ParameterCount - ((Symbols - symbols) * (readoutOfOne + inputOfOne));
    }

    private static Cell Layer(CellKind kind, int inputs, ModelSize size) => kind switch
    {
        CellKind.Rnn => new Rnn(inputs, size.Units),
        CellKind.Gru => new Gru(inputs, size.Units, keep: 1 - size.Dropout),
        CellKind.Lstm => new Lstm(inputs, size.Units, keep: 1 - size.Dropout),
        CellKind.LnLstm => new Lstm(inputs, size.Units, layerNorm: true, keep: 1 - size.Dropout),
        CellKind.HyperRnn => new HyperRnn(inputs, size.Units, size.HyperUnits, size.Embedding),
        CellKind.HyperGru => new HyperGru(inputs, size.Units, size.HyperUnits, size.Embedding, keep: 1 - size.Dropout),
        CellKind.HyperLstm => new HyperLstm(inputs, size.Units, size.HyperUnits, size.Embedding, keep: 1 - size.Dropout),
        _ => new HyperLstm(inputs, size.Units, size.HyperUnits, size.Embedding, layerNorm: true, keep: 1 - size.Dropout),
    };
}
