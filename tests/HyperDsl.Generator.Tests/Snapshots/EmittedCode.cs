using System.Collections.Immutable;
using HyperDsl.Generator.Tests.Steps;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Tests.Snapshots;

/// <summary>What the generator writes for small sources, by the name of the file.</summary>
internal static class EmittedCode
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using HyperDsl;
        global using static HyperDsl.TensorMath;
        """;

    /// <summary>The sample's networks, as they are.</summary>
    public static readonly (string Path, string Text) Sample =
        ("DigitNet.cs", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", "DigitNet.cs")));

    private static readonly Lazy<ImmutableDictionary<string, string>> SampleFiles = new(() => Of([Sample]));

    public static ImmutableDictionary<string, string> OfSample => SampleFiles.Value;

    public static ImmutableDictionary<string, string> Of(string text) => Of([("Model.cs", text)]);

    public static ImmutableDictionary<string, string> Of(IEnumerable<(string Path, string Text)> files)
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile([("Usings.cs", GlobalUsings), .. files]), out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return result.Results.Single().GeneratedSources.ToImmutableDictionary(
            source => source.HintName, source => source.SourceText.ToString());
    }
}
