using HyperDsl.Generator.Trace;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>What is not part of the language is refused in words, never ignored.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("HDSL101", "made of numbers", "readonly Tensor t = Tensor.Of([1, 2, 3, 4], 4); Tensor Run(Tensor x) => x * t;")]
    [InlineData("HDSL101", "an object of 'Dictionary'", "readonly Dictionary<string, int> d = new(); Tensor Run(Tensor x) => x * d.Count;")]
    [InlineData("HDSL101", "an anonymous object", "Tensor Run(Tensor x) { var o = new { A = 1 }; return x * o.A; }")]
    [InlineData("HDSL101", "of the kind 'using'", "Tensor Run(Tensor x) { using var mode = Mode.Enter(true); return x; }")]
    [InlineData("HDSL101", "this operator on 3 and 1", "Tensor Run(Tensor x) { decimal d = 3m; d += 1; return x * (double)d; }")]
    [InlineData("HDSL101", "several dimensions", "Tensor Run(Tensor x) { int[,] a = new int[2, 2]; return x; }")]
    [InlineData("HDSL101", "not readonly", "static int count = 3; Tensor Run(Tensor x) => x * count;")]
    [InlineData("HDSL102", "reads the numbers inside a tensor of shape [4]", "Tensor Run(Tensor x) => x.ToArray().Length > 3 ? x : -x;")]
    [InlineData("HDSL103", "epsilon is 0: it must be positive", "readonly Cell c = new Lstm(4, 4, layerNorm: true, epsilon: 0); Tensor Run(Tensor x) => x;")]
    [InlineData("HDSL103", "epsilon is NaN: it must be positive", "readonly Cell c = new Lstm(4, 4, layerNorm: true, epsilon: double.NaN); Tensor Run(Tensor x) => x;")]
    [InlineData("HDSL103", "takes either hyperCell or hyperEpsilon", "readonly Cell c = new HyperLstm(4, 4, 3, 2, hyperCell: new Gru(8, 3), hyperEpsilon: 0.1); Tensor Run(Tensor x) => x;")]
    [InlineData("HDSL103", "it must be less than 3", "static int Of(double v) { ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(v, 3.0); return 1; } Tensor Run(Tensor x) => x * Of(3);")]
    [InlineData("HDSL103", "it must be at least 3", "static int Of(double v) { ArgumentOutOfRangeException.ThrowIfLessThan(v, 3.0); return 1; } Tensor Run(Tensor x) => x * Of(double.NaN);")]
    [InlineData("HDSL104", "does not fit its type", "Tensor Run(Tensor x) { checked { int i = int.MaxValue; i++; return x * i; } }")]
    [InlineData("HDSL104", "division by zero", "readonly int zero = 0; Tensor Run(Tensor x) => x * (1 / zero);")]
    [InlineData("HDSL104", "is null", "readonly int[]? none = null; Tensor Run(Tensor x) => x * none!.Length;")]
    [InlineData("HDSL104", "an inner sequence is null", "static int[]? Inner(int i) => null; Tensor Run(Tensor x) => x * new[] { 1 }.SelectMany(i => Inner(i)!).Count();")]
    [InlineData("HDSL104", "'1 / zero' fails", "readonly Weight w = new(1 / zero); static readonly int zero = 0; Tensor Run(Tensor x) => x * w;")]
    [InlineData("HDSL201", "'Concat(0, x, Reshape(x, 2, 2))': ", "Tensor Run(Tensor x) => Concat(\n    0,\n    x,\n    Reshape(x, 2, 2)\n);")]
    [InlineData("HDSL106", "'Console.WriteLine(object?)'", "Tensor Run(Tensor x) { Console.WriteLine(x); return x; }")]
    [InlineData("HDSL107", "'list.Add(x)' changes an object", "readonly List<Tensor> list = []; Tensor Run(Tensor x) { list.Add(x); return list[0]; }")]
    public void Refused_in_words(string id, string words, string members)
    {
        PlacedProblem problem = Assert.Single(Tracing.Trace(Tracing.Compile(Tracing.Model(members)), "M", placed: true).Problems);
        Assert.Equal(id, problem.Descriptor.Id);
        Assert.Contains(words, problem.Text, StringComparison.Ordinal);
    }
}
