namespace HyperDsl.Generator.Passes;

/// <summary>What a machine prefers where work can be done in a loop over time or around it.</summary>
/// <param name="RecomputedProducts">
/// A product of so few terms an element is computed where it is needed, at every step and again for the derivative; one of more is
/// taken out of the loop where it can be, and kept.
/// </param>
/// <param name="SumsInLoops">Whether small sums over steps are added up inside the loop that makes their summands.</param>
internal sealed record LoopCosts(int RecomputedProducts, bool SumsInLoops)
{
    /// <summary>
    /// A product of 24 terms, such as the scaling of a row by an embedding, costs less than writing the element to memory and reading it
    /// back, and a sum of a slice stays in the cache.
    /// </summary>
    public static readonly LoopCosts Processor = new(24, SumsInLoops: true);

    /// <summary>
    /// What a step waits for on a GPU is the chain of its passes and products, each of which every thread has to finish before the next,
    /// not its traffic: 1,000 kept floats a step of 64 examples are 0.5 MB, a sixth of a microsecond at 3 TB/s, and a link of the chain takes
    /// longer. So only products of one term, which fuse, stay; sums over steps × examples behind the loop fill the whole device.
    /// </summary>
    public static readonly LoopCosts Gpu = new(1, SumsInLoops: false);
}
