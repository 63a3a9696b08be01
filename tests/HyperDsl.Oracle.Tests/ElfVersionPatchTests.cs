using System.Text;
using TorchSharp;

namespace HyperDsl.Oracle;

public sealed class ElfVersionPatchTests : TorchTest
{
    [SkippableFact]
    public void Library_in_the_output_folder_loads_and_computes()
    {
        using torch.Tensor sum = torch.ones(3, 4).sum();
        Assert.Equal(12f, sum.item<float>());
    }

    [SkippableFact]
    public void Loaded_library_is_the_patched_copy()
    {
        string mapped = File.ReadLines("/proc/self/maps").First(line => line.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal));
        Assert.EndsWith(TorchRuntime.NativeLibraryFile, mapped, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Second_patch_changes_nothing()
    {
        byte[] image = File.ReadAllBytes(TorchRuntime.NativeLibraryFile);
        byte[] copy = [.. image];
        Assert.False(ElfVersionPatch.MakeWeak(copy, "GLIBCXX_3.4.32"));
        Assert.Equal(image, copy);
    }

    [SkippableFact]
    public void Exactly_one_byte_changes_for_another_version()
    {
        byte[] image = File.ReadAllBytes(TorchRuntime.NativeLibraryFile);
        byte[] copy = [.. image];
        Assert.True(ElfVersionPatch.MakeWeak(copy, "GLIBCXX_3.4.21"));
        Assert.Equal(1, image.Zip(copy).Count(pair => pair.First != pair.Second));
    }

    [SkippableFact]
    public void Unknown_version_changes_nothing()
    {
        byte[] image = File.ReadAllBytes(TorchRuntime.NativeLibraryFile);
        Assert.False(ElfVersionPatch.MakeWeak(image, "GLIBCXX_99.9"));
    }
}

public sealed class ElfVersionPatchOnBadFiles
{
    [Fact]
    public void Text_is_refused() =>
        Assert.Throws<InvalidDataException>(() => ElfVersionPatch.MakeWeak(Encoding.ASCII.GetBytes(new string('x', 200)), "GLIBCXX_3.4.32"));
}
