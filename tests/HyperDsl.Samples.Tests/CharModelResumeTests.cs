using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CharModel;
using HyperDsl.Storage;

namespace HyperDsl.Samples.Tests;

/// <summary>Runs of the sample of character models that end and go on: their time, their results, their measurements.</summary>
public sealed class CharModelResumeTests : IDisposable
{
    private const string Rate = "--final-rate 0.005";
    private const string Epoch = "--epochs 1 " + Rate;
    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-resumed").FullName;

    private string Results => Path.Combine(folder, "results");

    private string Checkpoint => Path.Combine(Results, "checkpoint.safetensors");

    [Fact]
    public void Both_formats_of_measurements_have_the_same_values()
    {
        Done(Epoch);
        CheckMeasurements();
    }

    [Fact]
    public void A_finished_run_that_is_resumed_has_one_test_record()
    {
        string summary = Done(Epoch);
        List<string> before = [.. Measurements().Select(measured => measured.ToString())];
        Assert.Equal(summary, Done($"{Epoch} --resume"));
        Assert.Equal(before, Measurements().Select(measured => measured.ToString()));
        CheckMeasurements();

        // Further epochs of a constant rate end in another test.
        Done($"--epochs 2 {Rate} --resume");
        CheckMeasurements();
        Assert.Equal(2, Measurements().Count(measured => measured.Tag == "validation/bits"));
    }

    [Fact]
    public void A_finished_run_without_its_best_weights_evaluates_those_that_it_has()
    {
        string summary = Done(Epoch);
        string best = Path.Combine(Results, "best.safetensors");
        byte[] weights = File.ReadAllBytes(best);
        File.Delete(best);
        Assert.Equal(summary, Done($"{Epoch} --resume"));
        Assert.Equal(weights, File.ReadAllBytes(best));
    }

    [Fact]
    public void Weights_that_are_no_numbers_after_training_end_with_1_and_store_no_model()
    {
        Done(Epoch);
        string best = Path.Combine(Results, "best.safetensors"), model = Path.Combine(Results, "model.safetensors");
        File.Delete(model);
        File.Delete(best);
        FillWithNaN(Checkpoint, "readout.bias");
        (int code, _, string errors) = Run($"{Epoch} --resume");
        Assert.Equal(1, code);
        Assert.StartsWith("Training failed: after 17 steps the validation loss is NaN", errors, StringComparison.Ordinal);
        Assert.EndsWith("Train anew with a lower --rate and another --out.\n", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(best) || File.Exists(model));
    }

    [Fact]
    public void Parts_of_a_run_train_for_their_time_together()
    {
        Done("--minutes 0.01");
        TimeSpan first = Trained();
        Assert.True(first >= TimeSpan.FromMinutes(0.01), first.ToString());
        long steps = Measurements().Max(measured => measured.Step);

        // Nothing is left: no step, but the test.
        Done("--minutes 0.01 --resume");
        Assert.Equal((first, steps), (Trained(), Measurements().Max(measured => measured.Step)));
        CheckMeasurements();
        double longer = first.TotalMinutes + 0.01;
        Done(string.Create(CultureInfo.InvariantCulture, $"--minutes {longer} --resume"));
        Assert.True(Measurements().Max(measured => measured.Step) > steps);
        Assert.True(Trained() >= TimeSpan.FromMinutes(longer));

        // 0.06 seconds of ten hours are left: without the note the run would go on for all of them.
        ReplaceTrained("09:59:59.9400000");
        Done("--minutes 600 --resume");
        Assert.InRange(Trained(), TimeSpan.FromHours(10), TimeSpan.FromHours(10.1));
    }

