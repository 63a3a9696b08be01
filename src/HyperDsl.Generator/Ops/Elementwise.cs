using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// An operation on each element alone. All inputs have the result's shape: the language's broadcasting becomes explicit
/// <see cref="Broadcast"/> nodes before (see <see cref="Broadcasting"/>), so gradients need no care for it.
/// </summary>
internal abstract record Elementwise : Operation
{
    /// <summary>The number of inputs.</summary>
    public abstract int Arity { get; }

    public sealed override int InputCount => Arity;

    /// <summary>
    /// About how many cycles a vector of 16 numbers takes, to weigh computing again against memory (<c>Passes/Tape</c>); only the order of
    /// magnitude matters. Measured for exponential, sigmoid and tangent; a division and a root are taken as where 512 bits run in two halves,
    /// twice what they cost at full width; the others follow from their parts.
    /// </summary>
    public virtual int Cycles => 1;

    /// <summary>The CPU expression on <c>Vector512</c> operands; every operand is a plain name or a parenthesised expression.</summary>
    /// <param name="operands">Names of the operands.</param>
    /// <param name="single"><c>float</c> or <c>double</c>.</param>
    public abstract string Vector(IReadOnlyList<string> operands, bool single);

    /// <summary>The same on scalars.</summary>
    public abstract string Scalar(IReadOnlyList<string> operands, bool single);

    /// <summary>How a reader writes it, for comments: <c>a + b</c>, <c>exp(x)</c>.</summary>
    public virtual string Formula(IReadOnlyList<string> operands) => Name + "(" + string.Join(", ", operands) + ")";

    /// <summary>How closely <see cref="Formula(IReadOnlyList{string})"/> binds.</summary>
    public virtual Binding Binding => Binding.Whole;

    /// <summary>The formula of operands that are formulas themselves.</summary>
    public virtual FormulaText Formula(IReadOnlyList<FormulaText> operands) =>
        new(Formula(operands.Select((operand, i) => operand.Within(Binding, first: i == 0)).ToArray()), Binding);

    /// <summary>The value for constants, so that the compiler folds them.</summary>
    public abstract double Evaluate(IReadOnlyList<double> operands);

    public sealed override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        for (int i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Shape != inputs[0].Shape)
            {
                throw new ShapeException(
                    $"'{Name}' takes operands of one shape, but got {inputs[0].Shape} and {inputs[i].Shape}.");
            }
        }
        return inputs[0].Shape;
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        double[] numbers = new double[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (graph.ConstantOf(inputs[i].Value) is not double number)
            {
                return SimplifyFurther(graph, inputs, shape) ?? BeforeRepeating(graph, inputs, shape);
            }
            numbers[i] = number;
        }
        return graph.Full(Evaluate(numbers), shape);
    }

    /// <summary>Works on the elements before they are repeated when all operands are repeats of one smaller shape.</summary>
    private Value? BeforeRepeating(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        Shape? smaller = null;
        foreach (Node input in inputs)
        {
            if (graph.ConstantOf(input.Value) is null)
            {
                Shape source = input.Operation is Broadcast ? graph[input.Inputs[0]].Shape : shape;
                if (source == shape || (smaller is Shape other && other != source))
                {
                    return null;
                }
                smaller = source;
            }
        }
        Value[] sources = inputs
            .Select(input => graph.ConstantOf(input.Value) is double number
                ? graph.Full(number, smaller!.Value)
                : input.Input(0))
            .ToArray();
        return graph.Add(new Broadcast(shape), graph.Add(this, sources));
    }

    /// <summary>Rules beyond constant folding, such as <c>x · 1 = x</c>.</summary>
    protected virtual Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) => null;

    /// <summary><c>float</c> or <c>double</c>.</summary>
    protected static string Real(bool single) => single ? "float" : "double";

    /// <summary>A typed literal.</summary>
    protected static string Number(double value, bool single) => Literal.CSharp(value, single);

    protected static string Zero(bool single) => $"Vector512<{Real(single)}>.Zero";

    protected static string One(bool single) => $"Vector512<{Real(single)}>.One";
}
