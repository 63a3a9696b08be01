using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>
/// Kernels of every example's own in all kinds of convolution: a mixture of learned kernels, strided and in groups, depthwise
/// kernels with their own bias, then attention over the places with generated queries.
/// </summary>
[HyperModel(Float64 = true)]
public sealed partial class KernelMixtures : Model
{
    public const int Side = 7;
    public const int Classes = 3;
    private const int Experts = 3;
    private const int Channels = 4;

    private readonly Linear router = new(2, Experts);
    [Hyper]
    private readonly Weight experts = new(Experts, 3, 3, 1, Channels) { Init = Initialiser.Normal(0, 0.4) };
    [Hyper]
    private readonly Linear depthwise = new(Experts, (2 * 2 * Channels) + Channels);
    [Hyper]
    private readonly Linear query = new(Experts, Channels);
    private readonly Linear readout = new(2 * Channels, Classes);

    [Predict]
    public Tensor Logits([Shape(Side, Side, 2)] Tensor image)
    {
        Tensor mixture = Softmax(router.Call(Mean(image, [0, 1])));
        Tensor kernel = Einsum("e,eyxio->yxio", mixture, experts);
        Tensor y = Tanh(Conv2d(image, kernel, stride: 2, groups: 2));

        Tensor generated = depthwise.Call(mixture);
        Tensor small = Reshape(generated[..^Channels], 2, 2, 1, Channels);
        y = Softplus(Conv2d(y, small, padding: Padding.Valid, groups: Channels) + generated[^Channels..]);

        Tensor places = Reshape(y, -1, Channels);
        Tensor attention = Softmax(Dot(places, query.Call(mixture)));
        return readout.Call(Concat(0, Dot(attention, places), Max(places, [0])));
    }

    [Loss]
    public Tensor Loss([Shape(Side, Side, 2)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);
}