    [Theory]
    [InlineData("ten minutes, say")]
    [InlineData("9999999.02:48:05")]
    public void A_damaged_note_of_the_time_is_refused(string note)
    {
        Done("--minutes 0.01");
        ReplaceTrained(note);
        (int code, _, string errors) = Run("--minutes 0.01 --resume");
        Assert.Equal(2, code);
        Assert.Contains($"found '{note}' in the note 'trained', expected how long the run has trained", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    /// <summary>Without <c>--minutes</c> a checkpoint has no time in it: it would differ from run to run.</summary>
    [Fact]
    public void Time_that_is_left_is_that_of_all_parts()
    {
        var time = new TrainingTime(TimeSpan.FromMinutes(6));
        Assert.Equal(TimeSpan.FromMinutes(4), time.Left(TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromMinutes(-1), time.Left(TimeSpan.FromMinutes(5)));
        Assert.Null(time.Left(null));
        Dictionary<string, string> notes = [];
        new TrainingTime(TimeSpan.Zero).Keep(notes, limit: null);
        Assert.Empty(notes);
        time.Keep(notes, limit: null);
        Assert.Equal("00:06:00", notes["trained"]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void CheckMeasurements()
    {
        List<(string Tag, long Step, float Value)> measurements = Measurements();
        Assert.Equal(measurements, EventFile.ReadAll(Results));
        Assert.Equal("test/bits", measurements[^1].Tag);
        Assert.Single(measurements, measured => measured.Tag == "test/bits");
        Assert.Contains(measurements, measured => measured is { Tag: "validation/bits", Value: > 0 and < 8 });
        Assert.Contains(measurements, measured => measured is { Tag: "validation/characters_per_second", Value: > 0 });
    }

    /// <summary>The measurements of the JSON lines, as TensorBoard names them; it has single precision.</summary>
    private List<(string Tag, long Step, float Value)> Measurements()
    {
        List<(string, long, float)> measured = [];
        foreach (string line in File.ReadLines(Path.Combine(Results, "metrics.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement record = document.RootElement;
            measured.AddRange(record.EnumerateObject().Where(property => property.Name is not ("event" or "step")).Select(property => (
                $"{record.GetProperty("event").GetString()}/{property.Name}",
                record.GetProperty("step").GetInt64(),
                property.Value.ValueKind == JsonValueKind.Null ? float.NaN : (float)property.Value.GetDouble())));
        }

        return measured;
    }

    private TimeSpan Trained() => TimeSpan.Parse(ModelFile.ReadNotes(Checkpoint)["trained"], CultureInfo.InvariantCulture);

    /// <summary>Replaces the note by one of the same length, so that the header stays whole.</summary>
    private void ReplaceTrained(string note)
    {
        string before = ModelFile.ReadNotes(Checkpoint)["trained"];
        Assert.Equal(before.Length, note.Length);
        byte[] file = File.ReadAllBytes(Checkpoint);
        Encoding.ASCII.GetBytes(note).CopyTo(file, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(before)));
        File.WriteAllBytes(Checkpoint, file);
    }

    private static void FillWithNaN(string path, string tensor)
    {
        byte[] file = File.ReadAllBytes(path);
        StoredTensor stored;
        using (var opened = SafeTensorsFile.Open(path))
        {
            stored = opened.Tensors[tensor];
        }

        // Tensors lie behind the header, whose length comes first.
        int values = sizeof(ulong) + (int)BitConverter.ToUInt64(file);
        MemoryMarshal.Cast<byte, float>(file.AsSpan()[(values + (int)stored.Begin)..(values + (int)stored.End)]).Fill(float.NaN);
        File.WriteAllBytes(path, file);
    }

    /// <summary>Ends well; what is returned is the line with the results.</summary>
    private string Done(string options)
    {
        (int code, string output, string errors) = Run(options);
        Assert.Equal((0, ""), (code, errors));
        string summary = output.TrimEnd().Split('\n')[^1];
        Assert.Matches(new Regex("validation [0-9.]+, test [0-9.]+ bits per character$"), summary);
        return summary;
    }

    private (int Code, string Output, string Errors) Run(string options)
    {
        string text = Path.Combine(folder, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 150).Select(line => $"{line % 7} foxes jump over me\n")));
        string always = $"--cell rnn --batch 8 --steps 20 --rate 0.005 --length 20 --threads 2 --text {text} --out {Results}";
        return SampleProcess.Run("CharModel", [.. always.Split(' '), .. options.Split(' ')]);
    }
}
