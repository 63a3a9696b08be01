using HyperDsl.Tests.Dsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks;

public sealed class NetworkTests
{
    private static Tensor WeightOf(ParameterStore store, string name) => store.Weights.Single(weight => weight.Key == name).Value;

    private static int CountOf(ParameterStore store) => store.Weights.Sum(weight => weight.Value.Count);

    [Fact]
    public void The_papers_generator_has_4240_parameters_and_an_embedding_of_4()
    {
        KernelGenerator generator = new(inputs: 16, outputs: 16, size: 7, embedding: 4, hidden: 4);
        Assert.Equal(4240, CountOf(new ParameterStore(generator)));

        StaticHyperConv layer = new(new KernelGenerator(16, 16, 7, 4, 4), bias: false);
        ParameterStore store = new(layer);
        Assert.Equal(4240 + 4, CountOf(store));
        Assert.Equal(
            ["generator.inner", "generator.innerBias", "generator.outer", "generator.outerBias", "embedding"],
            store.Weights.Select(weight => weight.Key));
        Assert.Equal(12_544, layer.Kernel().Count);
    }

    [Fact]
    public void A_generated_kernel_begins_as_small_as_the_notebooks()
    {
        StaticHyperConv layer = new(new KernelGenerator(16, 16, 7, 4, 4));
        ParameterStore store = new(layer);
        double variance = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            store.Initialise(seed);
            variance += Variance(layer.Kernel()).ToDouble() / 20;
        }

        // W_out and W have variance (0.8796 · 0.01)², z has second moment 0.8796² + 0.01²; 4 · 4 products of three each. Twenty draws
        // of 4 + 256 + 3136 numbers of which the embedding's four spread most: a factor of two is far outside.
        double expected = 16 * Math.Pow(0.008796, 4) * Math.Pow(0.8796, 2);
        Assert.InRange(variance, expected / 2, expected * 2);
    }

    [Theory]
    [InlineData(KernelMap.Direct)]
    [InlineData(KernelMap.Transposed)]
    public void Tiles_equal_basic_kernels_in_row_major_grid(KernelMap map)
    {
        KernelGenerator generator = new(inputs: 2, outputs: 3, size: 2, embedding: 4, hidden: 5, map);
        StaticHyperConv layer = new(generator, inBlocks: 2, outBlocks: 4);
        ParameterStore store = new(layer);
        foreach ((string _, Weight weight) in store.Weights)
        {
            weight.SetValues(TensorAssert.FillValues(weight.Count, weight.Count));
        }
        Tensor embeddings = Reshape(WeightOf(store, "embedding"), 8, 4);

        Tensor kernel = layer.Kernel();

        TensorAssert.Shape(kernel, 2, 2, 4, 12);
        for (int tile = 0; tile < 8; tile++)
        {
            int c = tile / 4 * 2;
            int o = tile % 4 * 3;
            TensorAssert.Close(
                generator.Generate(embeddings[tile]).ToArray(), kernel[.., .., c..(c + 2), o..(o + 3)], 40);
        }
        TensorAssert.Shape(layer.Call(Zeros(5, 5, 4)), 5, 5, 12);
    }

    [Fact]
    public void One_generator_serves_many_layers()
    {
        KernelGenerator generator = new(16, 16, 3, 4, 4);
        StaticHyperConv[] layers = [new(generator, 1, 1), new(generator, 1, 2)];
        WeightVisitor visitor = new();

        visitor.Visit("layers", layers);

        Assert.Equal(
            [
                "layers.0.generator.inner", "layers.0.generator.innerBias", "layers.0.generator.outer", "layers.0.generator.outerBias",
                "layers.0.embedding", "layers.0.bias", "layers.1.embedding", "layers.1.bias",
            ],
            visitor.Weights.Select(weight => weight.Key));
    }

    [Fact]
    public void Linear_and_convolution_add_a_bias()
    {
        Linear linear = new(3, 2);
        ParameterStore store = new(linear);
        store["weight"].Fill(2);
        store["bias"][1] = 5;
        Assert.Equal([12, 17], linear.Call(Tensor.Of([1, 2, 3], 3)).ToArray());
        Assert.Equal(["weight"], new ParameterStore(new Linear(3, 2, bias: false)).Weights.Select(weight => weight.Key));

        Convolution2d convolution = new(2, 3, 3, stride: 2);
        store = new ParameterStore(convolution);
        store["bias"].Fill(0.5f);
        Tensor image = TensorAssert.Fill(0, 5, 5, 2);
        Assert.Equal(
            (Conv2d(image, WeightOf(store, "kernel"), stride: 2) + 0.5).ToArray(), convolution.Call(image).ToArray());
    }

    [Fact]
    public void Embedding_reads_rows()
    {
        Embedding embedding = new(5, 3);
        ParameterStore store = new(embedding);

        Assert.Equal(WeightOf(store, "table")[2].ToArray(), embedding.Call(Label.Of(2, 5)).ToArray());
        Assert.Equal(embedding.Call(Label.Of(4, 5)).ToArray(), embedding.Row(4).ToArray());
    }

    [Fact]
    public void Layer_norm_begins_without_gain_and_shift()
    {
        LayerNorm norm = new(6);
        Tensor x = TensorAssert.Fill(1, 2, 6);

        TensorAssert.Close(TensorMath.LayerNorm(x, Ones(6), Zeros(6)).ToArray(), norm.Call(x));
    }

    [Fact]
    public void Batch_norm_uses_the_batch_in_training_and_memory_in_evaluation()
    {
        BatchNorm norm = new(2, epsilon: 0.01, momentum: 0.75);
        ParameterStore store = new(norm);
        Tensor x = TensorAssert.FillBatch(1, 3, 4, 2);
        double[][] channels = [.. Enumerable.Range(0, 2).Select(c => x.ToArray().Where((_, i) => i % 2 == c).ToArray())];
        double[] means = [.. channels.Select(channel => channel.Average())];
        double[] variances = [.. channels.Select((channel, c) => channel.Average(v => (v - means[c]) * (v - means[c])))];

        Tensor trained;
        using (Mode.Enter(training: true, examples: 3))
        {
            trained = norm.Call(x);
        }

        TensorAssert.Close(
            [.. x.ToArray().Select((v, i) => (v - means[i % 2]) / Math.Sqrt(variances[i % 2] + 0.01))], trained, 64);
        for (int c = 0; c < 2; c++)
        {
            Assert.Equal((float)(0.25 * means[c]), store["mean"][c], 4 * Math.Pow(2, -24) * channels[c].Average(Math.Abs));
            Assert.Equal((float)(0.75 + (0.25 * variances[c])), store["variance"][c], 4 * Math.Pow(2, -24) * (1 + variances[c]));
        }
        double[] memory = [.. store["variance"].ToArray().Select(value => (double)value)];
        Tensor evaluated = norm.Call(Zeros(2));
        TensorAssert.Close(
            [.. memory.Select((variance, c) => -store["mean"][c] / Math.Sqrt(variance + 0.01))], evaluated, 16);
    }
}
