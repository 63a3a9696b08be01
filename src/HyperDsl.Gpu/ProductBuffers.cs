using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>How products that are launched together find their buffers in arenas and store what they computed. ILGPU compiles these methods into the kernel.</summary>
public static class ProductBuffers
{
    /// <summary>The buffer that begins at an element of an arena.</summary>
    public static ArrayView<float> From(ArrayView<float> arena, int element) => arena.SubView(element);

    /// <summary>The buffer that begins at an element of an arena, a multiple of 16 bytes: a device's compiler cannot see that.</summary>
    public static ArrayView<float> AlignedFrom(ArrayView<float> arena, int element) => arena.SubView(element).AsAligned(16);

    /// <summary>The same buffer, which begins at a multiple of 16 bytes.</summary>
    public static ArrayView<float> Aligned(ArrayView<float> buffer) => buffer.AsAligned(16);

    /// <summary>Writes an element.</summary>
    public static void Write(ArrayView<float> target, int element, float value) => target[element] = value;

    /// <summary>Writes four neighbouring elements, the first at a multiple of 16 bytes.</summary>
    public static void Write(ArrayView<float> target, int element, Float4 value) => target.Cast<Float4>()[element / 4] = value;
}
