using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>
/// A state of a loop over time, as a step finds it. Its input is the initial state, stored before the loop begins.
/// </summary>
/// <param name="Loop">Which loop.</param>
/// <param name="Index">Which of its states.</param>
/// <param name="FromLast">Whether the loop runs from the last step to the first.</param>
internal sealed record LoopState(int Loop, int Index, bool FromLast) : Operation
{
    public override string Name => "loopState";

    public override string Attributes =>
        "loop=" + Literal.Integer(Loop) + " index=" + Literal.Integer(Index) + (FromLast ? " fromLast" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Varies.Example;
}

/// <summary>What a value that varies with time is at the loop's present step. A view.</summary>
/// <param name="Loop">Which loop.</param>
internal sealed record AtStep(int Loop) : Operation
{
    public override string Name => "atStep";

    public override string Attributes => "loop=" + Literal.Integer(Loop);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override ElementKind InferKind(IReadOnlyList<Node> inputs) => inputs[0].Kind;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => inputs[0].Varies & ~Varies.Time;
}

/// <summary>A value of every step, kept for what comes after the loop.</summary>
/// <param name="Loop">Which loop.</param>
internal sealed record StepOutput(int Loop) : Operation
{
    public override string Name => "stepOutput";

    public override string Attributes => "loop=" + Literal.Integer(Loop);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Varies.Example | Varies.Time;
}

/// <summary>
/// The state that a step leaves behind; after the loop, the final state. Inputs: the <see cref="LoopState"/> it takes the place
/// of, the new value.
/// </summary>
/// <param name="Loop">Which loop.</param>
/// <param name="Index">Which of its states.</param>
internal sealed record NextState(int Loop, int Index) : Operation
{
    public override string Name => "nextState";

    public override bool IsKeptWithFirstInput => true;

    public override string Attributes => "loop=" + Literal.Integer(Loop) + " index=" + Literal.Integer(Index);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Varies.Example;
}
