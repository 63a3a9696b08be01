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

    private string[] Lines()
    {
        using var stream = new FileStream(folder.File("m.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
