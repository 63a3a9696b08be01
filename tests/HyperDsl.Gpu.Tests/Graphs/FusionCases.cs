using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Gpu.Tests;

/// <summary>Products with element-wise neighbours: each way in which they meet.</summary>
internal static class FusionCases
{
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> All = new Dictionary<string, Func<CaseBuilder, Value>>
    {
        ["bias and relu"] = c => c.Add(new Relu(), c.Both(new Add(), c.Einsum("ij,j>i", c.W(20, 11), c.X(11)), c.W(20))),
        ["sum of three products"] = c => c.Both(
            new Add(), c.Both(new Add(), Linear(c, 36, 9), c.Both(new Add(), Linear(c, 36, 20), Linear(c, 36, 7))), c.W(36)),
        ["product of two products"] = c => c.Both(new Multiply(), Linear(c, 20, 9), c.Tanh(Linear(c, 20, 17))),
        ["batched"] = c => c.Tanh(c.Both(new Add(), c.Einsum("gij,gj>gi", c.W(4, 20, 5), c.X(4, 5)), c.W(4, 20))),
        ["several rows an example"] = c => c.Tanh(c.Both(new Add(), c.Einsum("ij,kj>ik", c.X(9, 6), c.W(18, 6)), c.W(9, 18))),
        ["turned"] = c => c.Tanh(c.Both(new Add(), c.Transpose(c.Einsum("ij,kj>ik", c.X(9, 6), c.W(18, 6)), 1, 0), c.W(18, 9))),
        ["convolution"] = c => c.Add(
            new Relu(), c.Both(new Add(), c.Convolve(c.X(7, 6, 3), c.W(3, 3, 3, 16), 1, 1, 1, 1, 1, 1, 1), c.W(16))),
        ["mask"] = c => c.Both(new Multiply(), c.Mask(3, 20), c.Einsum("ij,kj>ki", c.W(20, 8), c.X(3, 8))),
        ["few columns"] = c => c.Tanh(c.Both(new Add(), Linear(c, 5, 7), c.Both(new Add(), Linear(c, 5, 3), c.W(5)))),
        ["nothing varies"] = c => c.Both(
            new Multiply(), c.Tanh(c.Both(new Add(), c.Einsum("ij,jk>ik", c.W(20, 5), c.W(5, 9)), c.W(20, 1))), c.X(9)),
        ["read later, too"] = c =>
        {
            Value first = Linear(c, 20, 11);
            return c.Both(new Add(), first, c.Einsum("ij,j>i", c.W(20, 20), c.Tanh(first)));
        },
        ["scaled before"] = c => c.Einsum("ij,kj>ki", c.W(20, 11), c.Both(new Multiply(), c.X(3, 11), c.X(3, 1))),
        ["scaled before few columns"] = c => c.Einsum("ij,j>i", c.W(5, 11), c.Both(new Multiply(), c.X(11), c.Full(3, 1))),
        ["both factors made"] = c => c.Einsum(
            "ij,jk>ik", c.Both(new Multiply(), c.X(20, 6), c.X(1, 1)), c.Both(new Multiply(), c.X(6, 18), c.X(1, 1))),
        ["counted before"] = c => c.Einsum("ij,kj>ki", c.W(20, 11), c.Both(new Multiply(), c.X(3, 11), c.Add(new ExampleCount()))),
        ["both factors the same"] = c =>
        {
            Value made = c.Both(new Multiply(), c.X(16, 16), c.X(1, 1));
            return c.Einsum("ij,jk>ik", made, made);
        },
        ["turned before"] = c => c.Einsum("ji,kj>ik", c.Both(new Multiply(), c.X(8, 20), c.X(1, 20)), c.W(16, 8)),
        ["costly before"] = c => c.Einsum("ij,j>i", c.W(20, 11), c.Tanh(c.X(11))),
        ["padded steps"] = c => Convolution(c, c.X(9, 7, 4), 16, 2),
        ["padded, one channel"] = c => Convolution(c, c.X(8, 8, 1), 16, 1),
        ["padded, stored by a product"] = c => Convolution(c, c.Add(new Relu(), Convolution(c, c.X(6, 5, 3), 16, 1)), 12, 1),
        ["padded, a kernel an example"] = c => c.Convolve(c.X(6, 5, 3), c.X(3, 3, 3, 16), 1, 1, 1, 1, 1, 1, 1),
        ["padded by one row"] = c => c.Einsum("ij,kj>ki", c.W(20, 8), c.Pad(c.X(3, 8), [1, 0], [1, 0], 2)),
        ["padded columns"] = c => c.Einsum("ij,kj>ki", c.W(20, 16), c.Pad(c.X(3, 8), [0, 4], [0, 4], -1)),
        ["padded, in groups"] = c => c.Convolve(c.X(6, 5, 8), c.W(3, 3, 4, 16), 1, 1, 1, 1, 1, 1, 2),
        ["generators"] = c => Generators(c, 3, 12, 3, 20, 12, 9, 3),
        ["generators of several forms"] = c => new[]
        {
            c.Einsum("gik,gk>i", c.Both(new Add(), c.Einsum("gij,gjk>gik", c.W(3, 18, 5), c.W(3, 5, 9)), c.W(9)), c.X(3, 9)),
            c.Einsum("ik,k>i", c.Add(new Slice(0, 0, 18), c.Einsum("ij,jk>ik", c.W(20, 7), c.W(7, 9))), c.X(9)),
            c.Einsum("ik,k>i", c.Both(new Add(), c.Both(new Multiply(), c.Einsum("ij,jk>ik", c.W(18, 6), c.W(6, 9)), c.W(18, 9)), c.W(9)), c.X(9)),
            c.Einsum("ik,k>i", c.Both(new Multiply(), c.Einsum("ij,jk>ik", c.W(18, 4), c.W(4, 9)), c.Add(new ExampleCount())), c.X(9)),
            c.Einsum("ik,k>i", c.Both(new Multiply(), c.Einsum("ij,jk>ik", c.W(18, 3), c.W(3, 9)), c.Add(new ExampleCount())), c.X(9)),
        }.Aggregate((sum, next) => c.Both(new Add(), sum, next)),
        ["products of weights"] = c => c.Both(
            new Add(), c.Einsum("ij,j>i", c.Add(new Slice(0, 2, 20), c.Einsum("ik,kj>ij", c.W(24, 7), c.W(7, 11))), c.X(11)),
            c.Einsum("ji,j>i", c.Add(new Slice(0, 0, 9), c.Einsum("ik,kj>ij", c.W(12, 5), c.W(5, 20))), c.X(9))),
        ["gradients of layers"] = c => Layers(c, 11, 20, 9, 21),
        ["gradients of turned weights"] = c => c.Both(
            new Add(), c.Einsum("ji,j>i", c.W(11, 20), c.X(11)), c.Einsum("ij,j>i", c.Transpose(c.W(9, 20), 1, 0), c.Tanh(c.X(9)))),
        ["gradients of parts of weights"] = c =>
        {
            (Value rows, Value columns) = (c.W(20, 13), c.W(20, 17));
            Value Part(Value weight, int axis, int first, int size) =>
                c.Einsum("ij,j>i", c.Add(new Slice(axis, first, size), weight), c.X(axis == 1 ? size : c.Graph[weight].Shape[1]));
            return c.Both(
                new Add(), c.Both(new Multiply(), Part(rows, 0, 0, 9), Part(rows, 0, 9, 9)),
                c.Both(new Add(), c.Add(new Slice(0, 0, 9), Part(columns, 1, 0, 12)), c.Add(new Slice(0, 11, 9), c.Tanh(Part(columns, 1, 12, 5)))));
        },
        ["gradients in groups"] = c => c.Both(
            new Add(), c.Einsum("gij,gj>ig", c.W(5, 18, 4), c.X(5, 4)), c.Einsum("gij,gj>ig", c.W(5, 18, 7), c.X(5, 7))),
        ["gradients of kernels"] = c => Convolution(
            c, c.Add(new Relu(), Convolution(c, c.Add(new Relu(), Convolution(c, c.X(6, 5, 3), 16, 1)), 12, 2)), 9, 1),
        ["a part of a result"] = c => c.Tanh(c.Add(new Slice(0, 3, 9), Linear(c, 20, 11))),
    };

