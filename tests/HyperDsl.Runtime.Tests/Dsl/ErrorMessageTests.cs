using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ErrorMessageTests
{
    private static readonly Tensor Matrix = Zeros(2, 3);

    private static readonly Dictionary<string, (Func<object> Wrong, string[] Words)> Misuses = new()
    {
        ["add"] = (() => Matrix + Zeros(4), ["[2, 3]", "[4]", "axis 1", "equal or 1"]),
        ["broadcast"] = (() => Broadcast(Matrix, 3), ["[2, 3]", "[3]", "equal or 1"]),
        ["sum"] = (() => Sum(Matrix, [2]), ["'Sum'", "axis 2", "2 axes", "-2 to 1"]),
        ["sum twice"] = (() => Sum(Matrix, [1, -1]), ["axis 1 twice"]),
        ["max"] = (() => Max(Matrix, [-3]), ["'Max'", "axis -3"]),
        ["dot"] = (() => Dot(Matrix, Matrix), ["[2, 3]", "first axis", "Transpose"]),
        ["dot of a scalar"] = (() => Dot(Matrix, 2), ["[]", "* for scalars"]),
        ["matmul"] = (() => MatMul(Matrix, Matrix), ["[…, m, k]", "[2, 3]"]),
        ["einsum text"] = (() => Einsum("ij.jk", Matrix, Matrix), ["'ij.jk'", "\"ij,jk->ik\""]),
        ["einsum letters"] = (() => Einsum("i,jk->ik", Matrix, Matrix), ["1 letters ('i')", "[2, 3]"]),
        ["einsum sizes"] = (() => Einsum("ij,jk->ik", Matrix, Matrix), ["letter 'j'", "3", "2"]),
        ["einsum result"] = (() => Einsum("ij,ij->k", Matrix, Matrix), ["no operand"]),
        ["reshape"] = (() => Reshape(Matrix, 4), ["[2, 3] (6 elements)", "[4]"]),
        ["reshape open"] = (() => Reshape(Matrix, 4, -1), ["[4, -1]"]),
        ["reshape two open"] = (() => Reshape(Matrix, -1, -1), ["only one"]),
        ["transpose"] = (() => Transpose(Matrix, 0, 0), ["[0, 0]", "each of the 2 axes once"]),
        ["slice"] = (() => Slice(Matrix, 1, 2, 2), ["axis 1 of [2, 3]", "0 to 2"]),
        ["index"] = (() => Matrix[2], ["entry 2 was asked of axis 0", "0 to 1"]),
        ["indices"] = (() => Matrix[0, 0, 0], ["3 places", "2 axes"]),
        ["empty range"] = (() => Matrix[1..1], ["slice of 0 entries"]),
        ["pad"] = (() => Pad(Matrix, [1], [1]), ["[2, 3]", "each of the 2 axes"]),
        ["concat"] = (() => Concat(0, Matrix, Zeros(2, 4)), ["[2, 3] and [2, 4]", "axis 0"]),
        ["concat nothing"] = (() => Concat(0), ["at least one"]),
        ["stack"] = (() => Stack(0, Matrix, Zeros(3)), ["[2, 3] and [3]"]),
        ["gather"] = (() => Gather(Matrix, Label.Of(0, 3)), ["[2, 3]", "3 classes"]),
        ["convolve rank"] = (() => Conv2d(Matrix, Zeros(1, 1, 3, 1)), ["2 axes", "[height, width, in]"]),
        ["convolve channels"] = (() => Conv2d(Zeros(4, 4, 3), Zeros(3, 3, 2, 8)), ["[4, 4, 3]", "[3, 3, 2, 8]"]),
        ["convolve window"] = (() => Conv2d(Zeros(2, 2, 1), Zeros(3, 3, 1, 1), padding: Padding.Valid), ["window of 3", "2 entries"]),
        ["pool padding"] = (() => MaxPool(Zeros(4, 4, 1), 2, 2, 2, 2, 2, 0, 0, 0), ["[2, 0, 0, 0]", "less than the window"]),
        ["pool rank"] = (() => MaxPool2d(Matrix, 2), ["2 axes", "Reshape"]),
        ["cross entropy"] = (() => CrossEntropy(Matrix, Label.Of(0, 6)), ["6 logits on 2 axes", "Flatten"]),
        ["squared error"] = (() => MeanSquaredError(Matrix, Zeros(3)), ["6 elements on 2 axes", "3 elements on 1 axes"]),
        ["diag"] = (() => Diag(Matrix), ["2 axes", "Flatten"]),
        ["squeeze"] = (() => Squeeze(Matrix, 0), ["size 1"]),
        ["expand"] = (() => Expand(Matrix, 4), ["axis 4", "-3 to 2"]),
        ["full"] = (() => Zeros(2, 0), ["[2, 0]", "at least 1"]),
        ["values"] = (() => Tensor.Of([1, 2], 3), ["2 values", "[3]"]),
        ["number"] = (() => Matrix.ToDouble(), ["6 numbers"]),
        ["linear"] = (() => new Linear(4, 2).Call(Matrix), ["vector of 4", "Flatten"]),
        ["batch norm"] = (() => new BatchNorm(4).Call(Matrix), ["4 channels"]),
        ["layer norm"] = (() => new LayerNorm(4).Call(Matrix), ["4 features"]),
        ["generator"] = (() => new KernelGenerator(2, 2, 3, 4, 4).Generate(Zeros(3)), ["embedding [4]", "GenerateTiles"]),
        ["tiles"] = (() => new KernelGenerator(2, 2, 3, 4, 4).GenerateTiles(Zeros(4)), ["[input blocks, output blocks, 4]"]),
    };

    public static TheoryData<string> Names => [.. Misuses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sizes_that_do_not_fit_are_said_in_words(string name)
    {
        TensorShapeException error = Assert.Throws<TensorShapeException>(Misuses[name].Wrong);

        Assert.All(Misuses[name].Words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_arguments_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Label.Of(3, 3));
        Assert.Contains("example 1 is -1", Assert.Throws<ArgumentOutOfRangeException>(() => Label.OfBatch([0, -1], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout(Matrix, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout(Matrix, double.NaN));
        Assert.Throws<ArgumentException>(() => new Convolution2d(4, 6, 3, groups: 4));
        Assert.Throws<InvalidOperationException>(() => KeepMask(0.5, 2));
    }
}
