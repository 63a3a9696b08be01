using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Correlation of each channel with a kernel of its own: no sums over channels, so a vector holds channels of one pixel.</summary>
public static unsafe partial class Convolution
{
    private static void CorrelateDepthwise<T>(in CorrelationShape shape, T* image, T* kernel, T* result, bool accumulate)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var channels = shape.OutputChannels;
        for (var channel = 0; channel < channels; channel += lanes)
        {
            var count = Math.Min(lanes, channels - channel);
            var panel = kernel + ((long)channel * shape.KernelHeight * shape.KernelWidth);
            for (var y = 0; y < shape.OutputHeight; y++)
            {
                var window = image + ((long)y * shape.StrideY * shape.InputWidth * channels) + channel;
                var target = result + ((long)y * shape.OutputWidth * channels) + channel;
                var x = 0;
                for (; x <= shape.OutputWidth - 4; x += 4)
                {
                    FourPixels(shape, window + (x * shape.StrideX * channels), panel, target + (x * channels), count, accumulate);
                }

                for (; x < shape.OutputWidth; x++)
                {
                    OnePixel(shape, window + (x * shape.StrideX * channels), panel, target + (x * channels), count, accumulate);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourPixels<T>(in CorrelationShape shape, T* window, T* kernel, T* result, int count, bool accumulate)
        where T : unmanaged
    {
        var channels = (nint)shape.OutputChannels;
        var step = shape.StrideX * channels;
        Vector512<T> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var ky = 0; ky < shape.KernelHeight; ky++, window += shape.InputWidth * channels)
        {
            var pixel = window;
            for (var kx = 0; kx < shape.KernelWidth; kx++, pixel += channels, kernel += Vector512<T>.Count)
            {
                var weight = Vector512.Load(kernel);
                s0 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel, count), weight, s0);
                s1 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel + step, count), weight, s1);
                s2 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel + (2 * step), count), weight, s2);
                s3 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel + (3 * step), count), weight, s3);
            }
        }

        WritePixel(s0, result, count, accumulate);
        WritePixel(s1, result + channels, count, accumulate);
        WritePixel(s2, result + (2 * channels), count, accumulate);
        WritePixel(s3, result + (3 * channels), count, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OnePixel<T>(in CorrelationShape shape, T* window, T* kernel, T* result, int count, bool accumulate)
        where T : unmanaged
    {
        var sum = Vector512<T>.Zero;
        for (var ky = 0; ky < shape.KernelHeight; ky++, window += shape.InputWidth * shape.OutputChannels)
        {
            var pixel = window;
            for (var kx = 0; kx < shape.KernelWidth; kx++, pixel += shape.OutputChannels, kernel += Vector512<T>.Count)
            {
                sum = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel, count), Vector512.Load(kernel), sum);
            }
        }

        WritePixel(sum, result, count, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePixel<T>(Vector512<T> value, T* target, int count, bool accumulate)
        where T : unmanaged
        => VectorMath.StoreFirst(accumulate ? value + VectorMath.LoadFirst(target, count) : value, target, count);

    private static void KernelGradientDepthwise<T>(in CorrelationShape shape, T* image, T* gradient, T* kernelGradient)
        where T : unmanaged
    {
        var channels = shape.OutputChannels;
        for (var channel = 0; channel < channels; channel += Vector512<T>.Count)
        {
            var count = Math.Min(Vector512<T>.Count, channels - channel);
            for (var tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                var (ky, kx) = (tap / shape.KernelWidth, tap % shape.KernelWidth);
                var pixel = image + ((((long)ky * shape.InputWidth) + kx) * channels) + channel;
                var sum = SumOverPixels(shape, pixel, gradient + channel, count);
                WritePixel(sum, kernelGradient + ((long)tap * channels) + channel, count, accumulate: true);
            }
        }
    }

    /// <summary>Σ over y, x of the image at (y StrideY, x StrideX) times the gradient at (y, x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<T> SumOverPixels<T>(in CorrelationShape shape, T* image, T* gradient, int count)
        where T : unmanaged
    {
        var channels = (nint)shape.OutputChannels;
        var step = shape.StrideX * channels;
        Vector512<T> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var y = 0; y < shape.OutputHeight; y++, image += shape.StrideY * shape.InputWidth * channels)
        {
            var pixel = image;
            var x = 0;
            for (; x <= shape.OutputWidth - 4; x += 4, pixel += 4 * step, gradient += 4 * channels)
            {
                s0 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel, count), VectorMath.LoadFirst(gradient, count), s0);
                s1 = VectorMath.FusedMultiplyAdd(
                    VectorMath.LoadFirst(pixel + step, count), VectorMath.LoadFirst(gradient + channels, count), s1);
                s2 = VectorMath.FusedMultiplyAdd(
                    VectorMath.LoadFirst(pixel + (2 * step), count), VectorMath.LoadFirst(gradient + (2 * channels), count), s2);
                s3 = VectorMath.FusedMultiplyAdd(
                    VectorMath.LoadFirst(pixel + (3 * step), count), VectorMath.LoadFirst(gradient + (3 * channels), count), s3);
            }

            for (; x < shape.OutputWidth; x++, pixel += step, gradient += channels)
            {
                s0 = VectorMath.FusedMultiplyAdd(VectorMath.LoadFirst(pixel, count), VectorMath.LoadFirst(gradient, count), s0);
            }
        }

        return s0 + s1 + (s2 + s3);
    }
}
