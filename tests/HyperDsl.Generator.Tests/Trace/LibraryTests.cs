using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Steps;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>Networks of a referenced library, as metadata with carried sources and as a project reference in an editor.</summary>
public class LibraryTests
{
    private const string Library = Tracing.Usings + """
        namespace Layers;
        public interface ILayer { Tensor Call(Tensor x); }
        [Network] public abstract partial class Layer(int units) : ILayer
        {
            protected readonly Weight gain = new(units);
            protected virtual double Scale => 2;
            public virtual Tensor Call(Tensor x) => Scale * Activate(Limits.Clamp(gain * x));
            protected abstract Tensor Activate(Tensor x);
        }
        [Network] public sealed partial class Stack<T>(int depth, Func<int, T> make) : ILayer where T : ILayer, INetwork
        {
            readonly T[] layers = Enumerable.Range(0, depth).Select(make).ToArray();
            public Tensor Call(Tensor x) { foreach (T layer in layers) x = layer.Call(x); return x; }
        }
        [HyperLibrary] public static class Limits { public static Tensor Clamp(Tensor x) => Minimum(x, 6); }
        """;

    private const string User = """
        [Network] public sealed partial class Mine(int units) : Layers.Layer(units)
        {
            protected override double Scale => base.Scale + 1;
            protected override Tensor Activate(Tensor x) => Tanh(x);
        }
        [HyperModel] public sealed partial class M : Model
        {
            readonly Layers.Stack<Mine> layers = new(2, i => new Mine(4));
            [Predict] public Tensor Predict([Shape(4)] Tensor x) => layers.Call(x);
        }
        """;

    private const string Expected = """
        %0 = input() index=0 : [4] each example  // x
        %1 = constant() 3 : []
        %2 = parameter() index=0 : [4]  // layers.layers.0.gain
        %3 = multiply(%2, %0) : [4] each example
        %4 = constant() 6 : []
        %5 = broadcast(%4) : [4]
        %6 = minimum(%3, %5) : [4] each example
        %7 = tanh(%6) : [4] each example
        %8 = broadcast(%1) : [4]
        %9 = multiply(%7, %8) : [4] each example
        %10 = parameter() index=1 : [4]  // layers.layers.1.gain
        %11 = multiply(%10, %9) : [4] each example
        %12 = minimum(%11, %5) : [4] each example
        %13 = tanh(%12) : [4] each example
        %14 = multiply(%13, %8) : [4] each example
        prediction Predict = %14

        """;

