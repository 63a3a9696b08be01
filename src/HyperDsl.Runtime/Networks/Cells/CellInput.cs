namespace HyperDsl;

/// <summary>What cells say of inputs that do not fit.</summary>
[HyperLibrary]
internal static class CellInput
{
    public static void Check(string cell, Tensor x, int inputs)
    {
        if (x.Rank != 1 || x.Count != inputs)
        {
            throw new TensorShapeException($"{cell} takes a vector of {inputs} at each step, but got {x.Count} elements on {x.Rank} axes.");
        }
    }
}
