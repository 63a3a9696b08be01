using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using HyperDsl.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Compiled.Tests;

/// <summary>Compiles the source of models with what the generator writes for them, and loads it.</summary>
internal static class CompiledModels
{
    private const string Usings = "using HyperDsl;\nusing static HyperDsl.TensorMath;\n";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(path) is "netstandard.dll" or "HyperDsl.Runtime.dll" or "HyperDsl.Attributes.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static Assembly Load(string source)
    {
        CSharpCompilation written = CSharpCompilation.Create(
            "models",
            [CSharpSyntaxTree.ParseText(Usings + source, Language)],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new HyperGenerator().AsSourceGenerator()], parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(written, out Compilation complete, out ImmutableArray<Diagnostic> diagnostics);
        using MemoryStream image = new();
        Diagnostic[] errors =
        [
            .. diagnostics.Concat(complete.Emit(image).Diagnostics).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
        ];
        Assert.True(errors.Length == 0, string.Join("\n", errors.Take(5).Select(error => error.ToString())) + "\n" + source);
        image.Position = 0;
        return new AssemblyLoadContext("models", isCollectible: true).LoadFromStream(image);
    }
}
