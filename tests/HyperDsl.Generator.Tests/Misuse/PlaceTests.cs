using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Tests.Trace;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HyperDsl.Generator.Tests.Misuse;

/// <summary>Where a problem is placed when it is not in the model class itself.</summary>
public class PlaceTests
{
    private const string Base = """
        [Network] public abstract partial class Digits(int units) : Model
        {
            readonly Weight w = new(3, units);
            [Predict] public Tensor Logits([Shape(4)] Tensor x) => Dot(w, x);
        }
        """;

    private const string Heir = "[HyperModel] public sealed partial class Small() : Digits(5);";

    private static string TextAt(PlacedProblem problem) =>
        problem.Place!.SourceTree!.ToString().Substring(problem.Place.SourceSpan.Start, problem.Place.SourceSpan.Length);

    [Fact]
    public void In_a_base_class_of_the_same_file_it_is_placed_there()
    {
        PlacedProblem problem = Assert.Single(Tracing.Trace(Tracing.Compile(Base + Heir), "Small", placed: true).Problems);
        Assert.Equal(("HDSL201", "Dot(w, x)", ""), (problem.Descriptor.Id, TextAt(problem), problem.Chain));
    }

    [Fact]
    public void In_a_base_class_of_another_file_it_is_placed_at_the_model_with_a_chain()
    {
        CSharpCompilation compilation = Tracing.Compile(("Base.cs", Tracing.Usings + Base), ("Heir.cs", Tracing.Usings + Heir));
        PlacedProblem problem = Assert.Single(Tracing.Trace(compilation, "Small", placed: true).Problems);
        Assert.Equal(("HDSL201", "Small"), (problem.Descriptor.Id, TextAt(problem)));
        Assert.Equal(" — while tracing Digits.Logits, line 9: Dot(w, x)", problem.Chain);
    }

    [Fact]
    public async Task Asked_for_the_models_file_alone_an_editor_gets_the_problem()
    {
        CSharpCompilation compilation = Tracing.Compile(("Base.cs", Tracing.Usings + Base), ("Heir.cs", Tracing.Usings + Heir));
        SemanticModel heir = compilation.GetSemanticModel(compilation.SyntaxTrees.Single(tree => tree.FilePath == "Heir.cs"));
        Diagnostic diagnostic = Assert.Single(
            await compilation.WithAnalyzers([new HyperAnalyzer()]).GetAnalyzerSemanticDiagnosticsAsync(heir, null, default));
        Assert.Equal("HDSL201", diagnostic.Id);
    }

    [Fact]
    public async Task Warnings_can_be_switched_off_in_source()
    {
        const string text = """
            [HyperModel] public sealed partial class M : Model
            {
                readonly Weight w = new(4);
            #pragma warning disable HDSL301
                readonly Weight unused = new(4);
            #pragma warning restore HDSL301
                [Loss] public Tensor Loss([Shape(4)] Tensor x) => Sum(w * x);
            }
            """;
        Assert.Empty(await Tracing.Compile(text).WithAnalyzers([new HyperAnalyzer()]).GetAnalyzerDiagnosticsAsync());
        Assert.Single(await Tracing.Compile(text.Replace("#pragma", "// ", StringComparison.Ordinal))
            .WithAnalyzers([new HyperAnalyzer()]).GetAnalyzerDiagnosticsAsync());
    }

    [Fact]
    public void One_mistake_is_said_once()
    {
        PlacedProblem problem = Assert.Single(Tracing.Trace(
            Tracing.Compile(Tracing.Model(
                "readonly Weight w = new(3, 5); Tensor Run(Tensor x) { Tensor y = Dot(w, x); (Tensor a, Tensor b) = (y[0], y + 1); return Exp(a) * b; }")),
            "M",
            placed: true).Problems);
        Assert.Equal("HDSL201", problem.Descriptor.Id);
    }
}
