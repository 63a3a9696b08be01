using HyperDsl.Benchmarks.Rivals;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>The loss of a recurrent layer without gradients, on the rivals' side under <c>no_grad</c>; the losses are compared.</summary>
public sealed class RecurrentEvaluationCase : RecurrentCase
{
    private double loss;

    private RecurrentEvaluationCase(RecurrentSizes sizes)
        : base(sizes)
    {
    }

    /// <summary>A case for each layer.</summary>
    public static IEnumerable<NamedCase> All { get; } =
        [.. RecurrentSizes.All.Select(sizes => new NamedCase("evaluate-" + sizes.Name, () => new RecurrentEvaluationCase(sizes)))];

    /// <inheritdoc/>
    public override string Rival => Native.Name + " without gradients";

    /// <inheritdoc/>
    public override IReadOnlyList<FurtherRival> FurtherRivals => Eager is null
        ? []
        : [new(Eager.Name + " without gradients", () => Eager.Evaluate(Input), () => DifferenceTo(Eager))];

    /// <inheritdoc/>
    public override double Operations => Sizes.Operations(state: 1, input: 1);

    /// <inheritdoc/>
    public override void RunOurs(int threads) => loss = Ours(threads).Model.Loss("Loss", Batch);

    /// <inheritdoc/>
    public override void RunRival() => Native.Evaluate(Input);

    /// <inheritdoc/>
    public override double? RelativeDifference() => Sizes.IsHyper ? null : DifferenceTo(Native);

    private double DifferenceTo(RecurrentRival rival) => Math.Abs((loss / rival.LastLoss) - 1);
}
