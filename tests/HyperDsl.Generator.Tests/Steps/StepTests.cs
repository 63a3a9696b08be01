using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>What an editor's keystroke makes the generator do again.</summary>
public class StepTests
{
    private static readonly string[] Steps =
        [HyperGenerator.ReadStep, HyperGenerator.EmitStep, HyperGenerator.VisitStep, HyperGenerator.CarryStep];

    private static CSharpCompilation Start(string? models = null) => Tracing.Compile(
        ("Networks.cs", Tracing.Usings + DigitModels.Networks),
        ("Models.cs", Tracing.Usings + (models ?? DigitModels.Models)),
        ("Other.cs", "public static class Other { public const int Number = 1; }"));

    // Of a library the sources travel, comments and all; so an edit that must leave everything is made in an application.
    private static GeneratorRunResult Edit(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        CSharpCompilation before = Start();
        before = before.WithOptions(before.Options.WithOutputKind(OutputKind.ConsoleApplication));
        GeneratorDriver driver = GeneratorDriving.Driver().RunGenerators(before);
        return driver.RunGenerators(edit(before)).GetRunResult().Results.Single();
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, string path, Func<string, string> change)
    {
        SyntaxTree tree = compilation.SyntaxTrees.Single(candidate => candidate.FilePath == path);
        string text = tree.ToString();
        string changed = change(text);
        Assert.NotEqual(text, changed);
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(changed, Tracing.Options, path));
    }

    private static IEnumerable<(string Step, IncrementalStepRunReason Reason)> Reasons(GeneratorRunResult result) => Steps
        .Where(result.TrackedSteps.ContainsKey)
        .SelectMany(step => result.TrackedSteps[step].SelectMany(run => run.Outputs.Select(output => (step, output.Reason))));

    private static void AssertNothingRuns(GeneratorRunResult result)
    {
        Assert.Equal(Steps.Order(), Reasons(result).Select(pair => pair.Step).Distinct().Order());
        Assert.All(Reasons(result), pair => Assert.True(
            pair.Reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached, $"{pair.Step}: {pair.Reason}"));
        Assert.All(
            Reasons(result).Where(pair => pair.Step == HyperGenerator.EmitStep),
            pair => Assert.Equal(IncrementalStepRunReason.Cached, pair.Reason));
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void An_unrelated_edit_leaves_every_step() =>
        AssertNothingRuns(Edit(compilation => Replace(compilation, "Other.cs", text => text + "\npublic class More { int n = 3; }")));

    [Fact]
    public void A_line_and_a_comment_in_the_model_leave_every_step() =>
        AssertNothingRuns(Edit(compilation => Replace(
            compilation, "Models.cs", text => "\n\n" + text.Replace("Tensor hidden = Pool", "// A comment.\n        Tensor hidden = Pool", StringComparison.Ordinal))));

    [Fact]
    public void A_changed_model_is_compiled_again_alone()
    {
        GeneratorRunResult result = Edit(compilation => Replace(
            compilation, "Models.cs", text => text.Replace("PlainNet() : DigitNet(false)", "PlainNet() : DigitNet(true)", StringComparison.Ordinal)));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified],
            Reasons(result).Where(pair => pair.Step == HyperGenerator.EmitStep).Select(pair => pair.Reason));
    }

    [Fact]
    public void A_constant_in_another_file_changes_the_model()
    {
        CSharpCompilation before = Start(DigitModels.Models.Replace("new(49 * 16, 10)", "new(49 * 16, 10 * Other.Number)", StringComparison.Ordinal));
        GeneratorDriver driver = GeneratorDriving.Driver().RunGenerators(before);
        CSharpCompilation after = Replace(before, "Other.cs", text => text.Replace("= 1", "= 2", StringComparison.Ordinal));
        GeneratorRunResult result = driver.RunGenerators(after).GetRunResult().Results.Single();
        Assert.All(
            Reasons(result).Where(pair => pair.Step == HyperGenerator.ReadStep),
            pair => Assert.Equal(IncrementalStepRunReason.Modified, pair.Reason));
    }

    [Fact]
    public void No_object_of_the_compiler_survives_in_a_step()
    {
        GeneratorRunResult result = GeneratorDriving.Driver().RunGenerators(Start()).GetRunResult().Results.Single();
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        int values = 0;
        foreach (object value in Steps.SelectMany(step => result.TrackedSteps[step]).SelectMany(run => run.Outputs).Select(output => output.Value))
        {
            values++;
            Walk(value, seen);
        }
        Assert.True(values > 4);
        Assert.True(seen.Count > 100);
    }

    private static void Walk(object? value, HashSet<object> seen)
    {
        if (value is null or string or Delegate || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }
        Type type = value.GetType();
        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or Compilation or Location or SemanticModel or IOperation,
            $"A step holds a {type}.");
        if (value is IEnumerable items && type.IsArray)
        {
            foreach (object? item in items)
            {
                Walk(item, seen);
            }
            return;
        }
        for (Type? at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), seen);
            }
        }
    }

    [Fact]
    public void A_fault_takes_one_model_down_and_says_so()
    {
        HyperGenerator failing = new((model, token) => model.Type.Name == "HyperNet"
            ? throw new InvalidOperationException("A pass failed.")
            : Compiler.Compile(model, token));
        GeneratorRunResult result = GeneratorDriving.Driver(failing).RunGenerators(Start()).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("HDSL901", diagnostic.Id);
        Assert.StartsWith(
            "The compiler failed on the model 'HyperNet', so no code was written for it: InvalidOperationException: A pass failed.",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        Assert.Contains(result.GeneratedSources, source => source.HintName.StartsWith("PlainNet.", StringComparison.Ordinal) && source.HintName != "PlainNet.Weights.g.cs");
        Assert.DoesNotContain(result.GeneratedSources, source => source.HintName.StartsWith("HyperNet.", StringComparison.Ordinal) && source.HintName != "HyperNet.Weights.g.cs");
    }

    [Fact]
    public void Names_that_differ_in_case_get_files_of_their_own()
    {
        string models = DigitModels.Models + "[HyperModel] public sealed partial class PLAINNET() : DigitNet(false);";
        GeneratorRunResult result = GeneratorDriving.Driver().RunGenerators(Start(models)).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Equal(
            2, result.GeneratedSources.Count(source => source.HintName.StartsWith("PlainNet.Weights", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(
            result.GeneratedSources.Length,
            result.GeneratedSources.Select(source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Code_that_does_not_compile_is_left_to_the_compiler()
    {
        CSharpCompilation broken = Start(DigitModels.Models.Replace("first.Call(image)", "first.Call(imag)", StringComparison.Ordinal));
        GeneratorRunResult result = GeneratorDriving.Driver().RunGenerators(broken).GetRunResult().Results.Single();
        Assert.Empty(result.Diagnostics);
        Assert.All(result.GeneratedSources, source => Assert.True(
            source.HintName.EndsWith(".Weights.g.cs", StringComparison.Ordinal) || source.HintName == "HyperSources.g.cs", source.HintName));
        Assert.Empty(Tracing.Trace(broken, "HyperNet", placed: true).Problems);
    }
}
