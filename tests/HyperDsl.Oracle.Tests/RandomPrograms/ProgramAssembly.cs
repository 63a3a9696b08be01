using System.Reflection;
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
    public static ProgramAssembly Eager(IEnumerable<RandomProgram> programs)
    {
        string text = Header + string.Join("\n", programs.Select(program => program.Source("[HyperModel]")));
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"RandomPrograms{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(text, Language)],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
        return new ProgramAssembly(Assembly.Load(image.ToArray()));
    }

    /// <summary>A new model of a program.</summary>
    public Model Create(RandomProgram program) => (Model)Activator.CreateInstance(assembly.GetType($"HyperDsl.RandomModels.{program.Name}")!)!;
}
