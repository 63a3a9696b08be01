using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CharModel;
using HyperDsl.Gpu;

namespace HyperDsl.Samples.Tests;

/// <summary>The sample of character models as a user runs it, on short texts.</summary>
public sealed class CharModelTests : IDisposable
{
    // Enough for a dozen windows of two rows an epoch.
    private const int TextLength = 6000;
    private static readonly string[] Small = ["--batch", "16", "--steps", "20", "--length", "120", "--threads", "2"];
    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-characters").FullName;

    public static TheoryData<string[], string> BadArguments => new()
    {
        { ["--unknown"], "no option '--unknown'" },
        { ["extra"], "no option 'extra'" },
        { ["--epochs", "0"], "--epochs takes a whole number from 1 to 100000, not '0'" },
        { ["--steps", "-3"], "--steps takes a whole number" },
        { ["--batch", "1e3"], "--batch takes a whole number" },
        { ["--seed", "-1"], "--seed takes" },
        { ["--threads", "0"], "--threads takes" },
        { ["--minutes", "NaN"], "--minutes takes a number" },
        { ["--minutes", "-1"], "--minutes takes a number" },
        { ["--rate", "0"], "--rate takes a number" },
        { ["--temperature", "Infinity"], "--temperature takes a number" },
        { ["--length", "0"], "--length takes" },
        { ["--cell", "transformer"], "--cell is rnn, gru, lstm, lnlstm, hyperrnn, hypergru, hyperlstm, lnhyperlstm, not 'transformer'" },
        { ["--cell"], "--cell needs a value" },
        { ["--cell", ""], "--cell needs a value that is not empty" },
        { ["--out", ""], "--out needs a value that is not empty" },
        { ["--text", ""], "--text needs a value that is not empty" },
        { ["--epochs", ""], "--epochs needs a value that is not empty" },
        { ["--prime"], "--prime needs a value" },
        { ["--backend", "tpu"], "--backend is cpu, cuda, opencl, not 'tpu'" },
        { ["--seed", "1", "--seed", "2"], "--seed is given twice" },
        { ["--resume"], "--resume needs --out" },
        { ["--text", "a", "--data", "b"], "--text or --data" },
        { ["--minutes", "1", "--epochs", "2"], "--minutes goes with neither" },
        { ["sample"], "'sample' needs --model FILE" },
        { ["sample", "--model", "m", "--batch", "2"], "no option '--batch'" },
        { ["--model", "m"], "no option '--model'" },
    };

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void Bad_arguments_print_usage_and_end_with_2(string[] arguments, string message)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, errors.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("usage: CharModel", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_was_not_compiled_names_those_that_were_and_the_line_to_write()
    {
        (int code, string output, string errors) = Run("--cell", "hyperlstm", "--units", "300", "--hyper-units", "70", "--text", Text());
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--cell hyperlstm --units 512 --hyper-units 128 --embedding 4", errors, StringComparison.Ordinal);
        Assert.Contains(
            "[HyperModel] public sealed partial class MyHyperLstm() : CharNet(CellKind.HyperLstm, new(300, 70, 4));", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_list_end_with_0()
    {
        (int code, string help, _) = Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("usage: CharModel", help, StringComparison.Ordinal);
        (code, string list, _) = Run("--list");
        Assert.Equal(0, code);
        Assert.Contains("LnHyperLstm512", list, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadTexts => new()
    {
        { "", "is empty" },
        { "too short", "need at least 2,049" },
        { Distinct(200) + new string('a', 3000), "201 different characters, but models were compiled for at most 128" },
    };

    [Theory]
    [MemberData(nameof(BadTexts))]
    public void A_text_that_does_not_do_is_refused_and_leaves_nothing(string text, string message)
    {
        string file = Path.Combine(folder, "bad.txt"), results = Path.Combine(folder, "results");
        File.WriteAllText(file, text);
        Refused(message, "--text", file, "--out", results);
        Assert.False(Directory.Exists(results));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_place()
    {
        string file = Path.Combine(folder, "latin1.txt");
        File.WriteAllBytes(file, [(byte)'a', 0xe9, (byte)'b']);
        Refused("at byte 1: found byte 0xe9, expected text in UTF-8", "--text", file);
    }

    [Fact]
    public void Missing_texts_are_said_in_words()
    {
        Refused("nowhere", "--text", Path.Combine(folder, "nowhere"));
        Refused("There is no folder", "--data", Path.Combine(folder, "nowhere"));
        File.WriteAllText(Path.Combine(folder, "ptb.train.txt"), "abc");
        Refused("needs one file for 'valid'", "--data", folder);
    }

    [Fact]
    public void A_file_in_place_of_the_output_folder_is_said_and_kept()
    {
        string file = Text();
        string before = File.ReadAllText(file);
        Refused("--out takes a folder, but", "--text", file, "--out", file);
        Assert.Equal(before, File.ReadAllText(file));
    }

    [Fact]
    public void Training_writes_model_metrics_and_a_sample_in_colours()
    {
        string results = Path.Combine(folder, "results");
        (int code, string output, string errors) = Run([.. Small, "--text", Text(), "--units", "128", "--epochs", "2", "--out", results, "--prime", "the & "]);
        Assert.Equal((0, ""), (code, errors));
        Match last = Regex.Match(
            output.TrimEnd().Split('\n')[^1], "^LnHyperLstm128: 194,400 parameters, validation ([0-9.]+), test ([0-9.]+) bits per character$");
        Assert.True(last.Success, output);

        // 28 symbols at random need log2 28 = 4.8 bits.
        Assert.InRange(double.Parse(last.Groups[2].Value, CultureInfo.InvariantCulture), 0, 4.8);
        string[] events = [.. File.ReadLines(Path.Combine(results, "metrics.jsonl")).Select(Event)];
        Assert.Equal(2, events.Count(name => name == "epoch"));
        Assert.Equal("test", events[^1]);
        Assert.Single(Directory.GetFiles(results, "events.out.tfevents.*"));
        CheckPage(File.ReadAllText(Path.Combine(results, "sample.html")), symbols: 120 + "the & ".Length);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(results, "sample.png"))[..4]);
    }

    [SkippableTheory]
    [InlineData("cuda")]
    [InlineData("opencl")]
    public void A_missing_device_is_said_in_words_and_leaves_nothing(string backend)
    {
        Skip.If(GpuDevice.List().Any(device => device.Kind == backend), "This machine has such a device.");

        string results = Path.Combine(folder, "results");
        Refused($"--backend {backend}: ", "--text", Text(), "--out", results, "--backend", backend);
        Assert.False(Directory.Exists(results));
        string model = Path.Combine(folder, "model.safetensors");
        new Gru128().Save(model, StoredModel.Notes(new Data.Vocabulary("ab"), ""));
        Refused($"--backend {backend}: ", "sample", "--model", model, "--backend", backend);
    }

    [Fact]
    public void A_run_is_not_overwritten_by_another()
    {
        string results = Path.Combine(folder, "results");
        string[] arguments = [.. Small, "--text", Text(), "--epochs", "1", "--out", results, "--cell", "gru"];
        Assert.Equal(0, Run(arguments).Code);
        byte[] model = File.ReadAllBytes(Path.Combine(results, "model.safetensors"));
        Refused("There is a run in", arguments);
        Refused("is of the model Gru128, not of Lstm128", [.. Small, "--text", Text(), "--epochs", "2", "--out", results, "--cell", "lstm", "--resume"]);
        Refused("is of a run with --batch 16", [.. arguments, "--resume", "--rate", "0.1"]);
        string other = Path.Combine(folder, "other.txt");
        File.WriteAllText(other, Words(TextLength).ToUpperInvariant());
        Refused("of a run on another text", [.. Small, "--text", other, "--epochs", "1", "--out", results, "--cell", "gru", "--resume"]);
        Refused("There is no checkpoint in", [.. Small, "--text", Text(), "--out", Path.Combine(folder, "none"), "--resume"]);
        string best = Path.Combine(results, "best.safetensors");
        File.WriteAllBytes(best, File.ReadAllBytes(best)[..^9]);
        Refused("where the run keeps its best weights, cannot be read", [.. arguments, "--resume"]);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(results, "model.safetensors")));
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_in_the_middle_of_an_epoch_to_the_same_bits()
    {
        string[] arguments = [.. Small, "--text", Text(30_000), "--epochs", "3", "--units", "128", "--out"];
        string whole = Path.Combine(folder, "whole"), parts = Path.Combine(folder, "parts");
        Assert.Equal(0, Run([.. arguments, whole]).Code);
        (int code, string errors) = await SampleProcess.Interrupt("CharModel", "epoch 1/3", [.. arguments, parts]);
        Assert.Equal((130, $"Interrupted; the same options with --resume --out {parts} go on from here.\n"), (code, errors));
        Assert.Equal(0, Run([.. arguments, parts, "--resume"]).Code);
        foreach (string file in new[] { "checkpoint.safetensors", "best.safetensors", "model.safetensors", "sample.html", "sample.png" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(parts, file)));
        }
    }

    [Fact]
    public void A_stored_model_writes_and_refuses_what_it_does_not_know()
    {
        string results = Path.Combine(folder, "results");
        string text = Text();
        Assert.Equal(0, Run([.. Small, "--text", text, "--epochs", "1", "--out", results, "--cell", "lstm"]).Code);
        string model = Path.Combine(results, "model.safetensors");
        string[] arguments = ["sample", "--model", model, "--length", "50", "--temperature", "0.5", "--prime", "the "];
        (int code, string output, string errors) = Run(arguments);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("the ", output, StringComparison.Ordinal);
        Assert.Equal("the ".Length + 50, output.IndexOf("\n\n(Lstm128", StringComparison.Ordinal));
        Assert.Contains("This cell keeps its weights", output, StringComparison.Ordinal);
        Assert.Equal(output, Run(arguments).Output);
        Assert.NotEqual(output, Run([.. arguments, "--seed", "5"]).Output);
        (code, string anew, _) = Run("sample", "--model", model, "--length", "50", "--prime", "");
        Assert.Equal((0, Run("sample", "--model", model, "--length", "50").Output), (code, anew));

        Refused("--prime: The symbol 'Ω' (U+03A9) in line 1, column 2", "sample", "--model", model, "--prime", "aΩ");
        Refused("There is a sample in", "sample", "--model", model, "--out", results);
        Refused("at byte", "sample", "--model", text);
        string missing = Path.Combine(folder, "missing.safetensors");
        Refused($"There is no file '{missing}'. Give one that exists", "sample", "--model", missing);
        Refused("Give a folder that exists", "--text", Path.Combine(folder, "none", "text.txt"));
        string other = Path.Combine(folder, "other.safetensors");
        new Gru128().Save(other);
        Refused("found 0 characters in the note 'vocabulary'", "sample", "--model", other);
        string digits = Path.Combine(folder, "digits.safetensors");
        new StaticHyperNet.HyperNet().Save(digits);
        Refused("holds a model 'HyperNet', not a character model of this program. It has: ", "sample", "--model", digits);
    }

    [Theory]
    [InlineData("hyperrnn", "state")]
    [InlineData("hypergru", "reset")]
    [InlineData("hyperlstm", "input")]
    [InlineData("lnlstm", null)]
    [InlineData("rnn", null)]
    public void Other_cells_show_the_gates_that_they_have(string cell, string? gate)
    {
        string results = Path.Combine(folder, cell);
        Assert.Equal(0, Run([.. Small, "--text", Text(), "--epochs", "1", "--out", results, "--cell", cell]).Code);
        string page = File.ReadAllText(Path.Combine(results, "sample.html"));
        Assert.Contains(gate is null ? "This cell keeps its weights" : $"{gate}, 0 to ", page, StringComparison.Ordinal);
        Assert.Equal(gate is not null, page.Contains("--a:", StringComparison.Ordinal));
    }

    [Fact]
    public void Time_ends_a_run()
    {
        string results = Path.Combine(folder, "results");
        (int code, string output, _) = Run([.. Small, "--text", Text(), "--minutes", "0.02", "--cell", "rnn", "--out", results]);
        Assert.Equal(0, code);
        Assert.Contains("0:00 left", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void CheckPage(string page, int symbols)
    {
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains("<u>&amp;</u>", page, StringComparison.Ordinal);
        Assert.All(new[] { "input", "candidate", "forget", "output" }, gate => Assert.Contains($"{gate}, 0 to ", page, StringComparison.Ordinal));

        // No step chose the first symbol, and the step that read it has none before to compare with.
        Assert.Equal(symbols - 2, Regex.Count(page, "<b style=\"--a:[0-9.]+;--b:[0-9.]+;--c:[0-9.]+;--d:[0-9.]+\""));
        Assert.Contains(Regex.Matches(page, "--a:([0-9.]+)"), match => match.Groups[1].Value == "0.75");
    }

    private void Refused(string message, params string[] arguments)
    {
        (int code, _, string errors) = Run(arguments);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string Event(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("event").GetString()!;
    }

    private string Text(int length = TextLength)
    {
        string file = Path.Combine(folder, $"text-{length}.txt");
        File.WriteAllText(file, Words(length));
        return file;
    }

    /// <summary>A text with something to learn: words in an order that a simple rule draws.</summary>
    private static string Words(int length)
    {
        string[] words = ["the ", "quick ", "brown ", "fox ", "jumps ", "over ", "& ", "lazy ", "dog\n", "with vigour ", "black ", "mats "];
        var random = new Random(7);
        return string.Concat(Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)]))[..length];
    }

    private static string Distinct(int count) => string.Concat(Enumerable.Range(0, count).Select(index => (char)(0x100 + index)));

    private static (int Code, string Output, string Errors) Run(params string[] arguments) => SampleProcess.Run("CharModel", arguments);
}
