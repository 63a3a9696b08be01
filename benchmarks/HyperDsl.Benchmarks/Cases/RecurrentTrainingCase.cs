namespace HyperDsl.Benchmarks.Cases;

/// <summary>Loss and gradients of a recurrent layer; the gradients are compared.</summary>
public sealed class RecurrentTrainingCase : RecurrentCase
{
    private RecurrentTrainingCase(RecurrentSizes sizes)
        : base(sizes)
    {
    }

    /// <summary>A case for each layer.</summary>
    public static IEnumerable<NamedCase> All { get; } =
        [.. RecurrentSizes.All.Select(sizes => new NamedCase(sizes.Name, () => new RecurrentTrainingCase(sizes)))];

    /// <inheritdoc/>
    public override string Rival => Native.Name + " with autograd";

    /// <inheritdoc/>
    public override IReadOnlyList<FurtherRival> FurtherRivals => Eager is null
        ? []
        : [new(Eager.Name + " with autograd", () => Eager.Train(Input), () => Eager.Difference(Ours(ThreadCounts[0]).Gradients))];

    /// <inheritdoc/>
    public override double Operations => Sizes.Operations(state: 3, input: 2);

    /// <inheritdoc/>
    public override void RunOurs(int threads)
    {
        // As after an optimiser's step: weights are packed anew.
        Ours(threads).Model.Parameters.MarkChanged();
        Ours(threads).Model.LossAndGradient("Loss", Batch, Ours(threads).Gradients);
    }

    /// <inheritdoc/>
    public override void RunRival() => Native.Train(Input);

    /// <inheritdoc/>
    public override double? RelativeDifference() => Native.Difference(Ours(ThreadCounts[0]).Gradients);
}
