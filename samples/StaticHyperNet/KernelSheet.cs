using HyperDsl.Storage;

namespace StaticHyperNet;

/// <summary>
/// A picture of convolution kernels side by side: each is a table of tiles, a row an input channel and a column an output
/// channel. Mid-grey is 0; black and white are minus and plus the kernel's largest magnitude.
/// </summary>
public static class KernelSheet
{
    private const int Zoom = 4;
    private const int Gap = 1;
    private const int Margin = 4;
    private const byte Background = 255;
    private const int Size = DigitNet.KernelSize;
    private const int Channels = DigitNet.Channels;
    private const int TableSide = (Channels * (Size + Gap)) - Gap;

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kernels">Kernels [7, 7, 16, 16].</param>
    public static void Save(string path, IReadOnlyList<float[]> kernels)
    {
        int width = Zoom * ((kernels.Count * (TableSide + Margin)) + Margin);
        int height = Zoom * (TableSide + (2 * Margin));
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, Background);
        for (int index = 0; index < kernels.Count; index++)
        {
            Draw(kernels[index], Margin + (index * (TableSide + Margin)), pixels, width);
        }

        PngImage.Save(path, width, height, channels: 1, pixels);
    }

    private static void Draw(float[] kernel, int left, byte[] pixels, int width)
    {
        float largest = Math.Max(kernel.Max(Math.Abs), float.Epsilon);
        for (int i = 0; i < kernel.Length; i++)
        {
            int output = i % Channels;
            int input = i / Channels % Channels;
            int x = i / (Channels * Channels) % Size;
            int y = i / (Channels * Channels * Size);
            byte grey = (byte)Math.Clamp(127.5f + (127.5f * kernel[i] / largest), 0, 255);
            int column = Zoom * (left + (output * (Size + Gap)) + x);
            int row = Zoom * (Margin + (input * (Size + Gap)) + y);
            for (int line = 0; line < Zoom; line++)
            {
                pixels.AsSpan(((row + line) * width) + column, Zoom).Fill(grey);
            }
        }
    }
}
