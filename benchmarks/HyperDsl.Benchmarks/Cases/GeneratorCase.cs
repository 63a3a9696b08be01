using System.Reflection;
using System.Runtime.Loader;
using HyperDsl.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// A run of the generator over the sample's two networks, inside a compiler that is warm: cold with the generator's assembly
/// freshly loaded, full with a new driver, incremental after an edit elsewhere. The rival is the C# compiler itself, which
/// compiles the source and what was generated for it.
/// </summary>
public sealed class GeneratorCase : BenchmarkCase
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "netstandard.dll" or "HyperDsl.Runtime.dll" or "HyperDsl.Attributes.dll"
                || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly SyntaxTree Model = Parse(ReadModel());
    private static readonly SyntaxTree[] Elsewhere = [Parse("class Elsewhere { int a; }"), Parse("class Elsewhere { int b; }")];
    private readonly Action<GeneratorCase> run;
    private readonly CSharpCompilation[] edits = [.. Elsewhere.Select(Compilation)];
    private readonly Compilation generated;
    private GeneratorDriver driver = NewDriver(new HyperGenerator());
    private int edit;

    private GeneratorCase(Action<GeneratorCase> run)
    {
        this.run = run;
        driver = driver.RunGeneratorsAndUpdateCompilation(edits[0], out generated, out _);
    }

    /// <summary>The three kinds of run.</summary>
    public static IEnumerable<NamedCase> All { get; } =
    [
        new("generator-cold", () => new GeneratorCase(_ => RunCold())),
        new("generator-full", () => new GeneratorCase(_ => NewDriver(new HyperGenerator()).RunGenerators(Compilation(Elsewhere[0])))),
        new("generator-incremental", () => new GeneratorCase(work => work.RunAfterEdit())),
    ];

    /// <inheritdoc/>
    public override string Rival => "C# compiler, source and generated code";

    /// <inheritdoc/>
    public override double Operations => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<int> ThreadCounts => [1];

    /// <inheritdoc/>
    public override void RunOurs(int threads) => run(this);

    /// <inheritdoc/>
    public override void RunRival()
    {
        Compilation fresh = CSharpCompilation.Create("Sample", generated.SyntaxTrees, References, Options);
        if (!fresh.Emit(Stream.Null).Success)
        {
            throw new InvalidOperationException("The sample's networks do not compile.");
        }
    }

    /// <inheritdoc/>
    public override void SetRivalThreads(int threads)
    {
    }

    /// <summary>Nothing is computed on both sides.</summary>
    public override double? RelativeDifference() => null;

    private static void RunCold()
    {
        var context = new AssemblyLoadContext("cold", isCollectible: true);
        Assembly assembly = context.LoadFromAssemblyPath(typeof(HyperGenerator).Assembly.Location);
        var generator = (IIncrementalGenerator)Activator.CreateInstance(assembly.GetType(typeof(HyperGenerator).FullName!)!)!;
        NewDriver(generator).RunGenerators(Compilation(Elsewhere[0]));
        context.Unload();
    }

    private void RunAfterEdit()
    {
        edit = 1 - edit;
        driver = driver.RunGenerators(edits[edit]);
    }

    private static GeneratorDriver NewDriver(IIncrementalGenerator generator) =>
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: Language);

    private static CSharpCompilation Compilation(SyntaxTree elsewhere) =>
        CSharpCompilation.Create("Sample", [Model, elsewhere], References, Options);

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Language);

    private static string ReadModel()
    {
        using var reader = new StreamReader(typeof(GeneratorCase).Assembly.GetManifestResourceStream("DigitNet.cs")!);
        return "global using System; global using System.Linq;\n" + reader.ReadToEnd();
    }
}
