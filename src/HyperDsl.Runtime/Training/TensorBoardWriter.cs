using System.Globalization;

namespace HyperDsl.Training;

/// <summary>
/// Writes measurements as an event file of TensorBoard: records, each a protobuf message <c>Event</c> with a <c>Summary</c> of simple values.
/// Show them by <c>tensorboard --logdir FOLDER</c>.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    // Field numbers of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
    internal const int SummaryField = 5, ValueField = 1, TagField = 1;
    private const int WallTimeField = 1, StepField = 2, FileVersionField = 3, SessionLogField = 7;
    private const int SimpleValueField = 2, StatusField = 1;
    private const int SessionStarts = 1;
    private const string FileNames = "events.out.tfevents.";
    private const string OurFiles = ".hyperdsl.";
    private readonly FileStream stream;
    private readonly TimeProvider clock;

    private TensorBoardWriter(string folder, TimeProvider clock)
    {
        this.clock = clock;
        Directory.CreateDirectory(folder);
        FilePath = NewFile(folder, clock.GetUtcNow().ToUnixTimeSeconds());
        stream = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        WriteEvent(0, message => message.Text(FileVersionField, "brain.Event:2"));
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Begins a file in a folder; files that are there stay.</summary>
    /// <param name="folder">Made if needed.</param>
    /// <param name="clock">Where the time of events comes from; the system when not given.</param>
    public static TensorBoardWriter Create(string folder, TimeProvider? clock = null) => new(folder, clock ?? TimeProvider.System);

    /// <summary>
    /// Goes on with an interrupted run in a further file, which tells TensorBoard to forget what was written after
    /// <paramref name="step"/>.
    /// </summary>
    /// <param name="folder">Made if needed.</param>
    /// <param name="step">The step of the checkpoint from which the run goes on.</param>
    /// <param name="clock">Where the time of events comes from; the system when not given.</param>
    /// <param name="without">
    /// A kind of measurements that is dropped from the files that this class wrote into the folder, whatever its steps: the results of a finished
    /// run, which stand at the step of its checkpoint. A TensorBoard that has read them shows them until it is started again.
    /// </param>
    /// <exception cref="IOException">A file cannot be read or written; it stays as it was.</exception>
    public static TensorBoardWriter Resume(string folder, long step, TimeProvider? clock = null, string? without = null)
    {
        if (without is not null && Directory.Exists(folder))
        {
            Array.ForEach(Directory.GetFiles(folder, FileNames + "*" + OurFiles + "???"), path => EventFile.Drop(path, without));
        }

        TensorBoardWriter writer = Create(folder, clock);
        writer.WriteEvent(step + 1, message => message.Message(SessionLogField, log => log.Number(StatusField, SessionStarts)));
        return writer;
    }

    /// <summary>Writes one event and hands it to the operating system.</summary>
    /// <param name="kind">What was measured, such as <c>step</c> or <c>epoch</c>; comes before the names, without a slash of its own: <c>epoch/loss</c>.</param>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="values">Names and values; what is not finite is written as such.</param>
    public void Write(string kind, long step, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var summary = new ProtocolMessage();
        foreach ((string name, double value) in values)
        {
            summary.Message(ValueField, item =>
            {
                item.Text(TagField, $"{kind}/{name}");
                item.Single(SimpleValueField, (float)value);
            });
        }

        WriteEvent(step, message => message.Bytes(SummaryField, summary.Content));
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static string NewFile(string folder, long seconds)
    {
        for (int number = 0; ; number++)
        {
            // TensorBoard reads the files of a folder in the order of their names.
            string path = Path.Combine(
                folder, string.Create(CultureInfo.InvariantCulture, $"{FileNames}{seconds:D10}{OurFiles}{number:D3}"));
            if (!File.Exists(path))
            {
                return path;
            }
        }
    }

    private void WriteEvent(long step, Action<ProtocolMessage> content)
    {
        var message = new ProtocolMessage();
        message.Double(WallTimeField, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.Number(StepField, (ulong)step);
        content(message);
        EventFile.WriteRecord(stream, message.Content);
    }
}
