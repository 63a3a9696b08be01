namespace HyperDsl;

/// <summary>Gradients of a model's parameters, laid out as they are.</summary>
public sealed unsafe class GradientStore
{
    private readonly AlignedBuffer<float> buffer;
    private readonly ParameterStore parameters;

    /// <summary>Makes room for the gradients of these parameters.</summary>
    public GradientStore(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = parameters;
        buffer = new AlignedBuffer<float>(parameters.Length);
    }

    /// <summary>The flat buffer.</summary>
    public Span<float> Values => buffer.Span;

    /// <summary>The beginning of the flat buffer, aligned to 64 bytes; valid as long as this object lives.</summary>
    public float* Pointer => buffer.Pointer;

    /// <summary>The gradient of a weight.</summary>
    /// <exception cref="KeyNotFoundException">There is no weight of that name.</exception>
    public Span<float> this[string name]
    {
        get
        {
            Span<float> weight = parameters[name];
            long offset = System.Runtime.CompilerServices.Unsafe.ByteOffset(
                ref System.Runtime.InteropServices.MemoryMarshal.GetReference(parameters.Values),
                ref System.Runtime.InteropServices.MemoryMarshal.GetReference(weight)) / sizeof(float);
            return Values.Slice((int)offset, weight.Length);
        }
    }

    /// <summary>Sets all gradients to 0.</summary>
    public void Clear() => Values.Clear();
}
