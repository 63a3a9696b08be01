namespace HyperDsl;

/// <summary>What cells that another cell rescales say of a hyper cell that does not fit.</summary>
[HyperLibrary]
internal static class HyperCell
{
    /// <summary>Refuses switches of the hyper cell beside a hyper cell that was made with its own: they would do nothing.</summary>
    /// <param name="cell">The class.</param>
    /// <param name="given">The hyper cell, when given.</param>
    /// <param name="keep">Its <c>hyperKeep</c>; 1 is as good as not given.</param>
    /// <param name="layerNorm">Its <c>hyperLayerNorm</c>.</param>
    /// <param name="epsilon">Its <c>hyperEpsilon</c>.</param>
    /// <param name="forgetBias">Its <c>hyperForgetBias</c>.</param>
    public static void CheckSwitches(string cell, Cell? given, double keep, bool? layerNorm, double? epsilon, double? forgetBias = null)
    {
        string? idle = keep != 1 ? "hyperKeep"
            : layerNorm is not null ? "hyperLayerNorm"
            : epsilon is not null ? "hyperEpsilon"
            : forgetBias is not null ? "hyperForgetBias"
            : null;
        if (given is not null && idle is not null)
        {
            throw new ArgumentException(
                $"{cell} takes either hyperCell or {idle}, but got both: a hyper cell that is given has switches of its own. "
                + "Give them to its constructor.");
        }
    }

    /// <summary>Refuses an output of the hyper cell that is not [hyperUnits].</summary>
    public static void CheckOutput(string cell, Tensor output, int hyperUnits)
    {
        if (output.Rank != 1 || output.Count != hyperUnits)
        {
            throw new TensorShapeException(
                $"{cell} with hyperUnits: {hyperUnits} takes a hyperCell that gives a vector of {hyperUnits} at each step, but it gives "
                + $"{output.Count} elements on {output.Rank} axes.");
        }
    }
}
