using System.Globalization;

namespace HyperDsl.Storage;

/// <summary>
/// A file does not contain what its format demands. The message names the file, the byte, what was found there and what was
/// expected. (An <see cref="IOException"/> because <see cref="InvalidDataException"/> is sealed.)
/// </summary>
public sealed class FileFormatException : IOException
{
    /// <summary>Makes the exception and its message.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="offset">The byte where the fault lies; in compressed files counted after decompression.</param>
    /// <param name="found">What the file has there.</param>
    /// <param name="expected">What it should have.</param>
    /// <param name="cause">The exception that revealed it, if any.</param>
    public FileFormatException(string file, long offset, string found, string expected, Exception? cause = null)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"{file}: at byte {offset}: found {found}, expected {expected}."), cause)
    {
        File = file;
        Offset = offset;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>The byte where the fault lies; in compressed files counted after decompression.</summary>
    public long Offset { get; }

    /// <summary>What the file has there.</summary>
    public string Found { get; }

    /// <summary>What it should have.</summary>
    public string Expected { get; }
}
