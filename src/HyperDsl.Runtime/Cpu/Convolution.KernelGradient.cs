using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class Convolution
{
    /// <summary>
    /// Adds the gradient of the kernel for one image: kernelGradient[ky, kx, i, o] += Σ over y, x of
    /// image[y StrideY + ky, x StrideX + kx, i] · gradient[y, x, o].
    /// </summary>
    /// <param name="shape">The sizes of the forward correlation.</param>
    /// <param name="image">[height, width, inputs].</param>
    /// <param name="gradient">Gradient of the result, [output height, output width, outputs].</param>
    /// <param name="kernelGradient">[ky, kx, inputs / groups, outputs], not packed; added to.</param>
    public static void KernelGradient<T>(in CorrelationShape shape, T* image, T* gradient, T* kernelGradient)
        where T : unmanaged
    {
        if (shape.IsDepthwise)
        {
            KernelGradientDepthwise(shape, image, gradient, kernelGradient);
            return;
        }

        var lanes = Vector512<T>.Count;
        for (var group = 0; group < shape.Groups; group++)
        {
            for (var column = 0; column < shape.GroupOutputs;)
            {
                var left = shape.GroupOutputs - column;
                var panels = left >= 2 * lanes ? TileKernel.MaxPanels : 1;
                var output = (group * shape.GroupOutputs) + column;
                var task = new TileTask<T>
                {
                    Outer = shape.OutputHeight,
                    Inner = shape.OutputWidth,
                    A = image + (group * shape.GroupInputs),
                    ARow = 1,
                    AInner = shape.StrideX * shape.InputChannels,
                    AOuter = (nint)shape.StrideY * shape.InputWidth * shape.InputChannels,
                    B = gradient + output,
                    BPanel = lanes,
                    BInner = shape.OutputChannels,
                    BOuter = (nint)shape.OutputWidth * shape.OutputChannels,
                    C = kernelGradient + output,
                    CRow = shape.OutputChannels,
                    Accumulate = true,
                };
                if (left >= lanes)
                {
                    KernelGradientPanels(shape, panels, panels * lanes, task);
                }
                else
                {
                    KernelGradientPacking(shape, left, task);
                }

                column += panels * lanes;
            }
        }
    }

    /// <summary>
    /// All rows (ky, kx, input) of the gradient for one or two panels of outputs. With one group those of one ky are contiguous in
    /// the image; two short ones share a block.
    /// </summary>
    private static void KernelGradientPanels<T>(in CorrelationShape shape, int panels, int columns, TileTask<T> task)
        where T : unmanaged
    {
        var rows = shape.GroupInputs * (shape.Groups == 1 ? shape.KernelWidth : 1);
        var image = task.A;
        var imageRow = (nint)shape.InputWidth * shape.InputChannels;
        var together = 2 * rows <= TileKernel.MaxRows(panels) && shape.Groups == 1;
        for (var ky = 0; ky < shape.KernelHeight; ky++)
        {
            task.A = image + (ky * imageRow);
            if (together && ky + 1 < shape.KernelHeight)
            {
                task.ASplit = imageRow;
                TileKernel.RunColumns(2 * rows, panels, columns, task);
                task.C += 2 * rows * task.CRow;
                ky++;
                continue;
            }

            for (var kx = 0; kx < (shape.Groups == 1 ? 1 : shape.KernelWidth); kx++)
            {
                TileKernel.RunRows(rows, panels, columns, task);
                task.A += shape.InputChannels;
                task.C += rows * task.CRow;
            }
        }
    }

    /// <summary>Outputs that do not fill a vector: their gradient is copied to the stack a piece at a time, padded with zeros.</summary>
    [SkipLocalsInit]
    private static void KernelGradientPacking<T>(in CorrelationShape shape, int columns, TileTask<T> task)
        where T : unmanaged
    {
        const int MaxPixels = 512;
        var lanes = Vector512<T>.Count;
        var memory = stackalloc T[(MaxPixels * lanes) + lanes];
        var packed = (T*)(((nint)memory + 63) & ~63);
        var image = task.A;
        var gradient = task.B;
        var (height, width) = (shape.OutputHeight, shape.OutputWidth);
        var pieceWidth = Math.Min(width, MaxPixels);
        var pieceHeight = Math.Min(height, MaxPixels / pieceWidth);
        task.B = packed;
        for (var y = 0; y < height; y += pieceHeight)
        {
            for (var x = 0; x < width; x += pieceWidth)
            {
                task.Outer = Math.Min(pieceHeight, height - y);
                task.Inner = Math.Min(pieceWidth, width - x);
                for (var row = 0; row < task.Outer; row++)
                {
                    var source = gradient + ((((long)(y + row) * width) + x) * shape.OutputChannels);
                    Gemm.PackPanel(source, task.Inner, columns, shape.OutputChannels, 1, packed + (row * task.Inner * lanes));
                }

                task.A = image + (y * task.AOuter) + (x * task.AInner);
                (task.BInner, task.BOuter) = (lanes, (nint)task.Inner * lanes);
                KernelGradientPanels(shape, 1, columns, task);
            }
        }
    }
}