    /// <summary>
    /// Products of the largest tiles: an example has so many rows that a batch of the expected size fills a device. Loads by fours walk the inner
    /// axis of both operands, the columns of the right one, and in the weight's gradient rows and columns; with odd sizes nothing comes in fours.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> Large = new Dictionary<string, Func<CaseBuilder, Value>>
    {
        ["large"] = c => c.Einsum("ij,kj>ik", c.Both(new Multiply(), c.X(256, 64), c.W(64)), c.W(256, 64)),
        ["large and odd"] = c => c.Einsum("ij,kj>ik", c.Both(new Multiply(), c.X(258, 63), c.W(63)), c.W(250, 63)),
        ["large and fused"] = c => c.Add(new Relu(), c.Both(
            new Add(), c.Both(new Add(), c.Einsum("ij,kj>ik", c.X(258, 20), c.W(252, 20)), c.Einsum("ij,kj>ik", c.X(258, 7), c.W(252, 7))), c.W(252))),
    };

    /// <summary>Passes and padding in the loads of such products, four neighbours at once; masks are drawn one by one.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> LargePrologues = new Dictionary<string, Func<CaseBuilder, Value>>
    {
        ["large and padded"] = c => c.Einsum("ij,kj>ik", c.Pad(c.X(256, 16), [0, 4], [0, 4], -1), c.W(256, 24)),
        ["large and scaled by rows"] = c => c.Einsum("ij,kj>ik", c.Both(new Multiply(), c.X(256, 16), c.X(256, 1)), c.W(256, 16)),
        ["large convolution"] = c => c.Convolve(c.X(16, 16, 4), c.W(3, 3, 4, 64), 1, 1, 1, 1, 1, 1, 1),
        ["large, masked and padded"] = c => c.Einsum(
            "ij,kj>ik", c.Pad(c.Both(new Multiply(), c.Mask(256, 16), c.X(256, 16)), [0, 4], [0, 4], 0), c.W(256, 24)),
    };

