using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>The user's names never meet those of the emitted code.</summary>
public sealed class NameClashTests
{
    [Fact]
    public void Types_called_like_the_runtimes_own_do_no_harm()
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile(
                DigitModels.Networks + DigitModels.Models
                + "class Convolution; class Gemm; class Pooling; class VectorMath; class Lanes; class Frame<T>; class Gathering; "
                + "class Passes; class Vector512; class MethodImplAttribute; class CompiledPasses; namespace Cpu { class Gemm; }"),
            out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void Entry_points_whose_names_differ_in_case_only_have_their_own_files()
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile("""
                [HyperModel] public sealed partial class M : Model
                {
                    readonly Weight w = new(3);
                    [Predict] public Tensor score([Shape(3)] Tensor x) => w * x;
                    [Predict] public Tensor SCORE([Shape(3)] Tensor x) => w + x;
                    [Loss] public Tensor Score([Shape(3)] Tensor x) => Sum(w * x);
                }
                """),
            out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Assert.Equal(
            ["M.scoreEvaluation.g.cs", "M.SCOREEvaluation-1.g.cs", "M.ScoreEvaluation-2.g.cs"],
            result.Results[0].GeneratedSources.Select(source => source.HintName)
                .Where(hint => hint.StartsWith("M.scoreEvaluation", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Everything that ends a line of C#, and what a literal or a file cannot hold as it is.</summary>
    [Theory]
    [InlineData('\r')]
    [InlineData('\n')]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    [InlineData('\0')]
    [InlineData('"')]
    [InlineData('\\')]
    [InlineData('\ud800')]
    public void Watched_values_may_have_any_name(char character)
    {
        string escaped = $"\\u{(int)character:X4}";
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile($$"""
                [HyperModel] public sealed partial class M : Model
                {
                    readonly Weight w = new(3);
                    readonly Lstm cell = new(3, 3);
                    [Predict] public Tensor P([Steps, Shape(3)] Tensor x) => Watch("one{{escaped}}two", Sigmoid(w * cell.Scan(x)));
                }
                """),
            out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        SyntaxTree plan = result.GeneratedTrees.Single(tree => tree.FilePath.EndsWith("M.Plan.g.cs", StringComparison.Ordinal));
        Assert.Contains(
            plan.GetRoot().DescendantTokens(), token => token.IsKind(SyntaxKind.StringLiteralToken) && token.ValueText == $"one{character}two");
    }

    [Fact]
    public void Models_whose_names_differ_by_a_dot_or_an_underscore_have_their_own_code()
    {
        const string Body = "{ readonly Weight w = new(2); [Predict] public Tensor P([Shape(2)] Tensor x) => w * x; }";
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile(
                "[HyperModel] public partial class A_B : Model " + Body
                + " namespace A { [HyperModel] public partial class B : Model " + Body
                + " public partial class C { [HyperModel] public partial class B : Model " + Body + " } }"),
            out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }
}
