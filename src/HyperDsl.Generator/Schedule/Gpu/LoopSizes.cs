using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// What compile-time sizes say of a loop: how many examples a group takes, which products need the whole device, and whether a kernel should walk
/// the sequence.
/// </summary>
internal sealed class LoopSizes
{
    /// <summary>What a multiprocessor's first-level cache keeps of the weights beside shared memory, in bytes.</summary>
    private const int CachedWeights = 128 * 1024;

    private const int MostGroupRows = 4;

    // Estimates, not measurements: a launch in a stream, and what one multiprocessor reads of the second-level cache.
    private const double SecondsOfLaunch = 3e-6;
    private const double BytesEachSecond = 100e9;

    /// <summary>A part with the wait before it: a dependent access of shared memory or cache, and the barrier.</summary>
    private const double SecondsOfPart = 0.3e-6;

    private readonly IReadOnlyList<Launch> body;

    public LoopSizes(IReadOnlyList<Launch> body) => this.body = body;

    /// <summary>Bytes of weights that a step multiplies with.</summary>
    private long WeightBytes => body.Sum(BytesOfWeights);

    /// <summary>Seconds that a group takes for a step of its examples.</summary>
    private double SecondsOfRows => (WeightBytes / BytesEachSecond) + (body.Count * SecondsOfPart);

    /// <summary>Whether one multiprocessor reads a product's weights for longer than a launch takes.</summary>
    public static bool NeedsDevice(Launch launch) => BytesOfWeights(launch) / BytesEachSecond > SecondsOfLaunch;

    private static long BytesOfWeights(Launch launch) => launch.Kernel is ProductKernel product && !product.Groups.Any(axis => axis.IsOpen)
        ? sizeof(float) * (long)ProductKernel.Count(product.Groups) * ProductKernel.Count(product.Inner) * ProductKernel.Count(product.Columns)
        : 0;

    /// <summary>
    /// Several examples where one would leave threads idle. Two where weights come from the second-level cache at every step: its
    /// multiprocessors together read about 40 times what one does, so with a group for each of 64 examples it is the bottleneck.
    /// </summary>
    public int GroupRows
    {
        get
        {
            int rows = 1;
            while (rows < MostGroupRows && rows * 2 * Widest <= DeviceKernel.GroupSize)
            {
                rows *= 2;
            }
            return rows == 1 && WeightBytes > CachedWeights ? 2 : rows;
        }
    }

    private int Widest => body.Max(launch => launch.Kernel switch
    {
        PassKernel pass => Elements(pass.Program),
        SumKernel sum => Elements(sum.Program),
        ProductKernel product => checked(
            ProductKernel.Count(product.Groups) * ProductKernel.Count(product.Rows) * ProductKernel.Count(product.Columns)),
        FillKernel fill => fill.Size,
        GatherKernel gather => gather.Width,
        OneHotKernel oneHot => oneHot.Classes,
        _ => 1,
    });

    private static int Elements(RowProgram program) =>
        program.RowExtents.Concat(program.ColumnExtents).Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>Whether a step is done sooner by a group on its own than by launches of the host.</summary>
    /// <param name="segments">What the host would launch.</param>
    public bool FavourWalk(IEnumerable<LoopSegment> segments) => SecondsOfRows < segments.Sum(segment => segment.OfRows
        ? SecondsOfLaunch + new LoopSizes(segment.Launches).SecondsOfRows
        : segment.Launches.Count * SecondsOfLaunch);
}
