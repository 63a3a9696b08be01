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
        Refused("--cell lstm --units 128 --dropout 0.1", new(CellKind.Lstm, Dropout: 0.1));

        static void Refused(string sizes, ModelChoice choice)
        {
            string message = Assert.Throws<FormatException>(() => choice.Make()).Message;
            Assert.StartsWith($"No model {sizes} was compiled.", message, StringComparison.Ordinal);
            Assert.Contains($"{Environment.NewLine}  --cell {ModelChoice.NameOf(choice.Kind)} --units 512", message, StringComparison.Ordinal);
        }
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
