using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class Convolution
{
    /// <summary>
    /// Correlates one image with a kernel: result[y, x, o] = Σ image[y StrideY + ky, x StrideX + kx, i] · kernel[ky, kx, i, o].
    /// </summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">[height, width, inputs].</param>
    /// <param name="packedKernel">The kernel, from <see cref="PackKernel{T}"/>.</param>
    /// <param name="result">[output height, output width, outputs].</param>
    /// <param name="accumulate">Whether to add to the result.</param>
    public static void Correlate<T>(in CorrelationShape shape, T* image, T* packedKernel, T* result, bool accumulate)
        where T : unmanaged
    {
        if (shape.IsDepthwise)
        {
            CorrelateDepthwise(shape, image, packedKernel, result, accumulate);
            return;
        }

        var depth = shape.KernelHeight * shape.KernelWidth * shape.GroupInputs;
        var size = Gemm.PackedSize<T>(depth, shape.GroupOutputs);
        for (var group = 0; group < shape.Groups; group++)
        {
            var groupImage = image + (group * shape.GroupInputs);
            var groupResult = result + (group * shape.GroupOutputs);
            if (shape.KernelHeight == 1 && shape.KernelWidth == 1 && shape.StrideY == 1 && shape.StrideX == 1)
            {
                Gemm.MultiplyPacked(
                    shape.InputHeight * shape.InputWidth,
                    shape.GroupOutputs,
                    depth,
                    groupImage,
                    shape.InputChannels,
                    packedKernel + (group * size),
                    groupResult,
                    shape.OutputChannels,
                    accumulate);
            }
            else
            {
                CorrelateGroup(shape, groupImage, packedKernel + (group * size), groupResult, accumulate);
            }
        }
    }

    private static void CorrelateGroup<T>(in CorrelationShape shape, T* image, T* kernel, T* result, bool accumulate)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var depth = shape.KernelHeight * shape.KernelWidth * shape.GroupInputs;
        for (var column = 0; column < shape.GroupOutputs;)
        {
            var panels = shape.GroupOutputs - column > lanes ? TileKernel.MaxPanels : 1;
            var columns = Math.Min(shape.GroupOutputs - column, panels * lanes);
            var task = new TileTask<T>
            {
                A = image,
                ARow = shape.StrideX * shape.InputChannels,
                AInner = 1,
                AOuter = shape.InputWidth * shape.InputChannels,
                B = kernel + ((long)column * depth),
                BPanel = (nint)depth * lanes,
                BInner = lanes,
                C = result + column,
                CRow = shape.OutputChannels,
                Accumulate = accumulate,
            };
            CorrelatePanels(shape, panels, columns, task);
            column += panels * lanes;
        }
    }

    /// <summary>One or two panels of outputs for the whole image; two short rows of the result share a block.</summary>
    private static void CorrelatePanels<T>(in CorrelationShape shape, int panels, int columns, TileTask<T> task)
        where T : unmanaged
    {
        var (height, width) = (shape.OutputHeight, shape.OutputWidth);
        var imageStep = (nint)shape.StrideY * shape.InputWidth * shape.InputChannels;
        var resultStep = (nint)width * shape.OutputChannels;
        var together = height > 1 && 2 * width <= TileKernel.MaxRows(panels) ? 2 : 1;
        for (var y = 0; y < height;)
        {
            var rows = Math.Min(together, height - y);
            if (shape.Groups > 1)
            {
                CorrelateRowOfGroup(shape, panels, columns, task);
                rows = 1;
            }
            else
            {
                task.Outer = shape.KernelHeight;
                task.Inner = shape.KernelWidth * shape.InputChannels;
                task.BOuter = (nint)task.Inner * Vector512<T>.Count;
                if (rows == 2)
                {
                    task.ASplit = imageStep;
                    TileKernel.RunColumns(2 * width, panels, columns, task);
                }
                else
                {
                    TileKernel.RunRows(width, panels, columns, task);
                }
            }

            task.A += rows * imageStep;
            task.C += rows * resultStep;
            y += rows;
        }
    }

    /// <summary>A row of the result of one of several groups: a window's channels are not contiguous, so the kernel's rows take turns.</summary>
    private static void CorrelateRowOfGroup<T>(in CorrelationShape shape, int panels, int columns, TileTask<T> task)
        where T : unmanaged
    {
        var imageRow = task.AOuter;
        task.Outer = shape.KernelWidth;
        task.Inner = shape.GroupInputs;
        task.AOuter = shape.InputChannels;
        task.BOuter = (nint)task.Inner * Vector512<T>.Count;
        for (var ky = 0; ky < shape.KernelHeight; ky++)
        {
            TileKernel.RunRows(shape.OutputWidth, panels, columns, task);
            task.A += imageRow;
            task.B += shape.KernelWidth * task.BOuter;
            task.Accumulate = true;
        }
    }
}
