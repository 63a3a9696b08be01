using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>Folders are the stages, and a stage knows none that comes after it.</summary>
public sealed class StageOrderTests
{
    /// <summary>What each folder of the generator may name, itself aside. Operations are the vocabulary of the graph: those two know each other.</summary>
    public static TheoryData<string, string[]> Known => new()
    {
        { "Ir", ["Ops"] },
        { "Ops", ["Ir"] },
        { "Analyses", ["Ir", "Ops"] },
        { "Diagnostics", [] },
        { "Trace", ["Diagnostics", "Ir", "Ops"] },
        { "Passes", ["Analyses", "Ir", "Ops"] },
        { "Schedule", ["Analyses", "Ir", "Ops"] },
        { "Emit", ["Analyses", "Ir", "Ops", "Schedule"] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_stage_names_only_what_comes_before_it(string stage, string[] known)
    {
        Regex named = new(@"(?<![\w.])(?:HyperDsl\.Generator\.)?(Ir|Ops|Analyses|Diagnostics|Trace|Passes|Schedule|Emit)(?:\.[A-Z]|;)");
        Assert.All(Files(stage), file => Assert.All(
            Code(file).SelectMany(line => named.Matches(line)),
            match => Assert.True(
                match.Groups[1].Value == stage || known.Contains(match.Groups[1].Value), $"{stage}/{Path.GetFileName(file)} names {match.Value}")));
    }

    [Theory]
    [InlineData("Ir")]
    [InlineData("Ops")]
    [InlineData("Analyses")]
    [InlineData("Passes")]
    [InlineData("Schedule")]
    [InlineData("Emit")]
    public void Only_tracing_sees_the_compiler(string stage) => Assert.All(
        Files(stage), file => Assert.DoesNotContain(Code(file), line => line.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal)));

    private static string[] Files(string stage, [CallerFilePath] string here = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "HyperDsl.Generator", stage));
        string[] files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>Lines but for their namespace and comments.</summary>
    private static IEnumerable<string> Code(string file) => File.ReadLines(file)
        .Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
        .Select(line => Regex.Replace(line, @"\s*//.*$", ""));
}
