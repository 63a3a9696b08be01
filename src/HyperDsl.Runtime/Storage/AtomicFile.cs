namespace HyperDsl.Storage;

/// <summary>
/// Replaces files as a whole: the new content goes to a temporary file beside the old one, is forced to the disk and then
/// renamed over it. Whatever interrupts the writing, the path holds the complete old or the complete new content.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file, making its folder if needed.</summary>
    /// <param name="path">Where.</param>
    /// <param name="write">Writes the content; if it throws, the old file stays.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // Without the file's own name: whoever looks for names like that would find it, as TensorBoard does, when a process is killed here.
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".hyperdsl.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
