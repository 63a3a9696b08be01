namespace HyperDsl.Tests.Networks.Cells;

/// <summary>Parameters of cells with a softmax layer on top, against the published counts and the formulas behind them.</summary>
public sealed class CellCountTests
{
    private const int Symbols = 50;

    public static TheoryData<string, int, int> Published => new()
    {
        { "LSTM 1000", 1000, 4_254_050 },
        { "LSTM 1250", 1250, 6_567_550 },
        { "two LSTM 1000", 1000, 12_258_050 },
        { "HyperLSTM 1000/128/4", 1000, 4_911_874 },
        { "layer-norm HyperLSTM 1000/128/4", 1000, 4_923_154 },
        { "layer-norm HyperLSTM 1000/128/16", 1000, 5_085_682 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Counts_are_the_published_ones(string name, int units, int expected)
    {
        Cell cell = name switch
        {
            "LSTM 1000" or "LSTM 1250" => new Lstm(Symbols, units),
            "two LSTM 1000" => new Stacked(new Lstm(Symbols, units), new Lstm(units, units)),
            "HyperLSTM 1000/128/4" => new HyperLstm(Symbols, units),
            "layer-norm HyperLSTM 1000/128/4" => new HyperLstm(Symbols, units, layerNorm: true),
            _ => new HyperLstm(Symbols, units, embedding: 16, layerNorm: true),
        };
        Assert.Equal(expected, Count(cell) + Count(new Linear(units, Symbols)));
    }

    [Fact]
    public void A_hyper_gru_counts_as_its_equations_say()
    {
        const int Width = 9;
        const int Hyper = 5;
        const int Embedding = 2;
        static int Gru(int inputs, int units) => (3 * units * (inputs + units)) + (4 * units);
        Assert.Equal(
            Gru(Symbols, Width) + Gru(Symbols + Width, Hyper) + (9 * Hyper * Embedding) + (6 * Embedding) + (9 * Embedding * Width),
            Count(new HyperGru(Symbols, Width, Hyper, Embedding)));
    }

    private static int Count(INetwork network) => WeightVisitor.Walk(network).Weights.Sum(weight => weight.Value.Count);
}
