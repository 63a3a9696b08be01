using System.Text.Json;
using HyperDsl.Storage;

namespace HyperDsl.Training;

/// <summary>
/// Writes measurements as JSON lines, one object a line: <c>{"event":"epoch","step":55,"loss":0.31}</c>. Numbers have
/// enough digits to be read back exactly; what is not finite becomes <c>null</c>, as JSON has no name for it.
/// </summary>
public sealed class MetricsWriter : IDisposable
{
    private readonly FileStream stream;
    private readonly Utf8JsonWriter json;

    private MetricsWriter(string path, FileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        stream = new FileStream(path, mode, FileAccess.Write, FileShare.Read);
        json = new Utf8JsonWriter(stream);
    }

    /// <summary>Begins a new file.</summary>
    public static MetricsWriter Create(string path) => new(path, FileMode.Create);

    /// <summary>
    /// Goes on with a file, or begins one: lines of steps after <paramref name="step"/>, which an interrupted run wrote after
    /// its last checkpoint, are dropped first, and so is what is no object with a whole number <c>step</c>, such as half a line at the end.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="step">The step of the checkpoint from which the run goes on.</param>
    /// <param name="without">
    /// A kind of measurements that is dropped, whatever its steps: the results of a finished run, which stand at the step of its checkpoint.
    /// </param>
    /// <exception cref="IOException">The file cannot be read or written; it stays as it was.</exception>
    public static MetricsWriter Resume(string path, long step, string? without = null)
    {
        if (File.Exists(path))
        {
            List<string> kept = [.. File.ReadLines(path).Where(line => IsKept(line, step, without))];
            AtomicFile.Write(path, target =>
            {
                using var writer = new StreamWriter(target, leaveOpen: true) { NewLine = "\n" };
                kept.ForEach(writer.WriteLine);
            });
        }

        return new MetricsWriter(path, FileMode.Append);
    }

    /// <summary>Writes one line and hands it to the operating system.</summary>
    /// <param name="kind">What was measured, such as <c>step</c> or <c>epoch</c>.</param>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="values">Names and values.</param>
    public void Write(string kind, long step, params ReadOnlySpan<(string Name, double Value)> values)
    {
        json.WriteStartObject();
        json.WriteString("event"u8, kind);
        json.WriteNumber("step"u8, step);
        foreach ((string name, double value) in values)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumber(name, value);
            }
            else
            {
                json.WriteNull(name);
            }
        }

        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
        stream.Flush();
        json.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
    }

    private static bool IsKept(string line, long step, string? without)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("step", out JsonElement found)
                && found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long value) && value <= step
                && !(without is not null && document.RootElement.TryGetProperty("event", out JsonElement kind)
                    && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(without));
        }
        catch (JsonException)
        {
            // A run that was killed can leave a half line.
            return false;
        }
    }
}
