using System.IO.Compression;

namespace HyperDsl.Package;

/// <summary>The package as its users get it.</summary>
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
}
