using TorchSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>A value of a random program, for one example: an input, a weight, or the result of a statement.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bound">No element's magnitude is larger.</param>
/// <param name="Code">The expression behind it; empty for inputs and weights.</param>
/// <param name="Operands">The values that the expression reads.</param>
/// <param name="Theirs">The same on libtorch's tensors for one example, in the operands' order, and the example's class.</param>
/// <param name="Length">Terms of the longest sum in the expression.</param>
public sealed record ProgramValue(
    string Name,
    int[] Shape,
    double Bound,
    string Code,
    ProgramValue[] Operands,
    Func<torch.Tensor[], int, torch.Tensor>? Theirs,
    int Length)
{
    /// <summary>The number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Length;
}
