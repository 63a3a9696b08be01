using CharModel;

namespace HyperDsl.Samples.Tests;

/// <summary>The compiled character models: what options find, and how many parameters they have.</summary>
public sealed class CompiledSizeTests
{
    private const int TreebankSymbols = 50;
    private const int ShakespeareSymbols = 65;

    [Fact]
    public void Each_model_is_found_by_its_options_and_has_a_name_of_its_own()
    {
        List<CharNet> nets = [.. Models.All.Select(make => make())];
        Assert.Equal(nets.Count, nets.Select(net => net.GetType().Name).Distinct().Count());
        Assert.Equal(nets.Count, nets.Select(ModelChoice.OptionsOf).Distinct().Count());
        Assert.All(nets, net => Assert.Equal(
            net.GetType(),
            new ModelChoice(net.Kind, net.Size.Units, net.Size.HyperUnits, net.Size.Embedding, net.Size.Layers, net.Size.Dropout).Make().GetType()));
        Assert.All(Enum.GetValues<CellKind>(), kind => Assert.Equal(kind, new ModelChoice(kind).Make().Kind));
    }

    [Fact]
    public void What_is_not_given_is_as_in_the_cells_first_model()
    {
        Assert.IsType<LnHyperLstm256>(new ModelChoice(CellKind.LnHyperLstm).Make());
        Assert.IsType<LnHyperLstm256x2>(new ModelChoice(CellKind.LnHyperLstm, Layers: 2).Make());
        Assert.IsType<LnHyperLstm256Dropout>(new ModelChoice(CellKind.LnHyperLstm, Dropout: 0.1).Make());
        Assert.IsType<LnHyperLstm256>(new ModelChoice(CellKind.LnHyperLstm, HyperUnits: 64).Make());
        Assert.IsType<LnHyperLstm128>(new ModelChoice(CellKind.LnHyperLstm, Units: 128).Make());
        Assert.IsType<LnHyperLstm512>(new ModelChoice(CellKind.LnHyperLstm, Units: 512).Make());
        Assert.IsType<LnLstm594>(new ModelChoice(CellKind.LnLstm, Units: 594).Make());
        Refused("--cell lnhyperlstm --units 256 --hyper-units 32 --embedding 4", new(CellKind.LnHyperLstm, HyperUnits: 32));
        Refused("--cell lnhyperlstm --units 1000 --hyper-units 250 --embedding 4", new(CellKind.LnHyperLstm, Units: 1000));
        Assert.IsType<LnHyperLstm512Embedding16>(new ModelChoice(CellKind.LnHyperLstm, Units: 512, Embedding: 16).Make());
        Assert.IsType<LnHyperLstm128Embedding16>(new ModelChoice(CellKind.LnHyperLstm, Units: 128, Embedding: 16).Make());
        Assert.IsType<LnHyperLstm128Hyper64>(new ModelChoice(CellKind.LnHyperLstm, Units: 128, HyperUnits: 64).Make());
        Refused("--cell lstm --units 128 --dropout 0.2", new(CellKind.Lstm, Dropout: 0.2));

        static void Refused(string sizes, ModelChoice choice)
        {
            string message = Assert.Throws<FormatException>(() => choice.Make()).Message;
            Assert.StartsWith($"No model {sizes} was compiled.", message, StringComparison.Ordinal);
            Assert.Contains($"{Environment.NewLine}  --cell {ModelChoice.NameOf(choice.Kind)} --units 512", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CellKind.Lstm, "Lstm128", true)]
    [InlineData(CellKind.LnLstm, "LnLstm128", true)]
    [InlineData(CellKind.Gru, "Gru128", true)]
    [InlineData(CellKind.HyperLstm, "HyperLstm128", true)]
    [InlineData(CellKind.HyperGru, "HyperGru128", false)]
    public void Cells_of_128_units_have_dropout_and_most_have_two_layers(CellKind kind, string name, bool layers)
    {
        Assert.Equal(name + "Dropout", new ModelChoice(kind, Dropout: 0.1).Make().GetType().Name);
        Assert.Equal(layers ? name + "x2" : null, Models.All.Select(make => make())
            .SingleOrDefault(net => net.Kind == kind && net.Size.Layers == 2)?.GetType().Name);
    }

    [Fact]
    public void Sizes_that_were_compiled_are_listed_one_a_line_from_the_smallest()
    {
        string message = Assert.Throws<FormatException>(() => new ModelChoice(CellKind.LnHyperLstm, Units: 300).Make()).Message;
        string[] listed = [.. message.Split(Environment.NewLine).Where(line => line.StartsWith("  --cell", StringComparison.Ordinal))];
        Assert.Equal(Models.All.Count(make => make().Kind == CellKind.LnHyperLstm), listed.Length);
        Assert.Equal("  --cell lnhyperlstm --units 128 --hyper-units 32 --embedding 4", listed[0]);
        Assert.Equal("  --cell lnhyperlstm --units 1000 --hyper-units 128 --embedding 4 --dropout 0.1", listed[^1]);
        int[] units = [.. listed.Select(line => int.Parse(line.Split(' ')[5], null))];
        Assert.Equal(units.Order(), units);
    }

    /// <summary>
    /// Reference counts: the paper's LN HyperLSTM 1000/128/4 on 50 symbols has 4,923,154 with a layer norm in the hyper cell (table 3: 4.92 M).
    /// </summary>
    [Fact]
    public void Parameters_for_a_text_are_those_of_a_model_with_its_number_of_symbols()
    {
        Assert.Equal(4_923_154, new LnHyperLstm1000Dropout().ParametersFor(TreebankSymbols));
        Assert.Equal(4 * 512 * (TreebankSymbols + 512 + 1) + ((512 + 1) * TreebankSymbols), new Lstm512().ParametersFor(TreebankSymbols));
        Assert.All(Models.All, make => Assert.Equal(make().ParameterCount, make().ParametersFor(CharNet.Symbols)));
    }

    [Fact]
    public void Rivals_of_equal_size_differ_by_less_than_a_hundredth()
    {
        Close(new LnHyperLstm512(), new LnLstm594(), TreebankSymbols);
        Close(new LnHyperLstm512(), new Lstm594(), TreebankSymbols);
        Close(new LnHyperLstm512Dropout(), new LnLstm594Dropout(), TreebankSymbols);
        Close(new LnHyperLstm128(), new LnLstm153(), ShakespeareSymbols);

        static void Close(CharNet hyper, CharNet plain, int symbols) =>
            Assert.Equal(1, plain.ParametersFor(symbols) / (double)hyper.ParametersFor(symbols), 0.01);
    }
}
