using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class BatchLiftingTests
{
    private const int Examples = 3;

    private static readonly Dictionary<string, (int[] First, int[] Second, Func<Tensor, Tensor, Tensor> Operation)> Operations = new()
    {
        ["add"] = ([2, 1], [3], (a, b) => a + b),
        ["divide"] = ([2, 3], [3], (a, b) => a / (b + 2.0)),
        ["less"] = ([2, 3], [2, 3], (a, b) => a < b),
        ["maximum"] = ([2, 3], [1, 3], Maximum),
        ["select"] = ([2, 3], [3], (a, b) => Select(a > b, a, b)),
        ["tanh"] = ([4], [4], (a, b) => Tanh(a) * b),
        ["sum"] = ([2, 3], [2], (a, b) => Sum(a, [1]) + b),
        ["max"] = ([2, 3], [2], (a, b) => Max(a, [1]) + b),
        ["dot"] = ([2, 3], [3, 4], Dot),
        ["matmul"] = ([2, 3, 4], [2, 4, 5], MatMul),
        ["einsum"] = ([2, 3], [4, 2], (a, b) => Einsum("ij,ki->jk", a, b)),
        ["reshape"] = ([2, 3], [6], (a, b) => Reshape(a, -1) - b),
        ["transpose"] = ([2, 3], [3, 2], (a, b) => Transpose(a) * b),
        ["slice"] = ([4, 3], [3], (a, b) => a[^1] * b[..2][0]),
        ["pad"] = ([2], [4], (a, b) => Pad(a, [1], [1], 0.5) + b),
        ["concat"] = ([2, 3], [2, 1], (a, b) => Concat(1, a, b)),
        ["stack"] = ([2], [2], (a, b) => Stack(0, a, b)),
        ["convolve"] = ([4, 5, 2], [3, 2, 2, 3], (a, b) => Conv2d(a, b, stride: 2)),
        ["maxPool"] = ([4, 6, 2], [2, 3, 2], (a, b) => MaxPool2d(a, 2) + b),
        ["averagePool"] = ([4, 6, 2], [2, 3, 2], (a, b) => AveragePool2d(a, 2) + b),
        ["layerNorm"] = ([5], [5], (a, b) => LayerNorm(a, b, b)),
        ["softmax"] = ([5], [5], (a, b) => Softmax(a * b)),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_example_is_computed_by_itself(string name)
    {
        (int[] first, int[] second, Func<Tensor, Tensor, Tensor> operation) = Operations[name];
        Tensor[] firsts = [TensorAssert.Fill(0, first), TensorAssert.FillBatch(1, Examples, first)];
        Tensor[] seconds = [TensorAssert.Fill(2, second), TensorAssert.FillBatch(3, Examples, second)];
        foreach (Tensor a in firsts)
        {
            foreach (Tensor b in seconds)
            {
                Tensor result = operation(a, b);

                Assert.Equal(a.Examples ?? b.Examples, result.Examples);
                for (int example = 0; example < Examples; example++)
                {
                    Tensor alone = operation(TensorAssert.Example(a, example), TensorAssert.Example(b, example));
                    Assert.Equal(alone.Shape, result.Shape);
                    Assert.Equal(alone.ToArray(), TensorAssert.Example(result, example).ToArray());
                }
            }
        }
    }

    [Fact]
    public void A_label_has_a_class_for_each_example()
    {
        Label labels = Label.OfBatch([2, 0, 1], 3);
        Tensor table = TensorAssert.Fill(0, 3, 2);
        Tensor tables = TensorAssert.FillBatch(0, 3, 3, 2);

        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 1, 0], OneHot(labels).ToArray());
        Assert.Equal([.. table[2].ToArray(), .. table[0].ToArray(), .. table[1].ToArray()], Gather(table, labels).ToArray());
        Assert.Equal(TensorAssert.Example(tables, 1)[0].ToArray(), TensorAssert.Example(Gather(tables, labels), 1).ToArray());
        Assert.Equal(TensorAssert.Example(tables, 2)[1].ToArray(), TensorAssert.Example(Gather(tables, Label.Of(1, 3)), 2).ToArray());
        Tensor logits = TensorAssert.FillBatch(4, 3, 3);
        Assert.Equal(
            CrossEntropy(TensorAssert.Example(logits, 2), Label.Of(1, 3)).ToDouble(),
            CrossEntropy(logits, labels).ToArray()[2]);
    }

    [Fact]
    public void Statistics_run_over_the_examples()
    {
        Tensor x = Tensor.OfBatch(3, [1, 10, 2, 20, 6, 60], 2);
        using (Mode.Enter(training: true, examples: 3))
        {
            Assert.Equal(3, ExampleCount().ToDouble());
            Assert.Equal([9, 90], SumOverExamples(x).ToArray());
            Assert.Null(SumOverExamples(x).Examples);
            Assert.Equal([3, 30], BatchMean(x).ToArray());
            TensorAssert.Close([14.0 / 3, 1400.0 / 3], BatchVariance(x), 6);
            Assert.Equal([15], SumOverExamples(Tensor.Of([5], 1)).ToArray());
        }
        Assert.Equal(1, ExampleCount().ToDouble());
    }

    [Fact]
    public void Batches_of_two_sizes_do_not_mix()
    {
        Tensor three = Tensor.OfBatch(3, [1, 2, 3]);
        Tensor two = Tensor.OfBatch(2, [1, 2]);

        TensorShapeException error = Assert.Throws<TensorShapeException>(() => three + two);

        Assert.Contains("3 and of 2 examples", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => SumOverExamples(three));
        using (Mode.Enter(training: true, examples: 2))
        {
            Assert.Throws<InvalidOperationException>(() => SumOverExamples(three));
        }
        Assert.Throws<TensorShapeException>(() => Gather(Tensor.OfBatch(2, [1, 2], 1), Label.OfBatch([0, 0, 0], 1)));
    }
}
