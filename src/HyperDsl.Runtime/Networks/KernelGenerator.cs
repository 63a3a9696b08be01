using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// The static hypernetwork of Ha, Dai and Le 2016, equation 2: convolution kernels from embeddings by two linear layers, of which
/// the second is shared by all input channels c,
/// <code>
/// a[c]            = W[c] z + B[c]
/// K[ky, kx, c, o] = ⟨W_out[ky, kx, o], a[c]⟩ + B_out[ky, kx, o]
/// </code>
/// </summary>
/// <remarks>
/// Weights begin as in the authors' notebook: truncated normal with sigma 0.01, biases 0. The default map,
/// <see cref="KernelMap.Direct"/>, is that of these equations; with <see cref="KernelMap.Transposed"/>, the notebook's, the roles of c and
/// o are exchanged. On MNIST the transposed map gave the lower test error (docs/results.md).
/// </remarks>
[Network]
public sealed partial class KernelGenerator
{
    private readonly Weight inner;
    private readonly Weight innerBias;
    private readonly Weight outer;
    private readonly Weight outerBias;
    private readonly KernelMap map;

    /// <param name="inputs">Input channels of a kernel.</param>
    /// <param name="outputs">Output channels of a kernel.</param>
    /// <param name="size">Rows and columns of a kernel.</param>
    /// <param name="embedding">Length of z.</param>
    /// <param name="hidden">Length of each a[c]; the paper takes that of z.</param>
    /// <param name="map">Which channels the first layer runs over: those of the input unless given.</param>
    public KernelGenerator(int inputs, int outputs, int size, int embedding, int hidden, KernelMap map = KernelMap.Direct)
    {
        int rows = map == KernelMap.Direct ? inputs : outputs;
        int columns = map == KernelMap.Direct ? outputs : inputs;
        inner = new Weight(rows, hidden, embedding) { Init = Initialiser.TruncatedNormal(0, 0.01) };
        innerBias = new Weight(rows, hidden);
        outer = new Weight(size, size, columns, hidden) { Init = Initialiser.TruncatedNormal(0, 0.01) };
        outerBias = new Weight(size, size, columns);
        this.map = map;
        Inputs = inputs;
        Outputs = outputs;
        EmbeddingWidth = embedding;
    }

    /// <summary>Input channels of a kernel.</summary>
    public int Inputs { get; }

    /// <summary>Output channels of a kernel.</summary>
    public int Outputs { get; }

    /// <summary>Length of an embedding.</summary>
    public int EmbeddingWidth { get; }

    /// <summary>One kernel.</summary>
    /// <param name="z">[embedding].</param>
    /// <returns>[size, size, inputs, outputs].</returns>
    /// <exception cref="TensorShapeException">The embedding has another shape.</exception>
    public Tensor Generate(Tensor z)
    {
        if (z.Rank != 1 || z.Count != EmbeddingWidth)
        {
            throw new TensorShapeException(
                $"KernelGenerator makes a kernel of an embedding [{EmbeddingWidth}], but got {z.Count} elements on {z.Rank} axes. "
                + "GenerateTiles makes a kernel of several embeddings.");
        }
        Tensor a = Dot(inner, z) + innerBias;
        return map == KernelMap.Direct
            ? Einsum("yxod,cd->yxco", outer, a) + Expand(outerBias, 2)
            : Einsum("yxcd,od->yxco", outer, a) + Expand(outerBias, 3);
    }

    /// <summary>
    /// A larger kernel put together of basic ones, each with its own embedding (equation 3): rows of the grid run over blocks of
    /// input channels, columns over blocks of output channels.
    /// </summary>
    /// <param name="z">[input blocks, output blocks, embedding].</param>
    /// <returns>[size, size, input blocks · inputs, output blocks · outputs].</returns>
    /// <exception cref="TensorShapeException">The embeddings have another shape.</exception>
    public Tensor GenerateTiles(Tensor z)
    {
        if (z.Rank != 3 || z.Shape[2] != EmbeddingWidth)
        {
            throw new TensorShapeException(
                $"KernelGenerator takes a grid of embeddings [input blocks, output blocks, {EmbeddingWidth}], but got {z.Count} elements on "
                + $"{z.Rank} axes.");
        }
        int size = outer.Shape[0];
        int columns = outer.Shape[2];
        Tensor a = Einsum("ijz,cdz->ijcd", z, inner) + innerBias;
        Tensor tiles = map == KernelMap.Direct
            ? Einsum("yxod,ijcd->yxicjo", outer, a) + Reshape(outerBias, size, size, 1, 1, 1, columns)
            : Einsum("yxcd,ijod->yxicjo", outer, a) + Reshape(outerBias, size, size, 1, columns, 1, 1);
        return Reshape(tiles, size, size, z.Shape[0] * Inputs, z.Shape[1] * Outputs);
    }
}
