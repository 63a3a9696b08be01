namespace HyperDsl;

/// <summary>Which channels the first layer of a <see cref="KernelGenerator"/> runs over.</summary>
[HyperLibrary]
public enum KernelMap
{
    /// <summary>The equations of the paper: a hidden vector for each input channel.</summary>
    Direct,

    /// <summary>
    /// A hidden vector for each output channel, as the notebook of the original authors has it: it reads a matrix with a row for
    /// each input channel as [out, in, f, f] and reverses the axes. Number (c·f + a)·f + b of its second layer is
    /// <c>outer[b, a, c]</c> here.
    /// </summary>
    Transposed,
}
