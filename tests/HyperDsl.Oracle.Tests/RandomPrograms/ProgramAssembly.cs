using System.Collections.Immutable;
using System.Reflection;
using HyperDsl.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Random programs, compiled into an assembly of this process.</summary>
public sealed class ProgramAssembly
{
    private const string Header = """
        using HyperDsl;
        using static HyperDsl.TensorMath;

        namespace HyperDsl.RandomModels;


        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "netstandard.dll")
            .Append(typeof(Model).Assembly.Location)
            .Append(typeof(HyperModelAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly Assembly assembly;

    private ProgramAssembly(Assembly assembly) => this.assembly = assembly;

    /// <summary>Compiles programs as they stand; their methods run eagerly.</summary>
    /// <param name="programs">The programs.</param>
    public static ProgramAssembly Eager(IEnumerable<RandomProgram> programs) => Load(Compilation(programs));

    /// <summary>Compiles programs with what the generator writes for them.</summary>
    /// <param name="programs">The programs.</param>
    public static ProgramAssembly Generated(IEnumerable<RandomProgram> programs)
    {
        CSharpGeneratorDriver.Create([new HyperGenerator().AsSourceGenerator()], parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(Compilation(programs), out Compilation compilation, out ImmutableArray<Diagnostic> diagnostics);
        AssertNoErrors(diagnostics);
        return Load(compilation);
    }

    /// <summary>A new model of a program.</summary>
    public Model Create(RandomProgram program) => (Model)Activator.CreateInstance(assembly.GetType($"HyperDsl.RandomModels.{program.Name}")!)!;

    private static CSharpCompilation Compilation(IEnumerable<RandomProgram> programs) => CSharpCompilation.Create(
        $"RandomPrograms{Guid.NewGuid():N}",
        [CSharpSyntaxTree.ParseText(Header + string.Join("\n", programs.Select(program => program.Source())), Language)],
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private static ProgramAssembly Load(Compilation compilation)
    {
        using var image = new MemoryStream();
        AssertNoErrors(compilation.Emit(image).Diagnostics);
        return new ProgramAssembly(Assembly.Load(image.ToArray()));
    }

    private static void AssertNoErrors(IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        Assert.True(errors.Length == 0, string.Join("\n", errors.Take(3).Select(error => $"{error}\n{error.Location.SourceTree}")));
    }
}
