using StaticHyperNet;

namespace HyperDsl.Models;

/// <summary>Generated kernels: how many parameters they need, and of what they are put together.</summary>
public sealed class KernelTests
{
    private const int Basic = KernelTiles.Inputs * KernelTiles.Outputs;
    private const int Blocks = KernelTiles.InBlocks * KernelTiles.OutBlocks;

    [Fact]
    public void Parameter_counts_are_those_of_the_paper()
    {
        var plain = new PlainNet();
        Assert.Equal(12_544, plain.SecondKernelParameters);
        Assert.Equal(21_210, plain.ParameterCount);
        var hyper = new HyperNet();
        Assert.Equal(4_240 + 4, hyper.SecondKernelParameters);
        Assert.Equal(12_910, hyper.ParameterCount);
        Assert.Equal(12_544, hyper.SecondKernel().Length);
        Assert.Equal(21_210, hyper.Bake(nameof(DigitNet.Logits)).ParameterCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocks_of_a_tiled_kernel_are_the_basic_kernels(bool transposed)
    {
        KernelTiles model = New(transposed);
        float[] z = Embeddings();
        Batch batch = new Batch(2).Add("z", z);
        // The sums of a block's element have the embedding's and the hidden vector's length.
        const int terms = 4 + 6 + 4;
        double[] tiled = model.Predict64(nameof(KernelTiles.Tiled), batch);
        Closeness.Agree(model.Predict64(nameof(KernelTiles.OneByOne), batch), tiled, Closeness.DoubleRoundoff, terms, "double");
        Closeness.Agree(
            tiled, Closeness.Widened(model.Predict(nameof(KernelTiles.Tiled), batch)), Closeness.SingleRoundoff, terms, "single");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Permuted_embeddings_give_the_same_blocks_at_other_places(bool transposed)
    {
        KernelTiles model = New(transposed);
        float[] z = Embeddings()[..(Blocks * KernelTiles.Embedding)];
        int[] order = [4, 2, 0, 5, 1, 3];
        float[] permuted = [.. order.SelectMany(block => z.Skip(block * KernelTiles.Embedding).Take(KernelTiles.Embedding))];
        double[] kernel = model.Predict64(nameof(KernelTiles.Tiled), new Batch(1).Add("z", z));
        double[] other = model.Predict64(nameof(KernelTiles.Tiled), new Batch(1).Add("z", permuted));
        Assert.Equal(Blocks, Enumerable.Range(0, Blocks).Select(block => Block(kernel, block)[0]).Distinct().Count());
        for (int block = 0; block < Blocks; block++)
        {
            Assert.Equal(Block(kernel, order[block]), Block(other, block));
        }
    }

    private static KernelTiles New(bool transposed)
    {
        KernelTiles model = transposed ? new TransposedKernelTiles() : new DirectKernelTiles();
        foreach (KeyValuePair<string, Weight> weight in model.Weights)
        {
            var random = new Random(weight.Value.Count);
            foreach (ref float value in model.Parameters[weight.Key])
            {
                value = random.NextSingle() - 0.5f;
            }
        }

        return model;
    }

    private static float[] Embeddings()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 2 * Blocks * KernelTiles.Embedding).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>The elements of one block, in the order of a basic kernel.</summary>
    private static double[] Block(double[] kernel, int block)
    {
        int firstInput = block / KernelTiles.OutBlocks * KernelTiles.Inputs;
        int firstOutput = block % KernelTiles.OutBlocks * KernelTiles.Outputs;
        const int inputs = KernelTiles.InBlocks * KernelTiles.Inputs;
        const int outputs = KernelTiles.OutBlocks * KernelTiles.Outputs;
        return [.. Enumerable.Range(0, KernelTiles.Size * KernelTiles.Size * Basic).Select(i =>
        {
            int output = firstOutput + (i % KernelTiles.Outputs);
            int input = firstInput + (i / KernelTiles.Outputs % KernelTiles.Inputs);
            return kernel[(((i / Basic * inputs) + input) * outputs) + output];
        })];
    }
}
