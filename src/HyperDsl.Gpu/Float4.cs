namespace HyperDsl.Gpu;

/// <summary>Four neighbours in memory, which a thread loads or stores at once. Kernels use it; buffers of it begin at multiples of 16 bytes.</summary>
public struct Float4
{
    /// <summary>The first.</summary>
    public float X;

    /// <summary>The second.</summary>
    public float Y;

    /// <summary>The third.</summary>
    public float Z;

    /// <summary>The fourth.</summary>
    public float W;
}
