using HyperDsl.Storage;

namespace HyperDsl.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Replaces_the_file_and_makes_its_folder()
    {
        string path = Path.Combine(folder.Root, "new", "file");
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3]));
        AtomicFile.Write(path, stream => stream.Write([4]));
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Keeps_the_old_file_when_writing_fails_and_until_writing_ends()
    {
        string path = folder.File("file", [1, 2, 3]);
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([9]);
            stream.Flush();
            Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
            throw new IOException("disk full");
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    /// <summary>What a killed process leaves is not taken for the file, nor for another of its kind, and any name has room.</summary>
    [Theory]
    [InlineData("events.out.tfevents.1")]
    [InlineData("best.safetensors")]
    public void A_temporary_file_looks_like_no_file_of_the_targets_kind(string name)
    {
        string path = Path.Combine(folder.Root, name.PadLeft(250, 'x'));
        AtomicFile.Write(path, stream =>
        {
            string temporary = Path.GetFileName(Assert.Single(Directory.GetFiles(folder.Root)));
            Assert.DoesNotContain("tfevents", temporary, StringComparison.Ordinal);
            Assert.EndsWith(".tmp", temporary, StringComparison.Ordinal);
        });
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }
}
