namespace HyperDsl.Gpu;

/// <summary>There is no device of the wanted kind, or its driver is missing or too old. The message says what to do.</summary>
public sealed class GpuNotFoundException : Exception
{
    /// <summary>Makes the exception.</summary>
    public GpuNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public GpuNotFoundException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
