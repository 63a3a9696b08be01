using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>How products that are launched together store what they computed. ILGPU compiles these methods into the kernel.</summary>
public static class ProductResult
{
    /// <summary>Writes an element.</summary>
    public static void Write(ArrayView<float> target, int element, float value) => target[element] = value;

    /// <summary>Writes four neighbouring elements, the first at a multiple of 16 bytes.</summary>
    public static void Write(ArrayView<float> target, int element, Float4 value) => target.Cast<Float4>()[element / 4] = value;
}
