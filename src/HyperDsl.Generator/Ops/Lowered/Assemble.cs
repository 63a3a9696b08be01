using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>
/// One buffer written by several values, each into its own box; the rest is filled with a number. What concatenation,
/// padding and dilation become, so that whoever computes a part can write it straight into place.
/// </summary>
/// <param name="Sizes">Shape of the whole.</param>
/// <param name="Starts">For each input, where its first element goes, one index an axis.</param>
/// <param name="Steps">For each input, the distance of neighbours, one an axis: 1, or more when dilating.</param>
/// <param name="Number">What stands where no input is written.</param>
internal sealed record Assemble(
    Shape Sizes, EquatableArray<EquatableArray<int>> Starts, EquatableArray<EquatableArray<int>> Steps, double Number)
    : Operation
{
    public override string Name => "assemble";

    public override string Attributes =>
        string.Join(" ", Starts.Select((start, part) => "part" + Literal.Integer(part) + "=[" + start + "]/[" + Steps[part] + "]"))
        + " fill=" + Literal.Exact(Number);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes;

    /// <summary>Whether the parts leave gaps that have to be filled.</summary>
    public bool HasGaps(IReadOnlyList<Node> inputs) => inputs.Sum(input => input.Shape.Count) < Sizes.Count;
}
