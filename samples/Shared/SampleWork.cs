namespace HyperDsl.Samples;

/// <summary>What a sample is to do when its input was found good.</summary>
/// <param name="Run">Does it.</param>
/// <param name="Folder">Where an interrupted run can be gone on with by <c>--resume</c>; null where it cannot.</param>
public sealed record SampleWork(Action<CancellationToken> Run, string? Folder = null)
{
    /// <summary>
    /// Makes the folder for results and tries to write into it, so that hours of work do not end at a folder that cannot be written to.
    /// </summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public static void MakeFolder(string? folder)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, Path.GetRandomFileName());
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Nothing can be written into the folder '{folder}' for results. Give another --out. ({error.Message})", error);
        }
    }
}
