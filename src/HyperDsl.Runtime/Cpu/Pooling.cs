using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Pooling of one image [height, width, channels] for <c>float</c> and <c>double</c>, a vector of channels at a time. Padding never
/// wins a maximum and does not count in an average.
/// </summary>
public static unsafe class Pooling
{
    /// <summary>The largest value of each window and channel; NaN if a value is NaN. Writes the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxPool<T>(in PoolShape shape, T* image, T* result)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        for (var y = 0; y < shape.OutputHeight; y++)
        {
            for (var x = 0; x < shape.OutputWidth; x++, result += shape.Channels)
            {
                for (var channel = 0; channel < shape.Channels; channel += lanes)
                {
                    var count = Math.Min(lanes, shape.Channels - channel);
                    VectorMath.StoreFirst(WindowMaximum(shape, image + channel, y, x, count), result + channel, count);
                }
            }
        }
    }

    /// <summary>
    /// The gradient of <see cref="MaxPool{T}"/>: each window's gradient goes to its first maximum (or first NaN) in row-major order.
    /// Writes the whole image gradient; what it held is lost.
    /// </summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="image">The image of the forward pass.</param>
    /// <param name="gradient">Gradient of the result.</param>
    /// <param name="imageGradient">Gradient of the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxPoolGradient<T>(in PoolShape shape, T* image, T* gradient, T* imageGradient)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        Clear(shape, imageGradient);
        for (var y = 0; y < shape.OutputHeight; y++)
        {
            for (var x = 0; x < shape.OutputWidth; x++, gradient += shape.Channels)
            {
                for (var channel = 0; channel < shape.Channels; channel += lanes)
                {
                    var count = Math.Min(lanes, shape.Channels - channel);
                    AddToFirstMaximum(shape, image + channel, VectorMath.LoadFirst(gradient + channel, count), imageGradient + channel, y, x, count);
                }
            }
        }
    }

    /// <summary>The mean of each window and channel over the pixels that lie in the image. Writes the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AveragePool<T>(in PoolShape shape, T* image, T* result)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        for (var y = 0; y < shape.OutputHeight; y++)
        {
            for (var x = 0; x < shape.OutputWidth; x++, result += shape.Channels)
            {
                var (firstY, endY, firstX, endX) = shape.Window(y, x);
                var pixels = VectorMath.Create<T>((endY - firstY) * (endX - firstX));
                for (var channel = 0; channel < shape.Channels; channel += lanes)
                {
                    var count = Math.Min(lanes, shape.Channels - channel);
                    var sum = Vector512<T>.Zero;
                    for (var row = firstY; row < endY; row++)
                    {
                        var pixel = Pixel(shape, image, row, firstX) + channel;
                        for (var column = firstX; column < endX; column++, pixel += shape.Channels)
                        {
                            sum += VectorMath.LoadFirst(pixel, count);
                        }
                    }

                    VectorMath.StoreFirst(sum / pixels, result + channel, count);
                }
            }
        }
    }

    /// <summary>The gradient of <see cref="AveragePool{T}"/>. Writes the whole image gradient; what it held is lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AveragePoolGradient<T>(in PoolShape shape, T* gradient, T* imageGradient)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        Clear(shape, imageGradient);
        for (var y = 0; y < shape.OutputHeight; y++)
        {
            for (var x = 0; x < shape.OutputWidth; x++, gradient += shape.Channels)
            {
                var (firstY, endY, firstX, endX) = shape.Window(y, x);
                var pixels = VectorMath.Create<T>((endY - firstY) * (endX - firstX));
                for (var channel = 0; channel < shape.Channels; channel += lanes)
                {
                    var count = Math.Min(lanes, shape.Channels - channel);
                    var share = VectorMath.LoadFirst(gradient + channel, count) / pixels;
                    for (var row = firstY; row < endY; row++)
                    {
                        var pixel = Pixel(shape, imageGradient, row, firstX) + channel;
                        for (var column = firstX; column < endX; column++, pixel += shape.Channels)
                        {
                            VectorMath.StoreFirst(VectorMath.LoadFirst(pixel, count) + share, pixel, count);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> WindowMaximum<T>(in PoolShape shape, T* image, int y, int x, int count)
        where T : unmanaged
    {
        var (firstY, endY, firstX, endX) = shape.Window(y, x);
        var maximum = VectorMath.LoadFirst(Pixel(shape, image, firstY, firstX), count);
        for (var row = firstY; row < endY; row++)
        {
            var pixel = Pixel(shape, image, row, firstX);
            for (var column = firstX; column < endX; column++, pixel += shape.Channels)
            {
                maximum = VectorMath.Maximum(maximum, VectorMath.LoadFirst(pixel, count));
            }
        }

        return maximum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFirstMaximum<T>(
        in PoolShape shape, T* image, Vector512<T> gradient, T* imageGradient, int y, int x, int count)
        where T : unmanaged
    {
        var maximum = WindowMaximum(shape, image, y, x, count);
        var (firstY, endY, firstX, endX) = shape.Window(y, x);
        var open = Vector512<T>.AllBitsSet;
        for (var row = firstY; row < endY; row++)
        {
            var offset = (((long)row * shape.InputWidth) + firstX) * shape.Channels;
            for (var column = firstX; column < endX; column++, offset += shape.Channels)
            {
                var value = VectorMath.LoadFirst(image + offset, count);
                var wins = (Vector512.Equals(value, maximum) | ~Vector512.Equals(value, value)) & open;
                open &= ~wins;
                VectorMath.StoreFirst(VectorMath.LoadFirst(imageGradient + offset, count) + (gradient & wins), imageGradient + offset, count);
            }
        }
    }

    private static void Clear<T>(in PoolShape shape, T* image)
        where T : unmanaged
        => new Span<T>(image, checked(shape.InputHeight * shape.InputWidth * shape.Channels)).Clear();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Pixel<T>(in PoolShape shape, T* image, int y, int x)
        where T : unmanaged
        => image + ((((long)y * shape.InputWidth) + x) * shape.Channels);
}
