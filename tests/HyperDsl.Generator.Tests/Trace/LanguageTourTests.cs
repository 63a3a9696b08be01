using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>
/// One feature of C# a test: the text on the left of each pair must trace to the same graph as the plain one on the right, up to
/// names of nodes.
/// </summary>
public class LanguageTourTests
{
    private const string Plain = "Tensor Run(Tensor x) => ";

    private static void Same(string plain, string members, string more = "")
    {
        string expected = WithoutNames(Tracing.TraceModel(Tracing.Model(Plain + plain + ";")));
        string actual = WithoutNames(Tracing.TraceModel(Tracing.Model(members) + "\n" + more));
        Assert.Equal(expected, actual);
    }

    private static string WithoutNames(TracedModel model)
    {
        Graph graph = model.Entries[0].Evaluation;
        return (graph with { Nodes = graph.Nodes.Select(node => node with { Name = "" }).ToEquatable() }).ToString();
    }

    [Fact]
    public void Plain_graph_prints_as_expected() => Assert.Equal(
        """
        %0 = input() index=0 : [4] each example  // x
        %1 = parameter() index=0 : [3, 4]  // w
        %2 = contract(%1, %0) left=[0, 1] right=[1] result=[0] : [3] each example  // product
        %3 = parameter() index=1 : [3]  // b
        %4 = add(%2, %3) : [3] each example
        %5 = tanh(%4) : [3] each example
        prediction Predict = %5

        """.ReplaceLineEndings("\n"),
        Tracing.Print("readonly Weight w = new(3, 4), b = new(3); Tensor Run(Tensor x) { Tensor product = Dot(w, x); return Tanh(product + b); }"));