    private static CSharpCompilation Compilation(string name, MetadataReference? library, params string[] texts) =>
        CSharpCompilation.Create(
            name,
            texts.Select((text, i) => CSharpSyntaxTree.ParseText(text, Tracing.Options, name + i + ".cs")),
            library is null ? Tracing.References : [.. Tracing.References, library],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private static PortableExecutableReference Emit(Compilation compilation)
    {
        Compilation generated = GeneratorDriving.Run(compilation, out _);
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = generated.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static void CheckUser(MetadataReference library)
    {
        CSharpCompilation user = Compilation("User", library, Tracing.Usings + User);
        // The user's own network becomes an INetwork only by its generated part, which the generator does not see.
        Compilation whole = GeneratorDriving.Run(user, out GeneratorDriverRunResult result);
        Assert.Contains(result.GeneratedTrees, tree => Path.GetFileName(tree.FilePath) is ['M', '.', ..] and not "M.Weights.g.cs");
        TracedModel model = Tracing.TraceModel(whole);
        Assert.Equal(Expected.ReplaceLineEndings("\n"), model.Entries[0].Evaluation.ToString());
        Assert.Equal(["layers.layers.0.gain", "layers.layers.1.gain"], model.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Carried_sources_of_a_compiled_library() => CheckUser(Emit(Compilation("Layers", null, Library)));

    [Fact]
    public void A_project_reference_of_an_editor()
    {
        Compilation library = GeneratorDriving.Run(Compilation("Layers", null, Library), out _);
        CheckUser(library.ToMetadataReference());
    }

    [Fact]
    public void The_side_compilation_is_made_once_for_a_reference()
    {
        PortableExecutableReference library = Emit(Compilation("Layers", null, Library));
        SourceHome? first = LibraryHomes.Find(Compilation("A", library, ""), "Layers", default);
        SourceHome? second = LibraryHomes.Find(Compilation("B", library, "class C;"), "Layers", default);
        Assert.NotNull(first);
        Assert.Same(first, second);
    }

    [Fact]
    public void A_library_without_networks_carries_nothing()
    {
        GeneratorDriving.Run(Compilation("Layers", null, "public class Plain;"), out GeneratorDriverRunResult result);
        Assert.Empty(result.GeneratedTrees);
    }

    [Fact]
    public void Carried_files_come_with_global_usings_and_symbols()
    {
        CSharpParseOptions options = Tracing.Options.WithPreprocessorSymbols("TWICE");
        CSharpCompilation library = Compilation("Layers", null).AddSyntaxTrees(
            CSharpSyntaxTree.ParseText("global using HyperDsl; global using static HyperDsl.TensorMath;", options, "/a/obj/usings.cs"),
            CSharpSyntaxTree.ParseText(
                """
                namespace Layers;
                [Network] public sealed partial class Twice
                {
                #if TWICE
                    public Tensor Call(Tensor x) => Exp(x) * 2;
                #else
                    public Tensor Call(Tensor x) => x;
                #endif
                }
                """,
                options,
                "/a/src/Twice.cs"));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new HyperGenerator().AsSourceGenerator()], parseOptions: options);
        driver.RunGeneratorsAndUpdateCompilation(library, out Compilation generated, out _);
        using MemoryStream image = new();
        Assert.True(generated.Emit(image).Success);
        CSharpCompilation user = Compilation(
            "User", MetadataReference.CreateFromImage(image.ToArray()),
            Tracing.Usings + Tracing.Model("readonly Layers.Twice twice = new(); Tensor Run(Tensor x) => twice.Call(x);"));
        Assert.Contains("exp(%0)", Tracing.TraceModel(user).Entries[0].Evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_whose_sources_do_not_compile_is_said_to_mismatch()
    {
        const string broken = Tracing.Usings + """
            namespace Layers;
            [Network] public sealed partial class Twice { public Tensor Call(Tensor x) => Hidden.Double(x); }
            """;
        CSharpCompilation library = Compilation(
            "Layers", null, broken, Tracing.Usings + "namespace Layers; internal static class Hidden { public static Tensor Double(Tensor x) => x + x; }");
        CSharpCompilation user = Compilation(
            "User", Emit(library), Tracing.Usings + Tracing.Model("readonly Layers.Twice twice = new(); Tensor Run(Tensor x) => twice.Call(x);"));
        PlacedProblem problem = Assert.Single(Tracing.Trace(user, "M", placed: true).Problems);
        Assert.Equal("HDSL108", problem.Descriptor.Id);
        Assert.Equal("twice.Call(x)", problem.Place!.SourceTree!.ToString().Substring(problem.Place.SourceSpan.Start, problem.Place.SourceSpan.Length));
        Assert.Contains("'Hidden.Double(x)' of a library does not compile", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_the_runtime_carries_compiles_for_its_users()
    {
        SourceHome runtime = LibraryHomes.Find(Tracing.Compile("class C;"), "HyperDsl.Runtime", default)
            ?? throw new InvalidOperationException("The runtime carries no sources.");
        IMethodSymbol[] traced =
        [
            .. runtime.Compilation.Assembly.GlobalNamespace.GetNamespaceMembers().Single(space => space.Name == "HyperDsl").GetTypeMembers()
                .Where(type => type.Name == "TensorMath" || WellKnown.HasAttribute(type, "NetworkAttribute"))
                .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
                .Where(method => WellKnown.PrimitiveName(method) is null && WellKnown.IsTensor(method.ReturnType)
                    && method.DeclaredAccessibility == Accessibility.Public),
        ];
        Assert.NotEmpty(traced);
        foreach (SyntaxNode syntax in traced.SelectMany(method => method.DeclaringSyntaxReferences).Select(reference => reference.GetSyntax()))
        {
            Assert.Empty(runtime.Compilation.GetSemanticModel(syntax.SyntaxTree).GetDiagnostics(syntax.Span)
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }
    }
}
