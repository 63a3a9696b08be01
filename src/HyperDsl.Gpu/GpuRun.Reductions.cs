using ILGPU;

namespace HyperDsl.Gpu;

/// <content>Sums so long that several groups share them: how they are cut into parts, and the launches that add the parts.</content>
public sealed partial class GpuRun
{
    /// <summary>Sums are cut into parts until there are about so many groups.</summary>
    private const int WantedGroups = 256;

    private const int MostParts = 64;

    /// <summary>Values of a part for each lane, at least.</summary>
    private const int FewestOfLane = 16;

    /// <summary>Inner elements of a part of a product, at least; a multiple of a tile's.</summary>
    private const int FewestInner = 256;

    private const int InnerOfTile = 16;

    /// <summary>Launches a sum across rows.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="elements">Elements of the target that are added to.</param>
    /// <param name="elementsOfGroup">How many of them a group computes.</param>
    /// <param name="length">Values that are added up for each element.</param>
    /// <param name="target">The target.</param>
    /// <param name="size">Its size.</param>
    /// <param name="adds">Whether the target keeps what it held.</param>
    /// <param name="arguments">What the kernel reads.</param>
    public void Sum<T>(
        GpuReduction<T> kernel, int elements, int elementsOfGroup, int length, ArrayView<float> target, int size, bool adds, in T arguments)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(kernel);
        int groups = Parts(elements, elementsOfGroup);
        int lanes = kernel.Threads / elementsOfGroup;
        int parts = PartsOf(groups, length, lanes * FewestOfLane);
        Reduce(kernel, groups, parts, Parts(length, parts), length, target, size, adds, arguments);
    }

    /// <summary>Launches several sums across as many rows, and adds them to their targets.</summary>
    /// <param name="kernel">The kernel of the sums.</param>
    /// <param name="elements">Elements of all targets.</param>
    /// <param name="elementsOfGroup">How many of them a group computes.</param>
    /// <param name="length">Values that are added up for each element.</param>
    /// <param name="arguments">What the kernel reads.</param>
    /// <param name="adding">The kernel that adds the sums' parts.</param>
    /// <param name="targets">Where to.</param>
    public void Sums<TArguments, TTargets>(
        GpuReduction<TArguments> kernel, int elements, int elementsOfGroup, int length, in TArguments arguments, GpuReduction<TTargets> adding,
        in TTargets targets)
        where TArguments : struct
        where TTargets : struct
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(adding);
        int groups = Parts(elements, elementsOfGroup);
        int parts = PartsOf(groups, length, kernel.Threads / elementsOfGroup * FewestOfLane);
        var reduction = new Reduction
        {
            Target = arena.Parts.Of(Checked((long)elements * parts)), Elements = elements, Length = length, Chunk = Parts(length, parts),
        };
        device.CountLaunch();
        kernel.Launch(device, checked(groups * parts), arguments, reduction);
        reduction.Length = parts;
        device.CountLaunch();
        adding.Launch(device, Parts(elements, adding.Threads), targets, reduction);
    }

    /// <summary>Launches a product.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="tiles">Groups of one part.</param>
    /// <param name="inner">Length of the axis that is summed over.</param>
    /// <param name="splits">Whether that axis may be cut into parts.</param>
    /// <param name="target">The target.</param>
    /// <param name="size">Its size.</param>
    /// <param name="adds">Whether the target keeps what it held.</param>
    /// <param name="arguments">What the kernel reads.</param>
    public void Multiply<T>(
        GpuReduction<T> kernel, int tiles, int inner, bool splits, ArrayView<float> target, int size, bool adds, in T arguments)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(kernel);
        int parts = splits ? PartsOf(tiles, inner, FewestInner) : 1;
        int chunk = Parts(Parts(inner, parts), InnerOfTile) * InnerOfTile;
        Reduce(kernel, tiles, Parts(inner, chunk), chunk, inner, target, size, adds, arguments);
    }

    /// <summary>Launches several products that add up rows, and adds them to their targets.</summary>
    /// <param name="kernel">The kernel of the products.</param>
    /// <param name="arguments">What it reads.</param>
    /// <param name="adding">The kernel that adds the products' parts.</param>
    /// <param name="targets">Where to.</param>
    /// <param name="products">Sizes of the products.</param>
    public void MultiplyAll<TArguments, TTargets>(
        GpuReduction<TArguments> kernel, in TArguments arguments, GpuReduction<TTargets> adding, in TTargets targets, ReadOnlySpan<ProductSum> products)
        where TArguments : struct
        where TTargets : struct
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(adding);
        var reduction = new Reduction { Chunk = ChunkOf(products) };
        (int groups, int elements, long size) = (0, 0, 0);
        foreach (ProductSum product in products)
        {
            int parts = GroupReduction.Parts(reduction, product.Inner);
            groups = checked(groups + (product.Tiles * parts));
            elements = checked(elements + product.Elements);
            size += (long)product.Elements * parts;
        }

        reduction.Target = arena.Parts.Of(Checked(size));
        device.CountLaunch();
        kernel.Launch(device, groups, arguments, reduction);
        device.CountLaunch();
        adding.Launch(device, Parts(elements, adding.Threads), targets, reduction);
    }

    /// <summary>How many parts a sum is cut into: a function of sizes only, so that every device adds in the same order.</summary>
    private static int PartsOf(int groups, int length, int fewest) =>
        Math.Clamp(Math.Min(WantedGroups / Math.Max(groups, 1), length / fewest), 1, MostParts);

    /// <summary>Inner elements of a part of all products, so that their groups have as much to do: a function of sizes only, too.</summary>
    private static int ChunkOf(ReadOnlySpan<ProductSum> products)
    {
        (long work, int longest) = (0, 1);
        foreach (ProductSum product in products)
        {
            work += (long)product.Tiles * product.Inner;
            longest = Math.Max(longest, product.Inner);
        }

        long chunk = Math.Max(FewestInner, Math.Max((work + WantedGroups - 1) / WantedGroups, Parts(longest, MostParts)));
        return checked(Parts((int)Math.Min(chunk, longest), InnerOfTile) * InnerOfTile);
    }

    private void Reduce<T>(
        GpuReduction<T> kernel, int groups, int parts, int chunk, int length, ArrayView<float> target, int size, bool adds, in T arguments)
        where T : struct
    {
        var reduction = new Reduction { Elements = size, Length = length, Chunk = chunk };
        device.CountLaunch();
        if (parts <= 1)
        {
            reduction.Target = target;
            reduction.Adds = adds ? 1 : 0;
            kernel.Launch(device, groups, arguments, reduction);
            return;
        }

        reduction.Target = arena.Parts.Of(Checked((long)size * parts));
        kernel.Launch(device, checked(groups * parts), arguments, reduction);
        Launch(
            MemoryKernels.AddPartsKernel, size, MemoryKernels.Threads,
            new MemoryKernels.AddPartsArguments
            {
                Target = target, Parts = reduction.Target, Elements = size, Count = parts, Adds = adds ? 1 : 0,
            });
    }
}
