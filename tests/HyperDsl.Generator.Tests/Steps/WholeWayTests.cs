using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Tests.Steps;

public class WholeWayTests
{
    [Fact]
    public void Weights_are_numbered_in_field_order_with_paths_as_names()
    {
        TracedModel model = Tracing.TraceModel(DigitModels.Networks + DigitModels.Models, "HyperNet");
        Assert.Equal(
            [
                "first.kernel 0", "first.bias 784", "generator.w 800", "generator.b 1056", "generator.wOut 1120", "generator.bOut 4256",
                "z 5040", "output.w 5056", "output.b 12896",
            ],
            model.Parameters.Select(parameter => $"{parameter.Name} {parameter.Offset}"));
    }

    [Fact]
    public void Two_heirs_of_one_class_have_their_own_weights()
    {
        TracedModel plain = Tracing.TraceModel(DigitModels.Networks + DigitModels.Models, "PlainNet");
        Assert.Equal(
            ["first.kernel", "first.bias", "kernel", "output.w", "output.b"], plain.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Generated_code_compiles()
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile(DigitModels.Networks + DigitModels.Models), out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        Assert.Contains(result.GeneratedTrees, tree => tree.FilePath.EndsWith("HyperNet.Weights.g.cs", StringComparison.Ordinal));
        Assert.Contains(result.GeneratedTrees, tree => tree.FilePath.EndsWith("KernelMaker.Weights.g.cs", StringComparison.Ordinal));
    }
}
