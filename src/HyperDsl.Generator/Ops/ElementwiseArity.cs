using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>An elementwise operation with one operand.</summary>
internal abstract record UnaryElementwise : Elementwise
{
    public sealed override int Arity => 1;

    public sealed override string Vector(IReadOnlyList<string> operands, bool single) => Vector(operands[0], single);

    public sealed override string Scalar(IReadOnlyList<string> operands, bool single) => Scalar(operands[0], single);

    public sealed override double Evaluate(IReadOnlyList<double> operands) => Evaluate(operands[0]);

    protected abstract string Vector(string x, bool single);

    protected abstract string Scalar(string x, bool single);

    protected abstract double Evaluate(double x);
}

/// <summary>An elementwise operation with two operands.</summary>
internal abstract record BinaryElementwise : Elementwise
{
    public sealed override int Arity => 2;

    public sealed override string Vector(IReadOnlyList<string> operands, bool single) =>
        Vector(operands[0], operands[1], single);

    public sealed override string Scalar(IReadOnlyList<string> operands, bool single) =>
        Scalar(operands[0], operands[1], single);

    public sealed override double Evaluate(IReadOnlyList<double> operands) => Evaluate(operands[0], operands[1]);

    protected abstract string Vector(string a, string b, bool single);

    protected abstract string Scalar(string a, string b, bool single);

    protected abstract double Evaluate(double a, double b);
}

/// <summary>The primitive of an operation with one operand, of the same name.</summary>
internal abstract class UnaryPrimitive<T> : Primitive
    where T : Operation, new()
{
    private static readonly T Operation = new();

    public override string Name => Operation.Name;

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(Operation, arguments.Tensor(0));
}

/// <summary>The primitive of an operation with two operands, of the same name, with broadcasting.</summary>
internal abstract class BinaryPrimitive<T> : Primitive
    where T : Operation, new()
{
    private static readonly T Operation = new();

    public override string Name => Operation.Name;

    /// <summary>What the user writes, for messages.</summary>
    protected abstract string Spelling { get; }

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value[] aligned = Broadcasting.Align(graph, Spelling, arguments.Tensor(0), arguments.Tensor(1));
        return graph.Add(Operation, aligned);
    }
}

/// <summary>A primitive that is an operation with its two operands swapped.</summary>
internal abstract class SwappedPrimitive<T> : Primitive
    where T : Operation, new()
{
    private static readonly T Operation = new();

    /// <summary>What the user writes, for messages.</summary>
    protected abstract string Spelling { get; }

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value[] aligned = Broadcasting.Align(graph, Spelling, arguments.Tensor(0), arguments.Tensor(1));
        return graph.Add(Operation, aligned[1], aligned[0]);
    }
}
