using CharModel;
using CharModel.Drawing;
using HyperDsl.Data;

namespace HyperDsl.Samples.Tests;

/// <summary>Parts of the sample of character models.</summary>
public sealed class CharModelPartTests
{
    private static readonly Vocabulary Letters = new("abcdefgh\n");

    /// <summary>The change is computed here as the definition says, with whole matrices.</summary>
    [Fact]
    public void The_change_is_the_norm_of_the_difference_of_the_rewritten_matrices()
    {
        var net = new LnHyperLstm128();
        net.Initialise(3);
        Disturb(net);
        int[] symbol = [1];
        Watched seen = new();
        Batch plain = new Batch(1).Add("text", symbol, steps: 1).Continue(net.NewState(1)).Watch(seen);
        Batch step = new Batch(1).Add("text", symbol, steps: 1).Continue(net.NewState(1));
        var change = new WeightChange(net, step);
        double[] before = Scaled();
        net.Predict("Logits", step);
        Assert.Null(change.Next());
        symbol[0] = 2;
        double[] after = Scaled();
        net.Predict("Logits", step);
        double[] found = change.Next()!;
        int size = before.Length / 4;
        for (int gate = 0; gate < 4; gate++)
        {
            double sum = Enumerable.Range(gate * size, size).Sum(index => Math.Pow(after[index] - before[index], 2));
            Assert.True(sum > 0);

            // Scalings in single precision of size 1 or less, weights of size 1: each difference has an error of some units of 2^-24.
            Assert.Equal(Math.Sqrt(sum), found[gate], 8 * Math.Pow(2, -24) * Math.Sqrt(size));
        }

        double[] Scaled()
        {
            net.Predict("Logits", plain);
            float[] scaling = seen["cell.scaling"].At(0).ToArray();
            float[] weights = net.Parameters["cell.fromState"].ToArray();
            return [.. weights.Select((weight, index) => (double)weight * scaling[index / net.Size.Units])];
        }
    }

