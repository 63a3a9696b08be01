using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>Where a <see cref="GpuReduction{T}"/> writes, and how what it adds up is cut into parts.</summary>
public struct Reduction
{
    /// <summary>The sums; with several parts, those of one part after those of another.</summary>
    public ArrayView<float> Target;

    /// <summary>Elements of one part's sums.</summary>
    public int Elements;

    /// <summary>How many values are added up for each element.</summary>
    public int Length;

    /// <summary>How many of them a part adds up.</summary>
    public int Chunk;

    /// <summary>1 if sums are added to what the target holds, 0 if they replace it.</summary>
    public int Adds;
}
