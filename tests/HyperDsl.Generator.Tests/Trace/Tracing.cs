using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>Compilations of small models against the real runtime, and traces of them.</summary>
internal static class Tracing
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using HyperDsl;
        using static HyperDsl.TensorMath;

        """;

    public static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly string[] Needed =
    [
        "System.Runtime", "System.Private.CoreLib", "System.Collections", "System.Linq", "System.Memory", "netstandard", "System.Console",
        "System.Runtime.Extensions", "System.Threading", "System.Runtime.Intrinsics", "System.Numerics.Vectors",
    ];

    public static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Needed.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(HyperModelAttribute).Assembly.Location),
    ];

    public static CSharpCompilation Compile(params (string Path, string Text)[] files) => CSharpCompilation.Create(
        "Models",
        files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path)),
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    public static CSharpCompilation Compile(string text) => Compile(("Model.cs", Usings + text));

    public static TraceOutcome Trace(Compilation compilation, string model, bool placed = false, CancellationToken token = default)
    {
        INamedTypeSymbol type = compilation.GetTypeByMetadataName(model)
            ?? throw new InvalidOperationException($"'{model}' is not declared.");
        return ModelTracer.Trace(type, compilation, placed, token);
    }

    /// <summary>A model whose text must compile and trace without a problem.</summary>
    public static TracedModel TraceModel(string text, string model = "M")
    {
        CSharpCompilation compilation = Compile(text);
        return TraceModel(compilation, model);
    }

    public static TracedModel TraceModel(Compilation compilation, string model = "M")
    {
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        TraceOutcome outcome = Trace(compilation, model, placed: true);
        Assert.Empty(outcome.Problems.Select(problem => problem.Descriptor.Id + ": " + problem.Text + problem.Chain));
        Assert.False(outcome.Silenced);
        return outcome.Model;
    }

    /// <summary>The printed graph of the prediction of a model with the given members.</summary>
    public static string Print(string members, string inputs = "[Shape(4)] Tensor x") =>
        TraceModel(Model(members, inputs)).Entries[0].Evaluation.ToString();

    /// <summary>A model class; <c>Run(x)</c> is the prediction.</summary>
    public static string Model(string members, string inputs = "[Shape(4)] Tensor x") => $$"""
        [HyperModel]
        public sealed partial class M : Model
        {
            [Predict] public Tensor Predict({{inputs}}) => Run({{Names(inputs)}});
            {{members}}
        }
        """;

    private static string Names(string inputs) =>
        string.Join(", ", inputs.Split(", [").Select(input => input[(input.LastIndexOf(' ') + 1)..]));

    /// <summary>Text for comparison: without indentation and with one kind of line end.</summary>
    public static string Lines(string text) =>
        string.Join("\n", text.Replace("\r", "", StringComparison.Ordinal).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + "\n";
}