    [Fact]
    public void Temperature_0_takes_the_likeliest_symbol_and_high_temperatures_take_all()
    {
        var net = new Gru128();
        net.Initialise(2);
        var generator = new TextGenerator(net, Letters);
        string greedy = Text(generator.Write(new SampleSettings(40, 0, "", 1)));
        Assert.Equal(greedy, Text(generator.Write(new SampleSettings(40, 0, "", 2))));
        string wild = Text(generator.Write(new SampleSettings(600, 100, "", 1)));
        Assert.Equal(Letters.Count, wild.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Scores_that_are_no_numbers_are_refused(double temperature)
    {
        var net = new Gru128();
        net.Initialise(2);
        net.Parameters.Values.Fill(float.NaN);
        InvalidDataException fault = Assert.Throws<InvalidDataException>(
            () => new TextGenerator(net, Letters).Write(new SampleSettings(40, temperature, "", 1)));
        Assert.Contains("scores a symbol as NaN", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>What the model writes step by step is what it would score in one pass.</summary>
    [Fact]
    public void Writing_step_by_step_follows_the_scores_of_one_pass()
    {
        var net = new LnHyperLstm128();
        net.Initialise(2);
        Disturb(net);
        string text = Text(new TextGenerator(net, Letters).Write(new SampleSettings(20, 0, "abc", 1)));
        Assert.StartsWith("abc", text, StringComparison.Ordinal);
        int[] symbols = Letters.Encode(text);
        float[] scores = net.Predict("Logits", new Batch(1).Add("text", symbols, symbols.Length));
        for (int place = 3; place < symbols.Length; place++)
        {
            float[] row = scores[((place - 1) * CharNet.Symbols)..(((place - 1) * CharNet.Symbols) + Letters.Count)];
            Assert.Equal(Array.IndexOf(row, row.Max()), symbols[place]);
        }
    }

    [Fact]
    public void Every_printable_character_has_a_glyph_of_its_own()
    {
        string[] glyphs = [.. Enumerable.Range(' ', 95).Select(code => Pixels(((char)code).ToString()))];
        Assert.Equal(95, glyphs.Distinct().Count());
        Assert.DoesNotContain('1', glyphs[0]);
        Assert.All(glyphs[1..], glyph => Assert.Contains('1', glyph));
        Assert.DoesNotContain(Pixels("é"), glyphs);

        static string Pixels(string symbol) => string.Concat(GlyphFont.Glyph(symbol).ToArray().Select(pixel => pixel ? '1' : '0'));
    }

    [Fact]
    public void Colours_appear_in_a_terminal_only_when_asked_for()
    {
        SampleText text = Sample("a<\nb");
        using var plain = new StringWriter();
        SampleTerminal.Write(text, plain, colours: false);
        Assert.StartsWith("a<\nb\n", plain.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', plain.ToString());
        using var coloured = new StringWriter();
        SampleTerminal.Write(text, coloured, colours: true);
        Assert.Contains("48;2;86;180;233m", coloured.ToString(), StringComparison.Ordinal);
        Assert.Contains("\e[0m\n", coloured.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Gates of different scales take turns to change most.</summary>
    [Fact]
    public void A_terminal_shows_the_colour_of_the_gate_that_changed_most_for_its_scale()
    {
        const string letters = "abcdabcd";
        SampleText text = new(
            [.. letters.Select((letter, index) => new SampleSymbol(letter.ToString(), Given: false, [.. Enumerable.Range(0, 4).Select(
                gate => (1 + (10.0 * gate)) * (gate == index % 4 ? 1 : 0.5))]))],
            ["input", "candidate", "forget", "output"],
            "a test");
        using var writer = new StringWriter();
        SampleTerminal.Write(text, writer, colours: true);
        Assert.All(letters, (letter, index) =>
        {
            Colour colour = GateColours.All[index % 4];
            Assert.Contains($"48;2;{colour.Red};{colour.Green};{colour.Blue}m{letter}", writer.ToString(), StringComparison.Ordinal);
        });
        Colour black = new(0, 0, 0);
        Assert.Equal(GateColours.All[2].Over(black, 0.5), GateColours.Strongest(text, [0, 0, 10.5, 1], black));
    }

    [Fact]
    public void A_picture_of_a_long_text_has_its_first_lines()
    {
        string path = Path.GetTempFileName();
        try
        {
            int one = Height(1), most = Height(SamplePicture.MostLines), more = Height(1_000_000);

            // A line has 14 rows of pixels twice as large, and the legend one line more that says what is missing.
            Assert.Equal((SamplePicture.MostLines - 1) * 28, most - one);
            Assert.Equal(28, more - most);
        }
        finally
        {
            File.Delete(path);
        }

        int Height(int lines)
        {
            SamplePicture.Save(path, new SampleText([.. Enumerable.Repeat(new SampleSymbol("\n", Given: false, null), lines)], [], "a test"));
            return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(path).AsSpan(20));
        }
    }

    [Fact]
    public void What_a_text_says_to_terminals_and_browsers_is_taken_as_text()
    {
        SampleText text = Sample("\e[31m<b>&\"");
        using var writer = new StringWriter();
        SampleTerminal.Write(text, writer, colours: false);
        Assert.StartsWith("·[31m<b>&\"", writer.ToString(), StringComparison.Ordinal);
        string page = SampleHtml.Page(text);
        Assert.Contains(">&lt;</b>", page, StringComparison.Ordinal);
        Assert.Contains(">&quot;</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', page);
    }

    private static SampleText Sample(string text) => new(
        [.. text.Select((letter, index) => new SampleSymbol(letter.ToString(), Given: false, [index, 1, 0, 0.5]))],
        ["input", "candidate", "forget", "output"],
        "a test");

    private static string Text(SampleText text) => string.Concat(text.Symbols.Select(symbol => symbol.Text));

    /// <summary>As initialised, a HyperLSTM's scalings do not change yet.</summary>
    private static void Disturb(CharNet net)
    {
        var random = new Random(1);
        foreach (ref float value in net.Parameters.Values)
        {
            value += (float)(0.2 * (random.NextDouble() - 0.5));
        }
    }
}
