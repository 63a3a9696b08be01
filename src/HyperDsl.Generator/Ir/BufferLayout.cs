namespace HyperDsl.Generator.Ir;

/// <summary>How values lie in flat buffers; the runtime's <c>ParameterStore</c> has the same rule.</summary>
internal static class BufferLayout
{
    /// <summary>Values begin at multiples of this many elements: 64 bytes of single precision.</summary>
    private const int Alignment = 16;

    /// <summary>The first place, in elements, where a value may begin after so many.</summary>
    /// <exception cref="OverflowException">There is none below 2³¹.</exception>
    public static int Aligned(int elements) => checked(elements + Alignment - 1) / Alignment * Alignment;
}
