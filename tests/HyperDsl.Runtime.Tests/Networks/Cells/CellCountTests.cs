namespace HyperDsl.Tests.Networks.Cells;

/// <summary>
/// Parameters of cells with a linear layer on top, against the published counts of Ha, Dai and Le 2016 as their equations give them to the
/// unit. Published are two or three digits; two rows of the paper fit no setting and are left out.
/// </summary>
public sealed class CellCountTests
{
    private const int Penn = 50;
    private const int Enwik = 205;
    private const int Pen = 3;
    private const int Mixture = 121;

    private static readonly Dictionary<string, (Func<Cell> Cell, int Units, int Outputs, int Expected)> Rows = new()
    {
        ["PTB LSTM 1000"] = (() => new Lstm(Penn, 1000), 1000, Penn, 4_254_050),
        ["PTB LSTM 1250"] = (() => new Lstm(Penn, 1250), 1250, Penn, 6_567_550),
        ["PTB 2 × LSTM 1000"] = (() => new Stacked(new Lstm(Penn, 1000), new Lstm(1000, 1000)), 1000, Penn, 12_258_050),
        ["PTB layer-norm LSTM 1000"] = (() => new Lstm(Penn, 1000, layerNorm: true, bias: false), 1000, Penn, 4_260_050),
        ["PTB HyperLSTM 1000/128/4"] = (() => new HyperLstm(Penn, 1000), 1000, Penn, 4_911_874),
        ["PTB layer-norm HyperLSTM 1000/128/4"] = (() => new HyperLstm(Penn, 1000, layerNorm: true), 1000, Penn, 4_923_154),
        ["PTB layer-norm HyperLSTM 1000/128/16"] = (
            () => new HyperLstm(Penn, 1000, embedding: 16, layerNorm: true), 1000, Penn, 5_085_682),
        ["PTB 2 × layer-norm HyperLSTM 1000/128/16"] = (
            () => new Stacked(
                new HyperLstm(Penn, 1000, embedding: 16, layerNorm: true), new HyperLstm(1000, 1000, embedding: 16, layerNorm: true)),
            1000, Penn, 14_407_714),
        ["enwik8 LSTM 1800"] = (() => new Lstm(Enwik, 1800), 1800, Enwik, 14_812_405),
        ["enwik8 LSTM 2000"] = (() => new Lstm(Enwik, 2000), 2000, Enwik, 18_058_205),
        ["enwik8 layer-norm LSTM 1800"] = (() => new Lstm(Enwik, 1800, layerNorm: true, bias: false), 1800, Enwik, 14_823_205),
        ["enwik8 HyperLSTM 1800/256/64"] = (() => new HyperLstm(Enwik, 1800, 256, 64), 1800, Enwik, 18_708_213),
        ["enwik8 layer-norm HyperLSTM 1800/256/64"] = (
            () => new HyperLstm(Enwik, 1800, 256, 64, layerNorm: true), 1800, Enwik, 18_728_773),
        ["enwik8 layer-norm HyperLSTM 2048/512/64"] = (
            () => new HyperLstm(Enwik, 2048, 512, 64, layerNorm: true), 2048, Enwik, 26_541_773),
        ["handwriting LSTM 900"] = (() => new Lstm(Pen, 900), 900, Mixture, 3_363_421),
        ["handwriting LSTM 1000"] = (() => new Lstm(Pen, 1000), 1000, Mixture, 4_137_121),
        ["handwriting 2 × LSTM 650"] = (() => new Stacked(new Lstm(Pen, 650), new Lstm(650, 650)), 650, Mixture, 5_161_771),
        ["handwriting 3 × LSTM 400"] = (
            () => new Stacked(new Lstm(Pen, 400), new Lstm(400, 400), new Lstm(400, 400)), 400, Mixture, 3_258_121),
        ["handwriting layer-norm LSTM 900"] = (() => new Lstm(Pen, 900, layerNorm: true, bias: false), 900, Mixture, 3_368_821),
        ["handwriting layer-norm LSTM 1000"] = (() => new Lstm(Pen, 1000, layerNorm: true, bias: false), 1000, Mixture, 4_143_121),
        ["handwriting HyperLSTM 900/128/4"] = (() => new HyperLstm(Pen, 900), 900, Mixture, 3_941_181),
        ["handwriting layer-norm HyperLSTM 900/128/4"] = (() => new HyperLstm(Pen, 900, layerNorm: true), 900, Mixture, 3_951_461),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Counts_are_the_published_ones(string name)
    {
        (Func<Cell> cell, int units, int outputs, int expected) = Rows[name];
        Assert.Equal(expected, Count(cell()) + Count(new Linear(units, outputs)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hyper_gru_counts_as_its_equations_say(bool layerNorm)
    {
        const int Width = 9;
        const int Hyper = 5;
        const int Embedding = 2;
        int Gru(int inputs, int units) => (3 * units * (inputs + units)) + (4 * units) + (layerNorm ? 6 * units : 0);
        Assert.Equal(
            Gru(Penn, Width) + Gru(Penn + Width, Hyper) + (9 * Hyper * Embedding) + (6 * Embedding) + (9 * Embedding * Width),
            Count(new HyperGru(Penn, Width, Hyper, Embedding, layerNorm)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hyper_rnn_counts_as_its_equations_say(bool fullRank)
    {
        const int Width = 9;
        const int Hyper = 5;
        const int Embedding = 2;
        static int Rnn(int inputs, int units) => (units * (inputs + units)) + units;
        int embeddings = (3 * Hyper * Embedding) + (2 * Embedding) + (Width * Embedding);
        int main = fullRank
            ? (Embedding * Width * (Width + Penn)) + Width
            : (2 * Width * Embedding) + Rnn(Penn, Width);
        Assert.Equal(main + embeddings + Rnn(Penn + Width, Hyper), Count(new HyperRnn(Penn, Width, Hyper, Embedding, fullRank)));
    }

    /// <summary>A hyper cell that is given has a switch of its own.</summary>
    [Fact]
    public void Learned_states_count_as_their_widths()
    {
        const int Width = 9;
        const int Hyper = 5;
        Dictionary<int, Func<bool, Cell>[]> cells = new()
        {
            [Width] =
            [
                learned => new Delay(Width, learned),
                learned => new Rnn(Penn, Width, learnedState: learned),
                learned => new Gru(Penn, Width, learnedState: learned),
                learned => new HyperRnn(Penn, Width, Hyper, hyperCell: new Rnn(Penn + Width, Hyper), learnedState: learned),
                learned => new HyperGru(Penn, Width, Hyper, hyperCell: new Rnn(Penn + Width, Hyper), learnedState: learned),
            ],
            [2 * Width] =
            [
                learned => new Lstm(Penn, Width, learnedState: learned),
                learned => new HyperLstm(Penn, Width, Hyper, hyperCell: new Rnn(Penn + Width, Hyper), learnedState: learned),
            ],
            [Width + Hyper] =
            [
                learned => new HyperRnn(Penn, Width, Hyper, learnedState: learned),
                learned => new HyperGru(Penn, Width, Hyper, learnedState: learned),
                learned => new HyperGru(
                    Penn, Width, Hyper, hyperCell: new Rnn(Penn + Width, Hyper, learnedState: learned), learnedState: learned),
            ],
            [Width + (2 * Hyper)] =
            [
                learned => new HyperRnn(Penn, Width, Hyper, fromPrevious: true, learnedState: learned),
                learned => new HyperGru(Penn, Width, Hyper, fromPrevious: true, learnedState: learned),
            ],
            [2 * (Width + Hyper)] = [learned => new HyperLstm(Penn, Width, Hyper, learnedState: learned)],
            [(2 * Width) + (3 * Hyper)] = [learned => new HyperLstm(Penn, Width, Hyper, fromPrevious: true, learnedState: learned)],
        };
        foreach ((int width, Func<bool, Cell>[] makes) in cells)
        {
            Assert.All(makes, make => Assert.Equal(width, Count(make(true)) - Count(make(false))));
        }
    }

    private static int Count(INetwork network) => WeightVisitor.Walk(network).Weights.Sum(weight => weight.Value.Count);
}
