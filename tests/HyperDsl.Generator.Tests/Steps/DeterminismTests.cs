using System.Diagnostics;
using System.Globalization;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Trace;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Steps;

public class DeterminismTests
{
    private static readonly (string Path, string Text)[] Parts =
    [
        ("A.cs", Tracing.Usings + "[HyperModel] public sealed partial class M : Model { readonly Weight first = new(4); [Predict] public Tensor P([Shape(4)] Tensor x) => x * first + second * 0.5; }"),
        ("B.cs", Tracing.Usings + "public sealed partial class M { readonly Weight second = new(4); readonly string name = $\"{1.5}\"; [Predict] public Tensor Q([Shape(4)] Tensor x) => x * second * name.Length; }"),
    ];

    private static string Everything(IEnumerable<(string, string)> files)
    {
        GeneratorRunResult result = GeneratorDriving.Driver().RunGenerators(Tracing.Compile([.. files])).GetRunResult().Results.Single();
        return string.Join("\n", result.GeneratedSources.OrderBy(source => source.HintName, StringComparer.Ordinal)
            .Select(source => source.HintName + "\n" + source.SourceText));
    }

    [Fact]
    public void The_order_of_files_changes_nothing()
    {
        string forward = Everything(Parts);
        Assert.Contains("visitor.Visit(\"first\", this.first);\n        visitor.Visit(\"second\", this.second);", forward, StringComparison.Ordinal);
        Assert.Equal(forward, Everything(Parts.Reverse()));
    }

    /// <summary>The tests run without culture data, so the three cultures are put together by hand from what differs.</summary>
    [Theory]
    [InlineData("sv-SE", ",", "\u00A0", "\u2212")]
    [InlineData("de-DE", ",", ".", "-")]
    [InlineData("fi-FI", ",", "\u00A0", "\u2212")]
    public void The_culture_changes_nothing(string name, string point, string group, string minus)
    {
        string invariant = Everything(Parts);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = point;
        other.NumberFormat.NumberGroupSeparator = group;
        other.NumberFormat.NegativeSign = minus;
        Assert.NotEqual((-1.5).ToString(CultureInfo.InvariantCulture), (-1.5).ToString(other));
        Assert.NotEmpty(name);
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(invariant, Everything(Parts));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Places_and_semantic_models_change_no_graph()
    {
        CSharpCompilation compilation = Tracing.Compile(DigitModels.Networks + DigitModels.Models);
        Assert.Equal(Tracing.Trace(compilation, "HyperNet").Model, Tracing.Trace(compilation, "HyperNet", placed: true).Model);
    }

    [Fact]
    public void A_trace_stops_when_it_is_cancelled()
    {
        CSharpCompilation compilation = Tracing.Compile(Tracing.Model(
            "Tensor Run(Tensor x) { int total = 0; for (int i = 0; i < 30_000; i++) total ^= i; return x * total; }"));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Tracing.Trace(compilation, "M", token: source.Token));
        Assert.Empty(Tracing.Trace(compilation, "M").Problems);
    }

    [Theory]
    [InlineData("int i = 0; while (true) i ^= 1;", "Tracing took more than 1000000 steps")]
    [InlineData("while (true) x = x + 1.5;", "The graph has more than 50000 operations")]
    [InlineData("return Deep(x); Tensor Deep(Tensor y) => Deep(y);", "Calls are nested too deeply (more than 200 deep): does 'Deep' call itself without end?")]
    [InlineData("string s = \"ab\"; while (true) s += s;", "grows beyond 1000000 items")]
    [InlineData("List<int> l = [1]; while (true) l.AddRange(l);", "grows beyond 1000000 items")]
    [InlineData("int[] l = [1]; while (true) l = [.. l, .. l];", "grows beyond 1000000 items")]
    public void Work_at_compile_time_is_bounded(string body, string message)
    {
        string end = body.StartsWith("while", StringComparison.Ordinal) || body.Contains("while (true)", StringComparison.Ordinal) || body.StartsWith("return", StringComparison.Ordinal) ? "" : " return x;";
        CSharpCompilation compilation = Tracing.Compile(Tracing.Model("Tensor Run(Tensor x) { " + body + end + " }"));
        Stopwatch watch = Stopwatch.StartNew();
        PlacedProblem problem = Assert.Single(Tracing.Trace(compilation, "M", placed: true).Problems);
        Assert.Equal("HDSL105", problem.Descriptor.Id);
        Assert.Contains(message, problem.Text, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"The bound was met after {watch.Elapsed}.");
    }
}