    /// <summary>Several of them in one launch: two of equal sizes, and one of others.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> LargeJoined = new Dictionary<string, Func<CaseBuilder, Value>>
    {
        ["large and joined"] = c =>
        {
            // A part is read from memory, and the product of three is not computed in another order.
            Value Reduced(int inner, int columns) => c.Einsum(
                "ij,j>i", c.Add(new Slice(0, 0, 1000), c.Einsum("ik,kj>ij", c.W(1024, inner), c.W(inner, columns))), c.X(columns));
            return c.Both(new Add(), c.Both(new Add(), Reduced(8, 192), Reduced(12, 128)), Reduced(8, 192));
        },
    };

    /// <summary>Gradients of two weights of different sizes in one launch.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> LargeGradients = new Dictionary<string, Func<CaseBuilder, Value>>
    {
        ["large gradients"] = c => c.Both(
            new Add(), c.Einsum("ij,kj>ik", c.X(128, 64), c.W(256, 64)), c.Einsum("ij,kj>ik", c.X(128, 20), c.W(256, 20))),
    };

    /// <summary>A case of large products, with prologues or without, joined or not.</summary>
    public static Func<CaseBuilder, Value> LargeOf(string name) =>
        Large.TryGetValue(name, out Func<CaseBuilder, Value>? graph) || LargeJoined.TryGetValue(name, out graph) || LargeGradients.TryGetValue(name, out graph) ? graph : LargePrologues[name];

    private static Value Convolution(CaseBuilder c, Value image, int outputs, int stride) => c.Both(
        new Add(), c.Convolve(image, c.W(3, 3, c.Graph[image].Shape[2], outputs), stride, stride, 1, 1, 1, 1, 1), c.W(outputs));

    private static Value Generators(CaseBuilder c, params int[] layers)
    {
        (Value inner, Value innerBias, Value outer, Value outerBias) = (c.W(40, 6), c.W(40), c.W(18, 40), c.W(18));
        return layers.Select(tiles =>
        {
            Value made = c.Both(new Add(), c.Einsum("iz,dz>id", c.W(tiles, 6), inner), innerBias);
            Value kernel = c.Both(new Add(), c.Einsum("id,od>io", made, outer), outerBias);
            return c.Einsum("io,i>o", kernel, c.X(tiles));
        }).Aggregate((sum, next) => c.Both(new Add(), sum, next));
    }

    /// <summary>Layers with bias and relu, by their inputs.</summary>
    private static Value Layers(CaseBuilder c, params int[] sizes)
    {
        Value value = c.X(sizes[0]);
        for (int i = 1; i < sizes.Length; i++)
        {
            value = c.Add(new Relu(), c.Both(new Add(), c.Einsum("ij,j>i", c.W(sizes[i], sizes[i - 1]), value), c.W(sizes[i])));
        }

        return value;
    }

    private static Value Linear(CaseBuilder c, int outputs, int inputs) => c.Einsum("ij,j>i", c.W(outputs, inputs), c.X(inputs));
}
