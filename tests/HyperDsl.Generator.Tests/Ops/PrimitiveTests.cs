using System.Reflection;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>The language's calls: their names, results and messages.</summary>
public sealed class PrimitiveTests
{
    private static readonly double[] A = [1, -2, 3, 4, -5, 6];
    private static readonly double[] B = [2, 0, 3];

    /// <summary>Tracing answers <c>Weight.Update</c> and <c>Cell.Scan</c> itself; all else that the language marks is a file in Ops, and the other way round.</summary>
    [Fact]
    public void Compiler_and_language_have_the_same_operations()
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        IEnumerable<string> marked = typeof(Tensor).Assembly.GetTypes()
            .SelectMany(type => type.GetMembers(Any))
            .SelectMany(member => member.GetCustomAttributes<PrimitiveAttribute>(inherit: false))
            .Select(attribute => attribute.Name)
            .Except(["update", "scan", "watch"])
            .Order(StringComparer.Ordinal);
        Assert.Equal(marked, Primitive.Names);
    }

    /// <summary>Elementwise primitives on [2, 3] and [3], against .NET's own functions.</summary>
    [Fact]
    public void Elementwise_primitives_compute_what_their_names_say()
    {
        (string Name, Func<double, double> Expected)[] ofOne =
        [
            ("negate", x => -x), ("abs", Math.Abs), ("sign", x => Math.Sign(x)), ("exp", Math.Exp), ("log", Math.Log),
            ("sqrt", Math.Sqrt), ("sin", Math.Sin), ("cos", Math.Cos), ("tanh", Math.Tanh),
            ("sigmoid", x => 1 / (1 + Math.Exp(-x))), ("relu", x => Math.Max(x, 0)),
            ("softplus", x => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)))),
        ];
        foreach ((string name, Func<double, double> expected) in ofOne)
        {
            Same(A.Select(expected), Run(name, Matrix), name);
        }
        (string Name, Func<double, double, double> Expected)[] ofTwo =
        [
            ("add", (a, b) => a + b), ("subtract", (a, b) => a - b), ("multiply", (a, b) => a * b), ("divide", (a, b) => a / b),
            ("minimum", Math.Min), ("maximum", Math.Max), ("less", (a, b) => a < b ? 1 : 0),
            ("lessOrEqual", (a, b) => a <= b ? 1 : 0), ("greater", (a, b) => a > b ? 1 : 0),
            ("greaterOrEqual", (a, b) => a >= b ? 1 : 0), ("equal", (a, b) => a == b ? 1 : 0),
        ];
        foreach ((string name, Func<double, double, double> expected) in ofTwo)
        {
            Same(A.Select((a, i) => expected(a, B[i % 3])), Run(name, Matrix, Vector), name);
            Same(A.Select((a, i) => expected(B[i % 3], a)), Run(name, Vector, Matrix), name + " swapped");
        }
        Same(A.Select(a => a * a * a), Run("power", Matrix, 3.0), "power");
        Same(A.Select((a, i) => B[i % 3] != 0 ? a : 9), Run("select", Vector, Matrix, Nine), "select");
    }

    [Fact]
    public void Shaping_primitives_place_elements()
    {
        Same([7, 7], Run("full", 7.0, Ints(2)), "full");
        Same([2, 0, 3, 2, 0, 3], Run("broadcast", Vector, Ints(2, 3)), "broadcast");
        Same([1, 4, -2, -5, 3, 6], Run("transpose", Matrix, Ints()), "transpose");
        Same(A, Run("reshape", Matrix, Ints(3, -1)), "reshape");
        Same([3, 6], Run("slice", Matrix, -1, 2, 1), "slice");
        Same([8, 2, 0, 3, 8, 8], Run("pad", Vector, Ints(1), Ints(2), 8.0), "pad");
        Same([2, 0, 3, 2, 0, 3], Run("concat", -1, new object?[] { Vector, Vector }), "concat");
        Same([2, 2, 0, 0, 3, 3], Run("stack", -1, new object?[] { Vector, Vector }), "stack last");
        Same([2, 0, 3, 2, 0, 3], Run("stack", 0, new object?[] { Vector, Vector }), "stack first");
        Same([4], Run("exampleCount"), "exampleCount");
        Same([1.5], Run("constant", 1.5), "constant");
    }

    [Fact]
    public void Reductions_take_axes_from_either_end()
    {
        Same([7], Run("sum", Matrix, null, false), "sum of all");
        Same([5, -7, 9], Run("sum", Matrix, Ints(0), false), "sum of rows");
        Same([2, 5], Run("sum", Matrix, Ints(-1), true), "sum of columns");
        Same([3, 6], Run("max", Matrix, Ints(-1), false), "max of columns");
        Assert.Equal(Shape.Of(2, 1), ShapeOf("max", Matrix, Ints(-1), true));
        Assert.Equal(Shape.Of(2), ShapeOf("max", Matrix, Ints(-1), false));
        Assert.Equal(Shape.Of(1, 1), ShapeOf("sum", Matrix, null, true));
        Same([4 * 2, 0, 4 * 3], Run("sumOverExamples", Vector), "sum over examples of what does not vary");
    }

    [Fact]
    public void Products_sum_over_what_they_share()
    {
        Same([11, 26], Run("dot", Matrix, Vector), "dot");
        Same([13], Run("dot", Vector, Vector), "dot of vectors");
        Same([11, 26], Run("matmul", Matrix, Column), "matmul");
        Same([11, 26], Run("einsum", "ij,j->i", Matrix, Vector), "einsum");
        Same([2, 0, 9, 8, 0, 18], Run("einsum", "ij, j -> ij", Matrix, Vector), "einsum without a sum");
        Same([2, 8, 0, 0, 9, 18], Run("einsum", "ij,j->ji", Matrix, Vector), "einsum transposed");
        Same([7 * 5], Run("einsum", "ij,k->", Matrix, Vector), "einsum of lone letters");
        Same([4, 0, 6, 0, 0, 0, 6, 0, 9], Run("einsum", "i,j->ij", Vector, Vector), "outer product");
        Same([10, 25], Run("einsum", "ij,k->i", Matrix, Vector), "one lone letter each");
    }

    [Theory]
    [InlineData("[16, 32] by [31]", "'Dot' multiplies [16, 32] by [31]: the last axis of the left operand has 32 elements, "
        + "the first axis of the right operand 31; they must be equal.")]
    [InlineData("[] by [3]", "'Dot' multiplies [] by [3]: both need at least one axis; scalars are multiplied with *.")]
    public void Dot_says_what_does_not_fit(string shapes, string message)
    {
        Shape[] sizes = shapes.Split(" by ")
            .Select(text => Shape.Of(text.Trim('[', ']').Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)))
            .ToArray();
        Assert.Equal(message, Error("dot", new Leaf(sizes[0]), new Leaf(sizes[1])));
    }

    [Theory]
    [InlineData("ij,j", "needs a formula such as \"ij,jk->ik\"")]
    [InlineData("ij->i", "with two operands and the result")]
    [InlineData("ii,j->j", "the letter 'i' stands more than once in the left operand.")]
    [InlineData("ij,j->ii", "the letter 'i' stands more than once in the result.")]
    [InlineData("ij,j->k", "the letter 'k' of the result is in neither operand.")]
    [InlineData("i,j->i", "the left operand has 1 letters, but its shape is [2, 3], with 2 axes.")]
    [InlineData("i1,j->i", "'1' in the left operand is not a letter.")]
    [InlineData("ji,j->i", "multiplies [2, 3] by [3]: the letter 'j' is 2 in the left operand and 3 in the right")]
    public void Einsum_says_what_is_wrong_with_a_formula(string formula, string message) =>
        Assert.Contains(message, Error("einsum", formula, Matrix, Vector));

    [Fact]
    public void Other_calls_say_what_does_not_fit()
    {
        Assert.Contains("'+' combines [2, 3] and [2]", Error("add", Matrix, new Leaf(Shape.Of(2))));
        Assert.Contains("the last but one of the right operand 2", Error("matmul", Matrix, Matrix));
        Assert.Contains("both need at least two axes. For a product with a vector, use 'Dot'", Error("matmul", Matrix, Vector));
        Assert.Contains(
            "all axes before the last two must be equal",
            Error("matmul", new Leaf(Shape.Of(4, 2, 3)), new Leaf(Shape.Of(5, 3, 2))));
        Assert.Contains("'sum' names axis 0 of a value of shape [2, 3] twice.", Error("sum", Matrix, Ints(0, -2), false));
        Assert.Contains("'Full' asks for the shape [0]: sizes must be at least 1.", Error("full", 1.0, Ints(0)));
        Assert.Contains("'KeepMask' keeps elements with probability 0", Error("keepMask", 0.0, Ints(2)));
        Assert.Contains("'Stack' joins [3] and [2, 3]", Error("stack", 0, new object?[] { Vector, Matrix }));
        Assert.Contains("'Stack' needs at least one part.", Error("stack", 0, Array.Empty<object?>()));
        Assert.Contains("'OneHot' needs a label", Error("oneHot", Vector));
    }

    [Fact]
    public void Every_mask_has_a_site_of_its_own()
    {
        GraphBuilder graph = new();
        int site = 0;
        PrimitiveArguments arguments = new([0.5, Ints(3)], () => site++);
        Primitive mask = Primitive.Find("keepMask")!;
        Assert.NotEqual(mask.Apply(graph, arguments), mask.Apply(graph, arguments));
        Assert.Equal(2, site);
    }

    [Fact]
    public void Labels_choose_rows_and_places()
    {
        Leaf table = new(Shape.Of(2, 3));
        Leaf label = new(Shape.Scalar, 2);
        Same([4, -5, 6], Run("gather", table, label), "gather");
        Same([0, 1], Run("oneHot", label), "oneHot");
    }

    [Fact]
    public void Image_primitives_pass_their_arguments_in_order()
    {
        Leaf image = new(Shape.Of(5, 6, 4));
        Leaf kernel = new(Shape.Of(3, 2, 2, 6));
        Assert.Equal(new Convolve(1, 2, 3, 4, 5, 6, 2), OperationOf("convolve", image, kernel, 1, 2, 3, 4, 5, 6, 2));
        Assert.Equal(new MaxPool(3, 4, 1, 2, 1, 2, 3, 0), OperationOf("maxPool", image, 3, 4, 1, 2, 1, 2, 3, 0));
        Assert.Equal(new AveragePool(3, 4, 1, 2, 1, 2, 3, 0), OperationOf("averagePool", image, 3, 4, 1, 2, 1, 2, 3, 0));
    }

    /// <summary>By another way than the operation's own; <c>double.LogP1</c> rounds <c>1 + x</c>.</summary>
    private static double LogOnePlus(double x) => 2 * Math.Atanh(x / (2 + x));

    private static Leaf Matrix => new(Shape.Of(2, 3));

    private static Leaf Vector => new(Shape.Of(3));

    private static Leaf Column => new(Shape.Of(3, 1));

    private static Leaf Nine => new(Shape.Scalar);

    /// <summary>A leaf to be made of an argument.</summary>
    private sealed record Leaf(Shape Shape, int Classes = 0)
    {
        public Value In(GraphBuilder graph) => graph.Add(
            Classes > 0 ? new InputLeaf(0, Shape, Classes) : new ParameterLeaf(Shape.Rank, Shape, true));
    }

    private static object?[] Ints(params int[] items) => items.Cast<object?>().ToArray();

    private static (GraphBuilder Graph, Value Result) Apply(string name, object?[] arguments)
    {
        GraphBuilder graph = new();
        object? Made(object? argument) => argument switch
        {
            Leaf leaf => leaf.In(graph),
            object?[] list => list.Select(Made).ToArray(),
            _ => argument,
        };
        return (graph, Primitive.Find(name)!.Apply(graph, new PrimitiveArguments(arguments.Select(Made).ToArray(), () => 0)));
    }

    private static Shape ShapeOf(string name, params object?[] arguments)
    {
        (GraphBuilder graph, Value result) = Apply(name, arguments);
        return graph[result].Shape;
    }

    private static Operation OperationOf(string name, params object?[] arguments)
    {
        (GraphBuilder graph, Value result) = Apply(name, arguments);
        return graph[result].Operation;
    }

    private static string Error(string name, params object?[] arguments) =>
        Assert.Throws<ShapeException>(() => Apply(name, arguments)).Message;

    private static double[] Run(string name, params object?[] arguments)
    {
        (GraphBuilder graph, Value result) = Apply(name, arguments);
        Graph built = graph.Build([new Result(ResultKind.Prediction, "y", 0, result.Id)]);
        Assert.Empty(GraphVerifier.Verify(built));
        return new GraphInterpreter(4, (node, _) => node switch
        {
            { Kind: ElementKind.Index } => [1],
            { Shape.Count: 6 } => A,
            { Shape.Count: 3 } => B,
            _ => [9],
        }).Evaluate(built, "y")[0];
    }

    /// <summary>The same up to one rounding or two: reciprocals and stable forms may round differently.</summary>
    private static void Same(IEnumerable<double> expected, double[] actual, string what)
    {
        double[] numbers = expected.ToArray();
        Assert.Equal(numbers.Length, actual.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            double tolerance = 4 * Math.Pow(2, -53) * Math.Abs(numbers[i]);
            bool same = numbers[i].Equals(actual[i]) || Math.Abs(numbers[i] - actual[i]) <= tolerance;
            Assert.True(same, $"{what}: element {i} is {actual[i]:R} instead of {numbers[i]:R}.");
        }
    }
}
