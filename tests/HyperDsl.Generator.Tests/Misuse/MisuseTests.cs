using System.Text.RegularExpressions;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HyperDsl.Generator.Tests.Misuse;

/// <summary>One wrong model a diagnostic, under Sources: what is said, and where.</summary>
public partial class MisuseTests
{
    /// <summary>Ids that no single source file can provoke; they have tests elsewhere (a broken library, a failing compiler).</summary>
    private static readonly string[] ProvokedElsewhere = ["HDSL108", "HDSL901"];

    [Theory]
    [InlineData(
        "HDSL001", DiagnosticSeverity.Error, 5, 21, "Digits",
        "'Digits' must be declared 'partial': the compiler adds a part to it.")]
    [InlineData(
        "HDSL002", DiagnosticSeverity.Error, 5, 29, "Digits",
        "'Digits' is marked [HyperModel] but does not derive from Model. Declare it as 'partial class Digits "
        + ": Model'.")]
    [InlineData(
        "HDSL003", DiagnosticSeverity.Error, 13, 19, "Logits",
        "'Digits' has two entry points named 'Logits'. Entry points are called by name: give each its own.")]
    [InlineData(
        "HDSL004", DiagnosticSeverity.Error, 10, 33, "x",
        "The input 'x' has no shape. Write [Shape(…)] before it with the sizes of one example, all of them "
        + "positive.")]
    [InlineData(
        "HDSL005", DiagnosticSeverity.Error, 10, 51, "label",
        "The label 'label' has no number of classes. Write [Classes(n)] before it; labels then run from 0 to "
        + "n - 1.")]
    [InlineData(
        "HDSL006", DiagnosticSeverity.Error, 5, 29, "Digits",
        "'Digits' has no entry point. Mark a method with [Predict], or one that returns the loss with [Loss].")]
    [InlineData(
        "HDSL007", DiagnosticSeverity.Error, 5, 29, "Digits",
        "'Digits' is generic, or inside a generic class: its code cannot be written at compile time. Put "
        + "what varies into a generic network, and use that with its types in a model that is not generic.")]
    [InlineData(
        "HDSL008", DiagnosticSeverity.Error, 5, 29, "Digits",
        "Compiled models use pointers. Add <AllowUnsafeBlocks>true</AllowUnsafeBlocks> to a PropertyGroup of "
        + "the project file.")]
    [InlineData(
        "HDSL009", DiagnosticSeverity.Error, 7, 36, "new()",
        "No field of the model leads to this weight of shape [3, 4]. Keep weights in fields, and networks "
        + "with weights in fields (or lists in fields) whose type is marked [Network]. — while tracing new "
        + "Layer, line 15: new(3, 4)")]
    [InlineData(
        "HDSL010", DiagnosticSeverity.Error, 10, 26, "Logits",
        "The entry point 'Logits' is static. An entry point is an instance method with a body that returns a "
        + "Tensor.")]
    [InlineData(
        "HDSL011", DiagnosticSeverity.Error, 5, 29, "Digits",
        "'Digits' has no constructor that can be called without arguments. Sizes are compile-time constants: "
        + "fix them in the class, or derive one model for each choice.")]
    [InlineData(
        "HDSL012", DiagnosticSeverity.Error, 7, 38, "new()",
        "Two weights are named 'layer.w': a class and a base class of it have fields of that name. Rename one field."
        + " — while tracing new Layer, line 16: new(3, 4)")]
    [InlineData(
        "HDSL013", DiagnosticSeverity.Error, 5, 27, "Digits",
        "'Digits' is visible in its file only ('file'), so the compiler cannot add a part to it. Make it internal.")]
    [InlineData(
        "HDSL014", DiagnosticSeverity.Error, 4, 13, "SliceExamples = -16",
        "A worker cannot take -16 examples at a time. Give SliceExamples a number from 1 to 256, or leave it out to let sizes decide.")]
    [InlineData(
        "HDSL101", DiagnosticSeverity.Error, 12, 9, "try",
        "A statement of the kind 'try' cannot be used in a network.")]
    [InlineData(
        "HDSL102", DiagnosticSeverity.Error, 12, 13, "Sum(x).ToDouble()",
        "'Sum(x).ToDouble()' reads the numbers inside a tensor of shape []; they exist only at run time.")]
    [InlineData(
        "HDSL103", DiagnosticSeverity.Error, 7, 36, "new(units: 7)",
        "A layer has an even number of units, not 7. — while tracing new Layer, line 22: throw new "
        + "System.ArgumentException($\"A layer has an even number of units, not {…")]
    [InlineData(
        "HDSL104", DiagnosticSeverity.Error, 14, 26, "layers[i]",
        "'layers[i]' fails at compile time: index 2 is outside of a list of 2 items.")]
    [InlineData(
        "HDSL105", DiagnosticSeverity.Error, 15, 23, "layers",
        "Tracing took more than 1000000 steps: a loop does not end, or does work that belongs into tensors.")]
    [InlineData(
        "HDSL106", DiagnosticSeverity.Error, 12, 24, "System.Random.Shared",
        "'Random.Shared' is neither a tensor operation nor a member the compiler knows, and its source is "
        + "not at hand: it cannot be used in a network.")]
    [InlineData(
        "HDSL107", DiagnosticSeverity.Error, 14, 9, "last",
        "'last' changes an object that was made when the model was constructed. A compiled model keeps "
        + "nothing from one call to the next; use a local variable, or 'Update' for running statistics.")]
    [InlineData(
        "HDSL201", DiagnosticSeverity.Error, 10, 55, "layer.Call(x)",
        "'Dot(w, x)': 'Dot' multiplies [3, 5] by [4]: the last axis of the left operand has 5 elements, the "
        + "first axis of the right operand 4; they must be equal. — while tracing Layer.Call, line 18: "
        + "Dot(w, x)")]
    [InlineData(
        "HDSL202", DiagnosticSeverity.Error, 10, 19, "Loss",
        "The loss 'Loss' has the shape [3] for one example, but must be a scalar. Use 'Sum' or 'Mean' over "
        + "all axes; the mean over the batch is taken by the compiler.")]
    [InlineData(
        "HDSL203", DiagnosticSeverity.Error, 7, 33, "new(3, 4 - 4)",
        "'new(3, 4 - 4)' makes a weight of shape [3, 0]: sizes must be positive and a weight may have at "
        + "most 2147483647 elements.")]
    [InlineData(
        "HDSL301", DiagnosticSeverity.Warning, 8, 37, "new(3)",
        "The weight 'scale' of shape [3] never gets a gradient: no loss depends on it in a differentiable "
        + "way. Use it, remove it, or declare it with 'Trained = false'.")]
    [InlineData(
        "HDSL302", DiagnosticSeverity.Warning, 8, 28, "generator",
        "'generator' is marked [Hyper], but nothing it generates serves as a weight: as a kernel, as a "
        + "factor of a product with data, or as a scale or bias of such a product. Use it so, or remove "
        + "[Hyper].")]
    [InlineData(
        "HDSL303", DiagnosticSeverity.Error, 12, 9, "w.Update(w * 0.9)",
        "'w.Update(w * 0.9)' gives a new value to a weight that the optimiser trains. Declare the weight "
        + "with 'Trained = false', or leave it to the optimiser.")]
    public async Task Misuse_is_said_at_its_place(string id, DiagnosticSeverity severity, int line, int column, string text, string message)
    {
        Diagnostic diagnostic = Assert.Single(await Analyze(id));
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(severity, diagnostic.Severity);
        FileLinePositionSpan span = diagnostic.Location.GetLineSpan();
        Assert.Equal((line, column), (span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1));
        Assert.Equal(text, diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(message, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_diagnostic_has_a_misuse_and_a_page()
    {
        string[] ids = [.. new HyperAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id), "HDSL901"];
        Assert.Equal(ids.Except(ProvokedElsewhere).Order(), Directory.GetFiles(Sources, "*.cs").Select(Path.GetFileNameWithoutExtension).Order());
        string pages = Path.Combine(AppContext.BaseDirectory, "Misuse", "Pages");
        Assert.Equal(ids.Order(), Directory.GetFiles(pages, "HDSL*.md").Select(Path.GetFileNameWithoutExtension).Order());
        foreach (string id in ids)
        {
            string page = File.ReadAllText(Path.Combine(pages, id + ".md"));
            Assert.Matches(Headings(), page);
            Assert.StartsWith("# " + id + ": ", page, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"## What it means[\s\S]*## Example[\s\S]*## Remedy")]
    private static partial Regex Headings();

    private static string Sources => Path.Combine(AppContext.BaseDirectory, "Misuse", "Sources");

    private static async Task<IReadOnlyList<Diagnostic>> Analyze(string id)
    {
        CSharpCompilation compilation = Tracing.Compile((id + ".cs", await File.ReadAllTextAsync(Path.Combine(Sources, id + ".cs"))));
        if (id == "HDSL008")
        {
            compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(false));
        }
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return await compilation.WithAnalyzers([new HyperAnalyzer()]).GetAnalyzerDiagnosticsAsync();
    }
}
