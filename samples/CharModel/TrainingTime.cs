using System.Diagnostics;
using System.Globalization;
using HyperDsl;
using HyperDsl.Training;

namespace CharModel;

/// <summary>
/// How long a run has trained, in all its parts: <c>--minutes</c> bounds their sum, so its checkpoints have it in a note.
/// </summary>
/// <param name="before">What the parts before came to.</param>
public sealed class TrainingTime(TimeSpan before)
{
    private const string Note = "trained";
    private const string Format = "c";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36525);
    private readonly Stopwatch now = new();

    /// <summary>What a checkpoint says; no time where it was written without <c>--minutes</c>.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="InvalidDataException">Its note is damaged.</exception>
    /// <exception cref="IOException">It is damaged.</exception>
    public static TrainingTime Read(string path)
    {
        if (!ModelFile.ReadNotes(path).TryGetValue(Note, out string? text))
        {
            return new TrainingTime(TimeSpan.Zero);
        }

        bool read = TimeSpan.TryParseExact(text, Format, CultureInfo.InvariantCulture, out TimeSpan time)
            && time >= TimeSpan.Zero && time <= Longest;
        return read ? new TrainingTime(time) : throw new InvalidDataException(
            $"{path}: found '{text}' in the note '{Note}', expected how long the run has trained, such as 00:06:30. The file is damaged: "
            + "begin anew with another --out; nothing was changed.");
    }

    /// <summary>What is left of a bound; null where there is none.</summary>
    /// <param name="limit">The bound; null for none.</param>
    public TimeSpan? Left(TimeSpan? limit) => limit - before - now.Elapsed;

    /// <summary>Writes the time so far as a note; without <c>--minutes</c> checkpoints do not depend on time.</summary>
    /// <param name="notes">Notes of a checkpoint.</param>
    /// <param name="limit">The bound; null for none.</param>
    public void Keep(IDictionary<string, string> notes, TimeSpan? limit)
    {
        if (limit is not null || before > TimeSpan.Zero)
        {
            notes[Note] = (before + now.Elapsed).ToString(Format, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Counts while training is shown.</summary>
    /// <param name="shown">Shows it.</param>
    /// <param name="stepped">Called after every step, before a checkpoint can be written.</param>
    public TrainingProgress Counting(TrainingProgress shown, Action stepped) => new Counted(now, shown, stepped);

    private sealed class Counted(Stopwatch now, TrainingProgress shown, Action stepped) : TrainingProgress
    {
        public override void Run(long done, long total, Action<Action<TrainingReport>> training) => shown.Run(done, total, show =>
        {
            now.Start();
            training(report =>
            {
                stepped();
                show(report);
            });
        });
    }
}
