using System.IO.Compression;

namespace HyperDsl.Package;

/// <summary>The packages as their users get them.</summary>
public sealed class PackageTests(PackedApp app) : IClassFixture<PackedApp>
{
    // A compiler server would outlive the test and hold its output open.
    private const string OwnCompiler = "-p:UseSharedCompilation=false";

    [Fact]
    public void The_package_holds_libraries_with_documentation_the_compiler_and_build_files()
    {
        using ZipArchive archive = ZipFile.OpenRead(app.Package);
        string[] files = [.. archive.Entries.Select(entry => entry.FullName).Where(name => !name.Contains("package/", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "HyperDsl.nuspec", "README.md", "[Content_Types].xml", "_rels/.rels", "analyzers/dotnet/cs/HyperDsl.Generator.dll",
                "buildTransitive/HyperDsl.props", "buildTransitive/HyperDsl.targets",
                "lib/net10.0/HyperDsl.Attributes.dll", "lib/net10.0/HyperDsl.Attributes.xml",
                "lib/net10.0/HyperDsl.Runtime.dll", "lib/net10.0/HyperDsl.Runtime.xml",
            ],
            files.Order(StringComparer.Ordinal));
        using StreamReader description = new(archive.GetEntry("HyperDsl.nuspec")!.Open());
        string text = description.ReadToEnd();
        Assert.Contains("<dependency id=\"Spectre.Console\"", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("<dependency ").Length);
    }

    [Fact]
    public void A_program_and_a_library_that_reference_only_the_package_train_a_hypernetwork()
    {
        string version = $"-p:HyperDslVersion={app.Version}";
        string output = DotnetCommand.Succeed(app.Root, "build", "-c", "Release", "-o", "out", OwnCompiler, version);
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);
        Assert.Equal("learned: True, baked: True, smaller: True", DotnetCommand.Succeed(app.Root, Path.Combine("out", "App.dll")).Trim());

        // The compiler's version as SDK 9 gives it.
        (int code, string refusal) = DotnetCommand.Run(
            app.Root, "build", "-c", "Release", "-o", "old", OwnCompiler, version, "-p:CompilerApiVersion=roslyn4.14");
        Assert.NotEqual(0, code);
        Assert.Contains("HyperDsl needs the C# compiler 5.0", refusal, StringComparison.Ordinal);
        Assert.Contains("but this build uses compiler 4.14", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_for_GPUs_holds_its_library_and_brings_the_other_and_ILGPU()
    {
        using ZipArchive archive = ZipFile.OpenRead(app.GpuPackage);
        string[] files = [.. archive.Entries.Select(entry => entry.FullName).Where(name => !name.Contains("package/", StringComparison.Ordinal))];
        Assert.Equal(
            ["HyperDsl.Gpu.nuspec", "README.md", "[Content_Types].xml", "_rels/.rels", "lib/net10.0/HyperDsl.Gpu.dll", "lib/net10.0/HyperDsl.Gpu.xml"],
            files.Order(StringComparer.Ordinal));
        using StreamReader description = new(archive.GetEntry("HyperDsl.Gpu.nuspec")!.Open());
        string text = description.ReadToEnd();
        Assert.Contains($"<dependency id=\"HyperDsl\" version=\"{app.Version}\"", text, StringComparison.Ordinal);
        Assert.Contains("<dependency id=\"ILGPU\"", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("<dependency ").Length);
    }

    [Fact]
    public void A_program_that_references_only_the_package_for_GPUs_has_kernels()
    {
        string output = DotnetCommand.Succeed(
            app.GpuRoot, "build", "-c", "Release", "-o", "out", OwnCompiler, $"-p:HyperDslVersion={app.Version}");
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);
        Assert.Equal(
            "loss on the processor: True\nkernels: True, as PTX: True\nloss on the device: True",
            DotnetCommand.Succeed(app.GpuRoot, Path.Combine("out", "GpuApp.dll")).Trim());
    }
}
