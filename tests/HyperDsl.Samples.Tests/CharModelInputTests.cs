using System.IO.Compression;
using System.Text;
using CharModel;

namespace HyperDsl.Samples.Tests;

/// <summary>Texts, sizes and folders of the sample of character models.</summary>
public sealed class CharModelInputTests : IDisposable
{
    private static readonly string[] Parts = ["train", "valid", "test"];
    private static readonly string[] Small = ["--batch", "8", "--steps", "10", "--epochs", "1", "--length", "30", "--threads", "2"];
    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-input").FullName;

    [Theory]
    [InlineData("{0}.txt", "  if x:\n    y \n")]
    [InlineData("my.{0}", "  if x:\n    y \n")]
    [InlineData("ptb.{0}.txt", "if x:\ny\n")]
    public void Spaces_around_lines_are_left_out_of_the_Penn_Treebank_only(string name, string expected)
    {
        foreach (string part in Parts)
        {
            File.WriteAllText(Path.Combine(folder, string.Format(null, name, part)), "  if x:\n    y \n");
        }

        TextData data = TextData.Read(Options.Parse(["--data", folder, "--batch", "1", "--steps", "3"]));
        Assert.All(new[] { data.Train, data.Validation, data.Test }, text => Assert.Equal(
            expected, string.Concat(text.Select(symbol => data.Vocabulary[symbol]))));
    }

    [Fact]
    public void The_text_that_comes_with_the_sample_is_tiny_Shakespeare()
    {
        TextData data = TextData.Read(Options.Parse([]));
        Assert.Equal(1_115_394, data.Train.Length + data.Validation.Length + data.Test.Length);
        Assert.Equal(65, data.Vocabulary.Count);
        Assert.StartsWith("First Citizen:\nBefore we proceed any further", data.Vocabulary.Decode(data.Train[..100]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_packed_texts_is_the_same_as_one_of_texts()
    {
        string packed = Directory.CreateDirectory(Path.Combine(folder, "packed")).FullName;
        string plain = Directory.CreateDirectory(Path.Combine(folder, "plain")).FullName;
        foreach (string part in Parts)
        {
            string text = part + Lines(30);
            File.WriteAllText(Path.Combine(plain, part + ".txt"), text);
            using var file = new GZipStream(File.Create(Path.Combine(packed, part + ".txt.gz")), CompressionLevel.Optimal);
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        (TextData found, TextData expected) = (Read(packed), Read(plain));
        Assert.Equal(expected.Vocabulary.Symbols, found.Vocabulary.Symbols);
        Assert.Equal([expected.Train, expected.Validation, expected.Test], new[] { found.Train, found.Validation, found.Test });

        static TextData Read(string texts) => TextData.Read(Options.Parse(["--data", texts, "--batch", "1", "--steps", "3"]));
    }

    [Fact]
    public void A_folder_of_three_texts_is_trained_on()
    {
        Array.ForEach(Parts, part => File.WriteAllText(Path.Combine(folder, part + ".txt"), Lines(part == "train" ? 60 : 20)));
        string output = Done([.. Small, "--data", folder, "--cell", "rnn"]);
        Assert.StartsWith("1,260 characters to train on, 420 to validate, 420 to test, 16 different ones", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_comes_through_a_pipe_and_a_model_does_not()
    {
        string text = Text(Lines(80));
        (int code, string output, string errors) = SampleProcess.RunWithPipe(
            text, "CharModel", [.. Small, "--text", "/dev/stdin", "--cell", "rnn", "--out", Path.Combine(folder, "piped")]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(Done([.. Small, "--text", text, "--cell", "rnn"], "plain").Split('\n')[^2], output.Split('\n')[^2]);
        (code, _, errors) = SampleProcess.RunWithPipe(
            Path.Combine(folder, "plain", "model.safetensors"), "CharModel", "sample", "--model", "/dev/stdin");
        Assert.Equal(2, code);
        Assert.Contains("/dev/stdin is a pipe", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--layers", "2", "LnHyperLstm256x2 ")]
    [InlineData("--dropout", "0.1", "LnHyperLstm256Dropout ")]
    public void Layers_and_dropout_train(string option, string value, string name) =>
        Assert.Contains("\n" + name, Done([.. Small, "--text", Text(Lines(80)), option, value]), StringComparison.Ordinal);

    [Fact]
    public void The_least_batch_of_the_least_window_trains() =>
        Done(["--batch", "1", "--steps", "1", "--epochs", "1", "--length", "1", "--text", Text(Lines(20)), "--cell", "rnn"]);

    [Fact]
    public void A_text_of_one_symbol_is_learned_and_written()
    {
        string output = Done([.. Small, "--text", Text(new string('a', 1000)), "--cell", "rnn"]);
        Assert.StartsWith("900 characters to train on, 50 to validate, 50 to test, all the same\n", output, StringComparison.Ordinal);
        Assert.Contains("\n" + new string('a', 30) + "\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused_before_the_work()
    {
        string text = Text(Lines(80));
        string model = Path.Combine(folder, "model.safetensors");
        new Gru128().Save(model, StoredModel.Notes(new Data.Vocabulary("ab"), ""));
        string[] places = OperatingSystem.IsLinux() ? [Path.Combine(text, "below"), "/proc/self"] : [Path.Combine(text, "below")];
        Assert.All(places, place =>
        {
            Refused($"Nothing can be written into the folder '{place}'", [.. Small, "--text", text, "--out", place]);
            Refused($"Nothing can be written into the folder '{place}'", ["sample", "--model", model, "--out", place]);
        });
    }

    [Fact]
    public void Weights_in_place_of_a_checkpoint_are_refused()
    {
        string[] arguments = [.. Small, "--text", Text(Lines(80)), "--cell", "rnn"];
        Done(arguments);
        string results = Path.Combine(folder, "results");
        File.Copy(Path.Combine(results, "model.safetensors"), Path.Combine(results, "checkpoint.safetensors"), overwrite: true);
        string metrics = File.ReadAllText(Path.Combine(results, "metrics.jsonl"));
        (int code, _, string errors) = SampleProcess.Run("CharModel", [.. arguments, "--resume", "--out", results]);
        Assert.Equal(2, code);
        Assert.Contains("is no checkpoint that a run can go on from", errors, StringComparison.Ordinal);
        Assert.Equal(metrics, File.ReadAllText(Path.Combine(results, "metrics.jsonl")));
    }

    [Fact]
    public async Task An_interrupted_run_without_a_named_folder_says_where_it_is()
    {
        string[] arguments = ["--text", Text(Lines(2000)), "--epochs", "50", "--cell", "gru"];
        (int code, string errors) = await SampleProcess.InterruptIn(folder, "CharModel", "epoch 1/", arguments);
        string place = Path.Combine("out", "Gru128-1");
        Assert.Equal((130, $"Interrupted; the same options with --resume --out {place} go on from here.\n"), (code, errors));
        Assert.True(File.Exists(Path.Combine(folder, place, "checkpoint.safetensors")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(line => $"{line % 3} foxes jump over me\n"));

    private string Text(string text)
    {
        string file = Path.Combine(folder, "text.txt");
        File.WriteAllText(file, text);
        return file;
    }

    private string Done(string[] arguments, string results = "results")
    {
        (int code, string output, string errors) = SampleProcess.Run("CharModel", [.. arguments, "--out", Path.Combine(folder, results)]);
        Assert.Equal((0, ""), (code, errors));
        return output;
    }

    private static void Refused(string message, string[] arguments)
    {
        (int code, string output, string errors) = SampleProcess.Run("CharModel", arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }
}
