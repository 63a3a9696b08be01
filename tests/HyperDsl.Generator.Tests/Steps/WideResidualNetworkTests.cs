using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>A deep network: counts, and how the emitted code grows.</summary>
public sealed class WideResidualNetworkTests
{
    /// <summary>Parameters published for Hyper WRN 40-1 and 40-2, reproduced in the reference (0.097 M and 0.148 M).</summary>
    [Theory]
    [InlineData(1, 96_602)]
    [InlineData(2, 147_610)]
    public void Parameters_are_the_published_ones(int width, int expected)
    {
        TracedModel model = Tracing.TraceModel(WideResidualNetwork.Source(depth: 6, width), "Wrn");
        Assert.Equal(expected, model.Parameters.Where(parameter => parameter.Trained).Sum(parameter => parameter.Shape.Count));
    }

    [Fact]
    public void Emitted_code_compiles_and_grows_with_the_number_of_different_layers_only()
    {
        (int small, int smallTables) = Lines(depth: 5);
        (int large, int largeTables) = Lines(depth: 6);
        // A layer of a known shape adds its lines of offsets and its weights' names, but no code.
        Assert.Equal(small, large);
        Assert.True(largeTables > smallTables);
    }

    /// <summary>Lines of code, and lines of tables: a phase's offsets, a parameter's name, what is said of a product.</summary>
    private static (int Code, int Tables) Lines(int depth)
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile(WideResidualNetwork.Source(depth, width: 2)), out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        string[] lines = result.GeneratedTrees.SelectMany(tree => tree.ToString().Split('\n')).ToArray();
        int tables = lines.Count(IsTable);
        return (lines.Length - tables, tables);
    }

    private static bool IsTable(string line) =>
        line.Contains("case ", StringComparison.Ordinal) || line.Contains("break;", StringComparison.Ordinal)
        || line.Contains(" => (", StringComparison.Ordinal) || line.Contains("new global::HyperDsl.Execution.ParameterPlan(", StringComparison.Ordinal)
        || line.Contains("Execution.GeneratedProduct(", StringComparison.Ordinal)
        || System.Text.RegularExpressions.Regex.IsMatch(line, @"^///   |^\s+"".*\\n"" \+$|^\s+(Once|Slice)\d+(Repeat\d+)?\(frame.*\[|^\s+\[[\d, ]+\],$");
}
