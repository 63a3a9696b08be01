using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests;

/// <summary>
/// The part of <see cref="GraphInterpreter"/> for convolution and pooling: one loop over all triples of places.
/// </summary>
internal static class WindowInterpreter
{
    public static double[] Evaluate(Node node, Node[] inputs, double[][] x)
    {
        double[] result = new double[node.Shape.Count];
        switch (node.Operation)
        {
            case Convolve operation:
                Products(operation, inputs[0].Shape, inputs[1].Shape, node.Shape, (i, k, r) => result[r] += x[0][i] * x[1][k]);
                break;
            case ConvolveInputGradient gradient:
                Products(
                    gradient.Forward, node.Shape, inputs[1].Shape, inputs[0].Shape, (i, k, r) => result[i] += x[0][r] * x[1][k]);
                break;
            case ConvolveKernelGradient gradient:
                Products(
                    gradient.Forward, inputs[0].Shape, node.Shape, inputs[1].Shape, (i, k, r) => result[k] += x[0][i] * x[1][r]);
                break;
            case MaxPool pool:
                EachWindow(pool.Window, inputs[0].Shape, node.Shape, (r, pixels) => result[r] = pixels.Max(i => x[0][i]));
                break;
            case MaxPoolGradient pool:
                EachWindow(
                    pool.Window, node.Shape, inputs[1].Shape, (r, pixels) => result[pixels.MaxBy(i => x[0][i])] += x[1][r]);
                break;
            case AveragePool pool:
                EachWindow(pool.Window, inputs[0].Shape, node.Shape, (r, pixels) => result[r] = pixels.Average(i => x[0][i]));
                break;
            case AveragePoolGradient pool:
                EachWindow(
                    pool.Window,
                    node.Shape,
                    inputs[0].Shape,
                    (r, pixels) => pixels.ForEach(i => result[i] += x[0][r] / pixels.Count));
                break;
            default:
                throw new InvalidOperationException($"The interpreter does not know '{node.Operation.Name}'.");
        }
        return result;
    }

    /// <summary>Visits flat places of image, kernel and result that are multiplied.</summary>
    private static void Products(Convolve operation, Shape image, Shape kernel, Shape result, Action<int, int, int> visit)
    {
        int channels = kernel[2];
        int outputsEach = kernel[3] / operation.Groups;
        for (int r = 0; r < result.Count; r++)
        {
            (int row, int column, int output) = (r / result[2] / result[1], r / result[2] % result[1], r % result[2]);
            for (int k = 0; k < kernel[0] * kernel[1] * channels; k++)
            {
                int y = (row * operation.StrideY) - operation.Top + (k / channels / kernel[1]);
                int x = (column * operation.StrideX) - operation.Left + (k / channels % kernel[1]);
                int channel = (output / outputsEach * channels) + (k % channels);
                if (y >= 0 && y < image[0] && x >= 0 && x < image[1])
                {
                    visit((((y * image[1]) + x) * image[2]) + channel, (k * kernel[3]) + output, r);
                }
            }
        }
    }

    /// <summary>Visits each window: its flat place in the result and those of its pixels in row-major order.</summary>
    private static void EachWindow(Window window, Shape image, Shape result, Action<int, List<int>> visit)
    {
        int place = 0;
        foreach (int[] to in GraphInterpreter.Indices(result))
        {
            List<int> pixels = [];
            for (int i = 0; i < window.SizeY * window.SizeX; i++)
            {
                int y = (to[0] * window.StrideY) - window.Top + (i / window.SizeX);
                int x = (to[1] * window.StrideX) - window.Left + (i % window.SizeX);
                if (y >= 0 && y < image[0] && x >= 0 && x < image[1])
                {
                    pixels.Add((((y * image[1]) + x) * image[2]) + to[2]);
                }
            }
            visit(place++, pixels);
        }
    }
}
