using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>Gradients of a model's parameters, laid out as they are.</summary>
public sealed class GradientStore
{
    private readonly ParameterStore parameters;
    private readonly AlignedBuffer<float> buffer;

    /// <summary>Makes room for the gradients of these parameters.</summary>
    public GradientStore(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = parameters;
        buffer = new AlignedBuffer<float>(parameters.Length);
    }

    /// <summary>The memory of the flat buffer.</summary>
    public AlignedBuffer<float> Buffer
    {
        get
        {
            Host.Use();
            return buffer;
        }
    }

    /// <summary>Whether a device has newer values.</summary>
    internal HostCopy Host { get; } = new();

    /// <summary>The memory as it is, whatever a device has.</summary>
    internal Span<float> Unrefreshed => buffer.Span;

    /// <summary>The length of the flat buffer in elements, gaps included.</summary>
    public int Length => parameters.Length;

    /// <summary>The flat buffer; gaps between weights, and weights that are not trained, hold zeros.</summary>
    public Span<float> Values => Buffer.Span;

    /// <summary>The gradient of a weight.</summary>
    /// <exception cref="KeyNotFoundException">There is no weight of that name.</exception>
    public Span<float> this[string name]
    {
        get
        {
            ParameterPlan parameter = parameters.Plan(name);
            return Values.Slice(parameter.Offset, ShapeRules.Count(parameter.Shape));
        }
    }

    /// <summary>Sets all gradients to 0.</summary>
    public void Clear() => Values.Clear();
}