    [Theory]
    [InlineData("constants and arithmetic", "x * 7.5", "const int N = 3; static readonly double Half = 1 / 2.0; Tensor Run(Tensor x) { int n = N * 2 + (7 % 4) / 2; return x * (n + Half * 3 - (1 << 0) + 0 - 0 + (n > 6 ? 0.0 : 1.0)); }")]
    [InlineData("integer division and casts", "x * 3", "Tensor Run(Tensor x) => x * (int)(7 / 2 + 0.9);")]
    [InlineData("long and checked", "x * 12", "Tensor Run(Tensor x) { long big = 4_000_000_000L; return x * checked((int)(big / 1_000_000_000L * 3)); }")]
    [InlineData("for", "Tanh(Tanh(Tanh(x)))", "Tensor Run(Tensor x) { for (int i = 0; i < 3; i++) { x = Tanh(x); } return x; }")]
    [InlineData("while, continue, break", "Tanh(Tanh(x))", "Tensor Run(Tensor x) { int i = 0; while (true) { i++; if (i == 2) continue; if (i > 3) break; x = Tanh(x); } return x; }")]
    [InlineData("do", "Tanh(x)", "Tensor Run(Tensor x) { int i = 9; do { x = Tanh(x); i++; } while (i < 3); return x; }")]
    [InlineData("foreach", "x * 2 * 3 * 4", "Tensor Run(Tensor x) { foreach (int i in new[] { 2, 3, 4 }) x *= i; return x; }")]
    [InlineData("foreach with tuples", "x * 2 + 3", "Tensor Run(Tensor x) { foreach ((double a, double b) in new[] { (2.0, 3.0) }) x = x * a + b; return x; }")]
    [InlineData("if and else", "Exp(x)", "Tensor Run(Tensor x) { if (x.Rank != 1 || x.Count > 4) return Sin(x); else if (x.Shape[0] == 4 && true) return Exp(x); return x; }")]
    [InlineData("switch statement", "Exp(x)", "Tensor Run(Tensor x) { switch (x.Count) { case 1: return x; case > 3 when x.Rank == 1: return Exp(x); default: return Sin(x); } }")]
    [InlineData("switch expression", "Exp(x)", "enum Kind { Soft, Hard } static Kind kind => Kind.Hard; Tensor Run(Tensor x) => kind switch { Kind.Soft => Sin(x), Kind.Hard => Exp(x), _ => x };")]
    [InlineData("arrays", "(x + 1) * (x + 2)", "Tensor Run(Tensor x) { Tensor[] parts = new Tensor[2]; for (int i = 0; i < parts.Length; i++) parts[i] = x + (i + 1); return parts[0] * parts[^1]; }")]
    [InlineData("lists", "(x + 1) * (x + 2)", "Tensor Run(Tensor x) { List<Tensor> parts = new() { x + 1 }; parts.Add(x + 2); return parts[0] * parts[parts.Count - 1]; }")]
    [InlineData("collection expressions and spread", "Concat(0, x, x + 1, x)", "Tensor Run(Tensor x) { Tensor[] a = [x, x + 1]; return Concat(0, [.. a, x]); }")]
    [InlineData("array ranges", "Concat(0, x + 1, x + 2)", "Tensor Run(Tensor x) { Tensor[] a = [x, x + 1, x + 2]; return Concat(0, a[1..]); }")]
    [InlineData("tensor ranges", "Slice(x, 0, 1, 2)", "Tensor Run(Tensor x) => x[1..^1];")]
    [InlineData("tuples", "(x + 1) / (x + 2)", "Tensor Run(Tensor x) { (Tensor a, Tensor b) = Pair(x); (a, b) = (b, a); return b / a; } static (Tensor First, Tensor Second) Pair(Tensor x) => (x + 1, x + 2);")]
    [InlineData("tuple fields", "(x + 1) / (x + 2)", "Tensor Run(Tensor x) { var pair = (First: x + 1, Second: x + 2); return pair.First / pair.Item2; }")]
    [InlineData("local functions", "Tanh(Tanh(x) * 2) * 2", "Tensor Run(Tensor x) { double scale = 2; return Layer(Layer(x)); Tensor Layer(Tensor y) => Tanh(y) * scale; }")]
    [InlineData("recursive local function", "Tanh(Tanh(Tanh(x)))", "Tensor Run(Tensor x) { return Deep(x, 3); static Tensor Deep(Tensor y, int n) => n == 0 ? y : Tanh(Deep(y, n - 1)); }")]
    [InlineData("lambdas and closures", "x * 1 * 2", "Tensor Run(Tensor x) { List<Func<Tensor, Tensor>> all = []; foreach (int i in new[] { 1, 2 }) all.Add(y => y * i); foreach (var f in all) x = f(x); return x; }")]
    [InlineData("method groups", "Exp(Tanh(x))", "Tensor Run(Tensor x) { Func<Tensor, Tensor>[] all = [Tanh, Mine]; foreach (var f in all) x = f(x); return x; } Tensor Mine(Tensor y) => Exp(y);")]
    [InlineData("linq", "Concat(0, x * 0, x * 2, x * 4)", "Tensor Run(Tensor x) => Concat(0, Enumerable.Range(0, 5).Where(i => i % 2 == 0).Select(i => x * i).ToArray());")]
    [InlineData("query expression", "x * 2 * 4", "Tensor Run(Tensor x) { foreach (int i in from n in Enumerable.Range(1, 4) where n % 2 == 0 select n) x *= i; return x; }")]
    [InlineData("query of queries", "x * 3 * 4 * 6 * 8", "Tensor Run(Tensor x) { foreach (int i in from a in new[] { 1, 2 } from b in new[] { 3, 4 } select a * b) x *= i; return x; }")]
    [InlineData("aggregate", "x + 1 + 2 + 3", "Tensor Run(Tensor x) => new[] { 1, 2, 3 }.Aggregate(x, (sum, i) => sum + i);")]
    [InlineData("named and optional arguments", "x * 3 + 5", "Tensor Run(Tensor x) => Scale(by: 3, x: x); static Tensor Scale(Tensor x, double plus = 5, double by = 1) => x * by + plus;")]
    [InlineData("params", "x * 6", "Tensor Run(Tensor x) => x * Total(1, 2, 3); static int Total(params int[] all) { int sum = 0; foreach (int one in all) sum += one; return sum; }")]
    [InlineData("ref and out", "x + 1", "Tensor Run(Tensor x) { Grow(ref x, out int n); return n == 4 ? x : -x; } static void Grow(ref Tensor y, out int n) { y = y + 1; n = y.Count; }")]
    [InlineData("interpolated strings", "x * 7", "Tensor Run(Tensor x) => x * $\"{x.Rank}:{0.5:F1}{\"ab\"}\".Length * 1 + 0 * 0;")]
    [InlineData("null operators", "x + 1", "readonly double? bias = null; readonly string? name = null; Tensor Run(Tensor x) { double? more = bias; more ??= 1; return x + (bias ?? more.Value) * (name?.Length ?? 1); }")]
    [InlineData("patterns", "Exp(x)", "Tensor Run(Tensor x) => x is { Rank: 1, Count: > 2 and < 9 } and not null ? Exp(x) : x;")]
    [InlineData("list patterns", "x * 5", "Tensor Run(Tensor x) => new[] { 2, 3, 4 } is [2, .. var rest] && rest is [var three, _] ? x * (three + rest.Length) : x;")]
    [InlineData("iterator methods", "x * 2 * 3", "Tensor Run(Tensor x) { foreach (int i in Two()) x *= i; return x; } static IEnumerable<int> Two() { for (int i = 2; i < 9; i++) { if (i > 3) yield break; yield return i; } }")]
    [InlineData("maths", "x * 2", "Tensor Run(Tensor x) => x * Math.Sqrt(Math.Max(1, x.Count));")]
    [InlineData("properties", "x * 4", "int Doubled { get; } = 2; int Size => Doubled * 2; Tensor Run(Tensor x) => x * Size;")]
    [InlineData("conditional access", "x + 4", "readonly int[]? sizes = [1, 2, 3, 4]; Tensor Run(Tensor x) => x + (sizes?.Length ?? 0);")]
    [InlineData("nameof and strings", "x * 3", "Tensor Run(Tensor x) => nameof(Run) == \"R\" + \"un\" ? x * nameof(Run).Length : x;")]
    [InlineData("increment forms", "x * 8", "Tensor Run(Tensor x) { int i = 1; int j = i++ + ++i; j -= 1; j <<= 1; j += 2; return x * j; }")]
    public void Feature_traces_as_plain_code(string feature, string plain, string members)
    {
        Assert.NotEmpty(feature);
        plain = feature == "interpolated strings" ? "x * 7 * 1 + 0" : plain;
        Same(plain, members);
    }

