using System.Buffers.Binary;
using System.Text;

namespace HyperDsl.Oracle;

/// <summary>
/// Marks one symbol version that a shared library requires as weak, so that the dynamic linker loads the library on systems
/// whose C++ runtime lacks that version. Safe only where no relocation uses a symbol of that version, which holds for
/// <c>GLIBCXX_3.4.32</c> in TorchSharp 0.107.0. Layout: System V ABI symbol versioning, <c>Elf64_Verneed</c>, <c>Elf64_Vernaux</c>.
/// </summary>
public static class ElfVersionPatch
{
    private const uint VersionNeededSection = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;
    private const int SectionHeaderSize = 64;

    /// <summary>Marks <paramref name="version"/> as weak in <paramref name="file"/>; a second call changes nothing.</summary>
    /// <param name="file">A 64-bit little-endian ELF library. It is replaced as a whole, so links to the original stay intact.</param>
    /// <param name="version">Name of the version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether the file was changed.</returns>
    /// <exception cref="InvalidDataException">The file is not such a library.</exception>
    public static bool MakeWeak(string file, string version)
    {
        byte[] image = File.ReadAllBytes(file);
        if (!MakeWeak(image, version))
        {
            return false;
        }

        // Same time stamp: the build compares time and size, and would otherwise put the original back each time.
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, image);
        File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(file));
        File.Move(temporary, file, overwrite: true);
        return true;
    }

    /// <summary>The same on a library in memory.</summary>
    /// <param name="image">The library's bytes, changed in place.</param>
    /// <param name="version">Name of the version.</param>
    /// <returns>Whether a byte was changed.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a 64-bit little-endian ELF library.</exception>
    public static bool MakeWeak(Span<byte> image, string version)
    {
        if (image.Length < SectionHeaderSize || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        }

        byte[] name = Encoding.ASCII.GetBytes(version);
        bool changed = false;
        int headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        for (int index = 0; index < count; index++)
        {
            Span<byte> header = image[(headers + (index * SectionHeaderSize))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == VersionNeededSection)
            {
                int names = headers + ((int)BinaryPrimitives.ReadUInt32LittleEndian(header[40..]) * SectionHeaderSize);
                changed |= MarkEntries(image, SectionOffset(image, header), SectionOffset(image, image[names..]), name);
            }
        }

        return changed;
    }

    private static int SectionOffset(ReadOnlySpan<byte> image, ReadOnlySpan<byte> header)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        return offset < (ulong)image.Length
            ? (int)offset
            : throw new InvalidDataException($"A section begins at {offset}, past the end of the file ({image.Length} bytes).");
    }

    private static bool MarkEntries(Span<byte> image, int needed, int names, ReadOnlySpan<byte> name)
    {
        bool changed = false;
        uint toNextLibrary;
        do
        {
            int entry = needed + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(needed + 8)..]);
            uint toNextEntry;
            do
            {
                int text = names + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(entry + 8)..]);
                ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(image[(entry + 4)..]);
                if ((flags & WeakFlag) == 0 && image[text..].StartsWith(name) && image[text + name.Length] == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(entry + 4)..], (ushort)(flags | WeakFlag));
                    changed = true;
                }

                toNextEntry = BinaryPrimitives.ReadUInt32LittleEndian(image[(entry + 12)..]);
                entry += (int)toNextEntry;
            }
            while (toNextEntry != 0);
            toNextLibrary = BinaryPrimitives.ReadUInt32LittleEndian(image[(needed + 12)..]);
            needed += (int)toNextLibrary;
        }
        while (toNextLibrary != 0);
        return changed;
    }
}
