namespace CharModel;

/// <summary>The files of a run.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    private const string DefaultParent = "out";

    /// <summary>The best weights of the run, when it is over.</summary>
    public string Model => At("model.safetensors");

    /// <summary>The best weights so far.</summary>
    public string Best => At("best.safetensors");

    /// <summary>Where the run is.</summary>
    public string Checkpoint => At("checkpoint.safetensors");

    /// <summary>Measurements as JSON lines.</summary>
    public string Metrics => At("metrics.jsonl");

    /// <summary>The sample as a web page.</summary>
    public string Page => At("sample.html");

    /// <summary>The sample as a picture.</summary>
    public string Picture => At("sample.png");

    /// <summary>The folder for a run that begins: one that has no run yet.</summary>
    /// <param name="path">Where; null for the first free one of its kind.</param>
    /// <param name="name">What to call that.</param>
    /// <exception cref="IOException">There is a run already.</exception>
    public static RunFolder ForNew(string? path, string name)
    {
        var folder = new RunFolder(path ?? FirstFree(name));
        string? taken = new[] { folder.Checkpoint, folder.Model, folder.Best, folder.Metrics }.FirstOrDefault(File.Exists);
        return taken is null ? folder : throw new IOException(
            $"There is a run in '{folder.Path}' already ({System.IO.Path.GetFileName(taken)}). Go on with it by --resume, or give another --out; "
            + "nothing was changed.");
    }

    /// <summary>The folder of a run that goes on.</summary>
    /// <exception cref="IOException">It has no checkpoint.</exception>
    public static RunFolder ForResumed(string path)
    {
        var folder = new RunFolder(path);
        return File.Exists(folder.Checkpoint) ? folder : throw new FileNotFoundException(
            $"There is no checkpoint in '{path}' to go on from. A run writes one after each epoch and when it is interrupted.");
    }

    /// <summary>A folder that has no sample yet.</summary>
    /// <exception cref="IOException">There is one already.</exception>
    public static RunFolder ForSample(string path)
    {
        var folder = new RunFolder(path);
        return !File.Exists(folder.Page) && !File.Exists(folder.Picture) ? folder : throw new IOException(
            $"There is a sample in '{path}' already. Give another --out; nothing was changed.");
    }

    private static string FirstFree(string name)
    {
        int number = 1;
        while (Directory.Exists(Named(number)) || File.Exists(Named(number)))
        {
            number++;
        }

        return Named(number);

        string Named(int index) => System.IO.Path.Combine(DefaultParent, $"{name}-{index}");
    }

    private string At(string file) => System.IO.Path.Combine(Path, file);
}
