using System.Globalization;
using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

public sealed class MetricsWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_are_objects_in_any_culture()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = german;
        try
        {
            using MetricsWriter writer = MetricsWriter.Create(folder.File("m.jsonl"));
            writer.Write("step", 1, ("loss", 0.5), ("rate", double.NaN));
            writer.Write("epoch", 2, ("loss", 0.1));
            Assert.Equal(
                ["""{"event":"step","step":1,"loss":0.5,"rate":null}""", """{"event":"epoch","step":2,"loss":0.1}"""],
                Lines());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Resuming_drops_what_comes_after_the_checkpoint_and_half_lines()
    {
        string path = folder.File("m.jsonl");
        using (MetricsWriter writer = MetricsWriter.Create(path))
        {
            for (int step = 1; step <= 4; step++)
            {
                writer.Write("step", step, ("loss", step));
            }
        }

        File.AppendAllText(path, """{"event":"st""");
        using (MetricsWriter writer = MetricsWriter.Resume(path, 2))
        {
            writer.Write("step", 3, ("loss", 30));
        }

        Assert.Equal(["1", "2", "30"], Lines().Select(line => line.Split(':', '}')[^2]));
    }

    /// <summary>A finished run that goes on: its result stands at the step of the checkpoint, and is another one in the end.</summary>
    [Fact]
    public void Resuming_drops_a_kind()
    {
        string path = folder.File("m.jsonl");
        string[] kept =
        [
            """{"event":"step","step":1,"test":1}""", """{ "step" : 2, "event" : "tests" }""", """{"step":2}""", """{"step":1,"event":5}""",
            """{"step":1,"event":["test"]}""",
        ];
        File.WriteAllLines(path, [kept[0], """{"event":"test","step":1,"bits":1}""", .. kept[1..], """{ "step": 2, "event": "te\u0073t" }"""]);
        MetricsWriter.Resume(path, 2, without: "test").Dispose();
        Assert.Equal(kept, Lines());
    }

    [Theory]
    [InlineData("""{"step":"2"}""")]
    [InlineData("""{"step":2.5}""")]
    [InlineData("""{"step":[2]}""")]
    [InlineData("""{"event":"step"}""")]
    [InlineData("""[2]""")]
    [InlineData("")]
    public void Resuming_drops_lines_without_a_step(string line)
    {
        string path = folder.File("m.jsonl");
        File.WriteAllLines(path, [line, """{"step":2}"""]);
        MetricsWriter.Resume(path, 2).Dispose();
        Assert.Equal(["""{"step":2}"""], Lines());
    }

    private string[] Lines()
    {
        using var stream = new FileStream(folder.File("m.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
