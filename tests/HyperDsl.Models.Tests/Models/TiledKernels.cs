using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>
/// Convolutions of several sizes whose kernels are put together of blocks that one generator makes (Ha, Dai and Le 2016,
/// equation 3): 2×3 and 3×2 blocks.
/// </summary>
[Network]
public abstract partial class TiledKernels : Model
{
    public const int Side = 6;
    public const int Classes = 4;
    private const int Inputs = 2;
    private const int Outputs = 2;

    private readonly Convolution2d stem = new(1, 2 * Inputs, 3);
    private readonly StaticHyperConv widen;
    private readonly StaticHyperConv narrow;
    private readonly Linear readout;

    protected TiledKernels(KernelMap map)
    {
        var init = Initialiser.Normal(0, 0.5);
        var generator = new KernelGenerator(Inputs, Outputs, 3, embedding: 4, hidden: 5, map);
        widen = new StaticHyperConv(generator, inBlocks: 2, outBlocks: 3, init: init);
        narrow = new StaticHyperConv(generator, inBlocks: 3, outBlocks: 2, stride: 2, init: init);
        readout = new Linear(Side / 2 * (Side / 2) * 2 * Outputs, Classes);
    }

    [Predict]
    public Tensor Logits([Shape(Side, Side, 1)] Tensor image) =>
        readout.Call(Flatten(Tanh(narrow.Call(Tanh(widen.Call(Tanh(stem.Call(image))))))));

    [Loss]
    public Tensor Loss([Shape(Side, Side, 1)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);
}

[HyperModel(Float64 = true)]
public sealed partial class DirectTiles() : TiledKernels(KernelMap.Direct);

[HyperModel(Float64 = true)]
public sealed partial class TransposedTiles() : TiledKernels(KernelMap.Transposed);
