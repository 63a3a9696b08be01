using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Correlation of one image with a kernel and its gradients, for <c>float</c> and <c>double</c>. No image columns are ever copied: for a
/// row of the kernel a window (kx, input) is contiguous in the image, and the windows of neighbouring results are a constant
/// distance apart, so a row of the result is a matrix product whose left operand overlaps itself.
/// </summary>
public static unsafe partial class Convolution
{
    /// <summary>Elements of a packed kernel.</summary>
    public static long PackedKernelSize<T>(in CorrelationShape shape)
        where T : unmanaged
        => shape.IsDepthwise
            ? Gemm.PackedSize<T>(shape.KernelHeight * shape.KernelWidth, shape.OutputChannels)
            : shape.Groups * Gemm.PackedSize<T>(shape.KernelHeight * shape.KernelWidth * shape.GroupInputs, shape.GroupOutputs);

    /// <summary>Elements of a packed kernel of <c>float</c>.</summary>
    public static long PackedKernelSize(in CorrelationShape shape) => PackedKernelSize<float>(shape);

    /// <summary>Elements of a packed kernel of <c>double</c>.</summary>
    public static long PackedKernelSizeDouble(in CorrelationShape shape) => PackedKernelSize<double>(shape);

    /// <summary>Elements that <see cref="PackKernelFlipped{T}"/> writes for the kernel of the forward shape.</summary>
    public static long PackedKernelFlippedSize<T>(in CorrelationShape shape)
        where T : unmanaged
        => PackedKernelSize<T>(shape.InputGradient());

    /// <summary>Packs a kernel [ky, kx, input, output] for <see cref="Correlate{T}"/>: [group][panel][ky][kx][input][lanes], depthwise [panel][ky][kx][lanes].</summary>
    public static void PackKernel<T>(in CorrelationShape shape, T* kernel, T* packed)
        where T : unmanaged
    {
        var depth = shape.KernelHeight * shape.KernelWidth * shape.GroupInputs;
        if (shape.IsDepthwise)
        {
            Gemm.Pack(kernel, depth, shape.OutputChannels, shape.OutputChannels, 1, packed);
            return;
        }

        var size = Gemm.PackedSize<T>(depth, shape.GroupOutputs);
        for (var group = 0; group < shape.Groups; group++)
        {
            Gemm.Pack(kernel + (group * shape.GroupOutputs), depth, shape.GroupOutputs, shape.OutputChannels, 1, packed + (group * size));
        }
    }

    /// <summary>
    /// Packs the kernel of the gradient of the image: rotated by 180°, inputs and outputs of each group exchanged. Use it with
    /// <see cref="CorrelationShape.InputGradient"/>.
    /// </summary>
    /// <param name="shape">The forward shape.</param>
    /// <param name="kernel">The forward kernel [ky, kx, input, output].</param>
    /// <param name="packed"><see cref="PackedKernelFlippedSize{T}"/> elements.</param>
    public static void PackKernelFlipped<T>(in CorrelationShape shape, T* kernel, T* packed)
        where T : unmanaged
    {
        if (shape.IsDepthwise)
        {
            var last = kernel + ((((long)shape.KernelHeight * shape.KernelWidth) - 1) * shape.OutputChannels);
            Gemm.Pack(last, shape.KernelHeight * shape.KernelWidth, shape.OutputChannels, -shape.OutputChannels, 1, packed);
            return;
        }

        var lanes = Vector512<T>.Count;
        var (inputs, outputs) = (shape.GroupInputs, shape.GroupOutputs);
        var taps = shape.KernelHeight * shape.KernelWidth;
        var size = Gemm.PackedSize<T>(taps * outputs, inputs);
        for (var group = 0; group < shape.Groups; group++)
        {
            for (var input = 0; input < inputs; input += lanes)
            {
                var panel = packed + (group * size) + ((long)input * taps * outputs);
                for (var tap = 0; tap < taps; tap++)
                {
                    var source = kernel + ((((long)tap * inputs) + input) * shape.OutputChannels) + (group * outputs);
                    Gemm.PackPanel(
                        source,
                        outputs,
                        Math.Min(lanes, inputs - input),
                        1,
                        shape.OutputChannels,
                        panel + ((long)(taps - 1 - tap) * outputs * lanes));
                }
            }
        }
    }
}
