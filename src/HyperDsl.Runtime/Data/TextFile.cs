using System.Text;
using HyperDsl.Storage;

namespace HyperDsl.Data;

/// <summary>Reads texts.</summary>
public static class TextFile
{
    private const long LargestText = 1 << 30;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text in UTF-8, packed with gzip or not; a byte order mark at its beginning is left out.</summary>
    /// <exception cref="FileFormatException">It is not in UTF-8, damaged, or longer than 1 GiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        using var reader = new FormatReader(path);
        byte[] bytes = reader.ReadToEnd(LargestText);
        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException exception)
        {
            throw reader.Fault(
                bytes.Length - text.Length + exception.Index,
                $"byte 0x{(exception.BytesUnknown is [byte first, ..] ? first : 0):x2}",
                "text in UTF-8",
                exception);
        }
    }
}
