using System.Globalization;

namespace HyperDsl;

/// <summary>
/// How often a value is there: once for each step of time and each example of a batch, in this order; <c>null</c> where it does
/// not vary.
/// </summary>
/// <param name="Steps">The number of steps.</param>
/// <param name="Examples">The number of examples.</param>
internal readonly record struct Copies(int? Steps, int? Examples)
{
    public int Count => (Steps ?? 1) * (Examples ?? 1);

    public static Copies Of(Tensor x) => new(x.Steps, x.Examples);

    /// <summary>What the result of an operation on these operands varies with.</summary>
    /// <exception cref="TensorShapeException">Two operands come from batches of different sizes, or have different numbers of steps.</exception>
    public static Copies Common(string operation, params ReadOnlySpan<Copies> operands)
    {
        Copies common = default;
        foreach (Copies operand in operands)
        {
            if (common.Examples is int examples && operand.Examples is int others && examples != others)
            {
                throw new TensorShapeException(
                    $"'{operation}' combines values of batches of {examples} and of {others} examples. "
                    + "All inputs of one evaluation come from one batch.");
            }
            if (common.Steps is int steps && operand.Steps is int further && steps != further)
            {
                throw new TensorShapeException(
                    $"'{operation}' combines sequences of {steps} and of {further} steps. "
                    + "All sequences of one evaluation have the same number of steps.");
            }
            common = new Copies(common.Steps ?? operand.Steps, common.Examples ?? operand.Examples);
        }
        return common;
    }

    /// <summary>Which copy of an operand belongs to a copy of the result, whose own copies these are.</summary>
    public int IndexIn(Copies operand, int copy)
    {
        int step = operand.Steps is null ? 0 : copy / (Examples ?? 1);
        int example = operand.Examples is null ? 0 : copy % (Examples ?? 1);
        return (step * (operand.Examples ?? 1)) + example;
    }

    /// <summary>Such as <c>10 steps and 64 examples</c> after the given words; nothing where nothing varies.</summary>
    public string InWords(string before) => (Steps, Examples) switch
    {
        (int steps, int examples) => string.Create(CultureInfo.InvariantCulture, $"{before}{steps} steps and {examples} examples"),
        (int steps, null) => string.Create(CultureInfo.InvariantCulture, $"{before}{steps} steps"),
        (null, int examples) => string.Create(CultureInfo.InvariantCulture, $"{before}{examples} examples"),
        _ => "",
    };
}