    [Fact]
    public void Records_structs_and_with() => Same(
        "x * 6 + 5",
        """
        Tensor Run(Tensor x)
        {
            Scale one = new(2, 5);
            Scale other = one with { By = 6 };
            Point p = new() { X = 1 };
            Point q = p;
            q.X = 7;
            (double by, double plus) = other;
            return one == other || p.X != 1 ? x : x * by + plus;
        }
        """,
        "public sealed record Scale(double By, double Plus); public struct Point { public int X; }");

    [Fact]
    public void Virtual_dispatch_and_base_calls() => Same(
        "Exp(Tanh(x)) * 2",
        """
        readonly Layer[] layers = [new Soft(), new Twice()];
        Tensor Run(Tensor x) { foreach (Layer layer in layers) x = layer.Call(x); return x; }
        """,
        """
        public abstract class Layer { protected virtual double Factor => 1; public virtual Tensor Call(Tensor x) => Exp(x); }
        public sealed class Soft : Layer { public override Tensor Call(Tensor x) => Tanh(x); }
        public class Twice : Layer { protected override double Factor => base.Factor + 1; public override Tensor Call(Tensor x) => base.Call(x) * Factor; }
        """);

    [Fact]
    public void Interfaces_generics_and_static_helpers() => Same(
        "Exp(x) * 3",
        """
        readonly Chain<Power> chain = new(2);
        Tensor Run(Tensor x) => Helpers.Apply(chain, x);
        """,
        """
        public interface IMap { Tensor Map(Tensor x); }
        public sealed class Power : IMap { public Tensor Map(Tensor x) => Exp(x); }
        public sealed class Chain<T>(int n) : IMap where T : IMap, new()
        {
            readonly T[] all = [new T()];
            public Tensor Map(Tensor x) { foreach (T one in all) x = one.Map(x); return x * (n + 1); }
        }
        public static class Helpers { public static Tensor Apply<T>(T map, Tensor x) where T : IMap => map is IMap face ? face.Map(x) : x; }
        """);

    [Fact]
    public void Extension_members_old_and_new() => Same(
        "Exp(x * x) * 4",
        "Tensor Run(Tensor x) => x.Squared().Grown() * x.Width;",
        """
        public static class More
        {
            extension(Tensor x)
            {
                public Tensor Squared() => x * x;
                public int Width => x.Shape[0];
            }
            public static Tensor Grown(this Tensor x) => Exp(x);
        }
        """);

    [Fact]
    public void Constructors_initialisers_and_chaining() => Same(
        "x * 2 + 3 + 4",
        "readonly Layer layer = new Layer(2) { Last = 4 }; Tensor Run(Tensor x) => layer.Call(x);",
        """
        public abstract class Holder(double plus) { protected double Plus { get; } = plus; }
        public sealed class Layer : Holder
        {
            private readonly double by;
            public double Last { get; init; } = 9;
            public Layer(double by, double plus) : base(plus) { this.by = by; }
            public Layer(double by) : this(by, by + 1) { }
            public Tensor Call(Tensor x) => x * by + Plus + Last;
        }
        """);

    [Fact]
    public void Own_operators_and_conversions() => Same(
        "x + 3",
        "Tensor Run(Tensor x) { Size total = new Size(1) + 2; return x + total.Value; }",
        """
        public readonly struct Size(int value)
        {
            public int Value { get; } = value;
            public static Size operator +(Size a, Size b) => new(a.Value + b.Value);
            public static implicit operator Size(int value) => new(value);
        }
        """);

    [Fact]
    public void Mode_and_tensors_in_field_initialisers() => Assert.Equal(
        ["constant", "broadcast", "input", "multiply"],
        Tracing.TraceModel(Tracing.Model("readonly Tensor two = Full(2, 4); Tensor Run(Tensor x) => Mode.Training ? x : x * two;"))
            .Entries[0].Evaluation.Nodes.Select(node => node.Operation.Name));

    [Fact]
    public void Loss_is_traced_for_training_and_for_evaluation()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Weight w = new(4);
                [Loss] public Tensor Loss([Shape(4)] Tensor x) => Mode.Training ? Sum(w * x) : Sum(x);
            }
            """);
        Entry entry = Assert.Single(model.Entries);
        Assert.Equal(2, entry.Training!.Nodes.Count(node => node.Operation.Name is "parameter" or "multiply"));
        Assert.DoesNotContain(entry.Evaluation.Nodes, node => node.Operation.Name == "parameter");
    }
}
