using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// A convolution whose kernel a <see cref="KernelGenerator"/> makes of this layer's own embeddings (Ha, Dai and Le 2016, equations 2
/// and 3). Many layers share one generator.
/// </summary>
[Network]
public sealed partial class StaticHyperConv
{
    [Hyper]
    private readonly KernelGenerator generator;

    [Hyper]
    private readonly Weight embedding;
    private readonly Weight? bias;
    private readonly int stride;
    private readonly Padding padding;

    /// <param name="generator">Makes the basic kernels.</param>
    /// <param name="inBlocks">How many basic kernels side by side over the input channels.</param>
    /// <param name="outBlocks">How many basic kernels side by side over the output channels.</param>
    /// <param name="stride">Pixels from one window to the next.</param>
    /// <param name="padding">Zeros around; <see cref="Padding.Same"/> when not given.</param>
    /// <param name="bias">Whether there is a bias for each output channel; it begins at 0.</param>
    /// <param name="init">
    /// How the embeddings [inBlocks, outBlocks, embedding] begin; when not given, truncated normal with mean 0.01 and sigma 1, which
    /// is what the authors' notebook computes.
    /// </param>
    public StaticHyperConv(
        KernelGenerator generator,
        int inBlocks = 1,
        int outBlocks = 1,
        int stride = 1,
        Padding? padding = null,
        bool bias = true,
        Initialiser? init = null)
    {
        this.generator = generator;
        embedding = new Weight(inBlocks, outBlocks, generator.EmbeddingWidth)
        {
            Init = init ?? Initialiser.TruncatedNormal(0.01, 1),
        };
        this.bias = bias ? new Weight(outBlocks * generator.Outputs) : null;
        this.stride = stride;
        this.padding = padding ?? Padding.Same;
    }

    /// <summary>The generated kernel, [size, size, inBlocks · inputs, outBlocks · outputs].</summary>
    public Tensor Kernel() => generator.GenerateTiles(embedding);

    /// <param name="image">[height, width, inBlocks · inputs].</param>
    /// <returns>[output height, output width, outBlocks · outputs].</returns>
    /// <exception cref="TensorShapeException">The shape does not fit.</exception>
    public Tensor Call(Tensor image)
    {
        Tensor y = Conv2d(image, Kernel(), stride, padding);
        return bias is null ? y : y + bias;
    }
}
