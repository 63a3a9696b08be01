using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A kernel of 2×3 blocks made at once, and the same blocks made one by one and put together.</summary>
[Network]
public abstract partial class KernelTiles(KernelMap map) : Model
{
    public const int Size = 3;
    public const int Inputs = 4;
    public const int Outputs = 5;
    public const int InBlocks = 2;
    public const int OutBlocks = 3;
    public const int Embedding = 4;

    private readonly KernelGenerator generator = new(Inputs, Outputs, Size, Embedding, hidden: 6, map);

    [Predict]
    public Tensor Tiled([Shape(InBlocks, OutBlocks, Embedding)] Tensor z) => generator.GenerateTiles(z);

    [Predict]
    public Tensor OneByOne([Shape(InBlocks, OutBlocks, Embedding)] Tensor z)
    {
        var rows = new List<Tensor>();
        for (int i = 0; i < InBlocks; i++)
        {
            rows.Add(Concat(3, [.. Enumerable.Range(0, OutBlocks).Select(o => generator.Generate(z[i][o]))]));
        }

        return Concat(2, [.. rows]);
    }
}

[HyperModel(Float64 = true)]
public sealed partial class DirectKernelTiles() : KernelTiles(KernelMap.Direct);

[HyperModel(Float64 = true)]
public sealed partial class TransposedKernelTiles() : KernelTiles(KernelMap.Transposed);
