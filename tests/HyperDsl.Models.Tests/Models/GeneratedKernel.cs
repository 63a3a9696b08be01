using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A convolution whose kernel is generated of the image it is applied to, another one for every example.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GeneratedKernel : Model
{
    public const int Side = 6;
    public const int Classes = 3;
    private const int Size = 3;
    private const int Channels = 4;

    private readonly Linear reader = new(Side * Side * 2, 4);
    [Hyper]
    private readonly Linear generator = new(4, Size * Size * 2 * Channels);
    private readonly Weight shared = new(Size, Size, 2, Channels) { Init = Initialiser.HeNormal };
    private readonly Linear readout = new(Channels, Classes);

    [Predict]
    public Tensor Logits([Shape(Side, Side, 2)] Tensor image)
    {
        Tensor code = Tanh(reader.Call(Flatten(image)));
        Tensor kernel = shared + Reshape(generator.Call(code), Size, Size, 2, Channels);
        Tensor y = Softplus(Conv2d(image, kernel));
        return readout.Call(Mean(y, [0, 1]));
    }

    [Loss]
    public Tensor Loss([Shape(Side, Side, 2)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);
}
