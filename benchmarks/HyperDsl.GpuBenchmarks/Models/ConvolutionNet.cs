using static HyperDsl.TensorMath;

namespace HyperDsl.Benchmarks.Models;

/// <summary>Two convolutions of 3×3 on colour images, and a linear layer on the mean over the image.</summary>
/// <param name="channels">Channels of both convolutions.</param>
[Network]
public abstract partial class ConvolutionNet(int channels) : Model
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 32;

    /// <summary>Channels of an image.</summary>
    public const int Colours = 3;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private readonly Convolution2d first = new(Colours, channels, 3);
    private readonly Convolution2d second = new(channels, channels, 3);
    private readonly Linear readout = new(channels, Classes);

    /// <summary>Cross-entropy of the true class.</summary>
    /// <param name="image">Values of pixels.</param>
    /// <param name="label">The true class.</param>
    [Loss]
    public Tensor Loss([Shape(Side, Side, Colours)] Tensor image, [Classes(Classes)] Label label)
    {
        Tensor x = Relu(second.Call(Relu(first.Call(image))));
        return CrossEntropy(readout.Call(Mean(x, [0, 1])), label);
    }
}

/// <summary>With 64 channels.</summary>
[HyperModel]
public sealed partial class Convolution64() : ConvolutionNet(64);

/// <summary>With 2 channels, to see that everything runs.</summary>
[HyperModel]
public sealed partial class TinyConvolution() : ConvolutionNet(2);
