using HyperDsl.Data;
using HyperDsl.Storage;

namespace HyperDsl.Tests.Data;

public sealed class VocabularyTests
{
    [Fact]
    public void Symbols_are_ordered_by_code_point_and_texts_come_back()
    {
        Vocabulary vocabulary = Vocabulary.Of("b😀a\n", "aé");
        Assert.Equal("\nabé😀", vocabulary.Symbols);
        Assert.Equal(5, vocabulary.Count);
        int[] encoded = vocabulary.Encode("a😀é");
        Assert.Equal([1, 4, 3], encoded);
        Assert.Equal("a😀é", vocabulary.Decode(encoded));
        Assert.Equal(encoded, new Vocabulary(vocabulary.Symbols).Encode("a😀é"));
        Assert.Empty(vocabulary.Encode(""));
        Assert.Equal((4, -1), (vocabulary.IndexOf(new System.Text.Rune(0x1f600)), vocabulary.IndexOf(new System.Text.Rune('z'))));
    }

    [Fact]
    public void An_unknown_symbol_is_named_with_its_place()
    {
        UnknownSymbolException error = Assert.Throws<UnknownSymbolException>(() => new Vocabulary("\nab").Encode("ab\na😀b"));
        Assert.Equal("The symbol '😀' (U+1F600) in line 2, column 2 is not among the 3 that are known: [U+000A]ab", error.Message);
        Assert.Equal(4, error.Position);
        error = Assert.Throws<UnknownSymbolException>(() => new Vocabulary("a").Encode("\t"));
        Assert.StartsWith("The symbol U+0009 in line 1, column 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vocabularies_without_or_with_doubled_symbols_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Vocabulary(""));
        Assert.Throws<ArgumentException>(() => Vocabulary.Of("", ""));
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Vocabulary("aba"));
        Assert.Contains("'a' (U+0061) comes twice", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Vocabulary("ab").Decode([2]));
    }

    [Fact]
    public void Files_are_read_packed_or_not_and_must_be_in_utf_8()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [0xef, 0xbb, 0xbf, .. "zé\n"u8];
        Assert.Equal("zé\n", TextFile.Read(folder.File("plain", bytes)));
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        Assert.Equal("zé\n", TextFile.Read(folder.File("packed", packed.ToArray())));
        Assert.Equal("", TextFile.Read(folder.File("empty", [])));
        FileFormatException error = Assert.Throws<FileFormatException>(() => TextFile.Read(folder.File("latin", [0x41, 0x42, 0xe9])));
        Assert.Equal(2, error.Offset);
        error = Assert.Throws<FileFormatException>(() => TextFile.Read(folder.File("marked", [0xef, 0xbb, 0xbf, 0x41, 0xe9, 0x41])));
        Assert.Equal((4L, "byte 0xe9"), (error.Offset, error.Found));
    }
}
