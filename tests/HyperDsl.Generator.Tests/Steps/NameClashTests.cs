using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

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
