using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>Batch normalisation, a loop over residual blocks, grouped and depthwise convolutions, strides.</summary>
[HyperModel(Float64 = true)]
public sealed partial class ResidualNetwork : Model
{
    public const int Side = 9;
    public const int Classes = 4;
    private const int Channels = 8;

    private readonly Convolution2d stem = new(3, Channels, 3, stride: 2, bias: false);
    private readonly List<ResidualBlock> blocks = [new(Channels, groups: 1), new(Channels, groups: 2), new(Channels, groups: Channels)];
    private readonly Convolution2d narrow = new(Channels, 6, 2, stride: 2, padding: Padding.Valid);
    private readonly BatchNorm norm = new(6);
    private readonly Linear readout = new(6, Classes);

    [Predict]
    public Tensor Logits([Shape(Side, Side, 3)] Tensor image)
    {
        Tensor x = stem.Call(image);
        foreach (ResidualBlock block in blocks)
        {
            x = block.Call(x);
        }

        return readout.Call(Mean(Tanh(norm.Call(narrow.Call(x))), [0, 1]));
    }

    [Loss]
    public Tensor Loss([Shape(Side, Side, 3)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);
}

/// <summary>Two normalised convolutions around which the input passes.</summary>
[Network]
public sealed partial class ResidualBlock(int channels, int groups)
{
    private readonly BatchNorm first = new(channels);
    private readonly Convolution2d widen = new(channels, 2 * channels, 3, groups: groups, bias: false);
    private readonly BatchNorm second = new(2 * channels, momentum: 0.7);
    private readonly Convolution2d narrow = new(2 * channels, channels, 1, bias: false);

    public Tensor Call(Tensor x) => x + narrow.Call(Relu(second.Call(widen.Call(Relu(first.Call(x))))));
}
