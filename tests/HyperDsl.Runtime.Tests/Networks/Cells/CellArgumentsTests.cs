using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks.Cells;

/// <summary>Arguments of cells that do not fit together are refused in words, and none is ignored.</summary>
public sealed class CellArgumentsTests
{
    private const int Inputs = 3;
    private const int Units = 4;
    private const int HyperUnits = 5;
    private const int Embedding = 2;

    public static TheoryData<string> Switches => ["hyperKeep", "hyperLayerNorm", "hyperEpsilon", "hyperForgetBias"];

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_hyper_cell_beside_one_of_its_switches_is_refused(string name)
    {
        double keep = name == "hyperKeep" ? 0.9 : 1;
        bool? norm = name == "hyperLayerNorm" ? false : null;
        double? epsilon = name == "hyperEpsilon" ? 1e-3 : null;
        double? forgetBias = name == "hyperForgetBias" ? 1 : null;
        ArgumentException lstm = Assert.Throws<ArgumentException>(() => new HyperLstm(
            Inputs, Units, HyperUnits, Embedding, hyperKeep: keep, hyperLayerNorm: norm, hyperEpsilon: epsilon, hyperForgetBias: forgetBias,
            hyperCell: new Lstm(Inputs + Units, HyperUnits)));
        Assert.StartsWith($"HyperLstm takes either hyperCell or {name}, but got both", lstm.Message, StringComparison.Ordinal);
        if (forgetBias is null)
        {
            ArgumentException gru = Assert.Throws<ArgumentException>(() => new HyperGru(
                Inputs, Units, HyperUnits, Embedding, hyperKeep: keep, hyperLayerNorm: norm, hyperEpsilon: epsilon,
                hyperCell: new Gru(Inputs + Units, HyperUnits)));
            Assert.StartsWith($"HyperGru takes either hyperCell or {name}, but got both", gru.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_of_them_alone_is_fine()
    {
        _ = new HyperLstm(
            Inputs, Units, HyperUnits, Embedding, hyperKeep: 0.9, hyperLayerNorm: true, hyperEpsilon: 1e-5, hyperForgetBias: 0);
        _ = new HyperGru(Inputs, Units, HyperUnits, Embedding, hyperKeep: 0.9, hyperLayerNorm: true, hyperEpsilon: 1e-5);
        _ = new HyperLstm(
            Inputs, Units, HyperUnits, Embedding, layerNorm: true, keep: 0.9, init: HyperInit.LaterRelease(),
            hyperCell: new Rnn(Inputs + Units, HyperUnits));
    }

    [Theory]
    [InlineData("HyperLstm")]
    [InlineData("HyperGru")]
    [InlineData("HyperRnn")]
    public void A_hyper_cell_of_another_width_is_named(string name)
    {
        Rnn wide = new(Inputs + Units, HyperUnits + 1);
        Cell cell = name switch
        {
            "HyperLstm" => new HyperLstm(Inputs, Units, HyperUnits, Embedding, hyperCell: wide),
            "HyperGru" => new HyperGru(Inputs, Units, HyperUnits, Embedding, fromPrevious: true, hyperCell: wide),
            _ => new HyperRnn(Inputs, Units, HyperUnits, Embedding, hyperCell: wide),
        };
        new ParameterStore(cell).Initialise(1);
        string message = Assert.Throws<TensorShapeException>(() => cell.Step(Zeros(Inputs))).Message;
        Assert.Equal(
            $"{name} with hyperUnits: 5 takes a hyperCell that gives a vector of 5 at each step, but it gives 6 elements on 1 axes.", message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-3)]
    [InlineData(double.NaN)]
    public void An_epsilon_is_positive(double epsilon)
    {
        Action[] makes =
        [
            () => _ = new LayerNorm(Units, epsilon),
            () => _ = new GateNorm(4, Units, epsilon),
            () => _ = new Lstm(Inputs, Units, epsilon: epsilon),
            () => _ = new Gru(Inputs, Units, epsilon: epsilon),
            () => _ = new HyperLstm(Inputs, Units, epsilon: epsilon),
            () => _ = new HyperGru(Inputs, Units, epsilon: epsilon),
        ];
        Assert.All(makes, make => Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(make).ParamName));
        Action[] hyper =
        [
            () => _ = new HyperLstm(Inputs, Units, hyperEpsilon: epsilon),
            () => _ = new HyperGru(Inputs, Units, hyperEpsilon: epsilon),
        ];
        Assert.All(hyper, make => Assert.Equal("hyperEpsilon", Assert.Throws<ArgumentOutOfRangeException>(make).ParamName));
    }

    [Fact]
    public void Cells_are_swapped_without_a_word_about_sizes()
    {
        Cell[] cells =
        [
            new Rnn(Inputs, Units), new Lstm(Inputs, Units), new Gru(Inputs, Units), new HyperRnn(Inputs, Units),
            new HyperLstm(Inputs, Units), new HyperGru(Inputs, Units),
        ];
        Assert.All(cells, cell =>
        {
            new ParameterStore(cell).Initialise(1);
            Assert.Equal([Units], cell.Step(Zeros(Inputs)).Shape);
        });
        Dictionary<string, Weight> rnn = WeightVisitor.Walk(cells[3]).Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal([4, 128], rnn["stateEmbedding.weight"].Shape);
    }

    /// <summary>The line of the README.</summary>
    [Fact]
    public void A_hyper_gru_takes_what_a_hyper_lstm_takes()
    {
        _ = new HyperLstm(65, 128, hyperUnits: 32, embedding: 4, layerNorm: true);
        _ = new HyperGru(65, 128, hyperUnits: 32, embedding: 4, layerNorm: true);
    }
}
