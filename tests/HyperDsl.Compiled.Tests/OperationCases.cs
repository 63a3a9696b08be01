using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Every operation and every family of its attributes, each as small as shows what is special about it.</summary>
internal static class OperationCases
{
    public static readonly IReadOnlyDictionary<string, Func<CaseBuilder, Value>> All = Gather();

    private static Dictionary<string, Func<CaseBuilder, Value>> Gather()
    {
        Dictionary<string, Func<CaseBuilder, Value>> cases = [];
        Elementwise(cases);
        Reductions(cases);
        Views(cases);
        Lookups(cases);
        Contractions(cases);
        Convolutions(cases);
        Pools(cases);
        OverExamples(cases);
        Masks(cases);
        return cases;
    }

    private static void Elementwise(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        foreach (Operation unary in new Operation[]
        {
            new Abs(), new Sign(), new Exp(), new Sin(), new Cos(), new Tanh(), new Sigmoid(), new Relu(), new Softplus(),
            new Negate(), new Detach(), new Power(2), new Power(3),
        })
        {
            cases.Add(unary.Name + unary.Attributes, c => c.Add(unary, c.Both(new Add(), c.X(37), c.W(37))));
        }
        foreach (Operation positive in new Operation[] { new Log(), new Sqrt(), new Power(-1.5), new Power(0.5), new Power(-2) })
        {
            cases.Add(positive.Name + positive.Attributes, c =>
            {
                Value x = c.Both(new Add(), c.X(37), c.W(37));
                return c.Add(positive, c.Both(new Add(), c.Both(new Multiply(), x, x), c.Full(0.5)));
            });
        }
        (string Name, int[] Left, int[] Right)[] sides =
        [
            ("equal", [3, 19], [3, 19]), ("row", [3, 19], [19]), ("column", [3, 19], [3, 1]), ("scalar", [3, 19], []),
            ("middle", [2, 3, 19], [2, 1, 19]), ("outer", [3, 1], [1, 19]),
        ];
        foreach (Operation binary in new Operation[]
        {
            new Add(), new Subtract(), new Multiply(), new Minimum(), new Maximum(), new Less(), new LessOrEqual(), new Equal(),
        })
        {
            foreach ((string name, int[] left, int[] right) in sides)
            {
                cases.Add($"{binary.Name} {name}", c => c.Both(binary, c.Tanh(c.X(left)), c.W(right)));
                cases.Add($"{binary.Name} {name} turned", c => c.Both(binary, c.W(right), c.X(left)));
            }
        }
        cases.Add("divide", c => c.Both(new Divide(), c.W(19), c.Both(new Add(), c.Add(new Exp(), c.X(3, 19)), c.Full(1))));
        cases.Add("select", c => c.Add(new Select(), c.X(21), c.W(21), c.Add(new Exp(), c.W(21))));
        cases.Add("equal to itself", c => c.Add(new Equal(), c.Reshape(c.X(1), 1), c.Add(new Detach(), c.X(1))));
        cases.Add("one element", c => c.Both(new Multiply(), c.X(), c.W()));
        cases.Add("nothing varies", c => c.Tanh(c.Both(new Multiply(), c.W(5, 1), c.W(1, 7))));
    }

    private static void Reductions(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        int[][] axes = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
        foreach (int[] set in axes)
        {
            string name = string.Join(" ", set);
            cases.Add("sum over " + name, c => c.Sum(c.Both(new Multiply(), c.X(3, 5, 18), c.W(5, 18)), set));
            cases.Add("max over " + name, c => c.Max(c.Both(new Multiply(), c.X(3, 5, 18), c.W(5, 18)), set));
            cases.Add("sum of a parameter over " + name, c => c.Both(new Multiply(), c.Sum(c.W(3, 5, 18), set), c.X()));
        }
        cases.Add("sum of repeated", c => c.Sum(c.Repeat(c.Reshape(c.Sum(c.X(4, 9), 1), 4, 1), 4, 6), 0));
        cases.Add("softmax", c =>
        {
            Value x = c.Both(new Add(), c.X(3, 21), c.W(21));
            Value max = c.Add(new Detach(), c.Max(x, 1));
            Value exponential = c.Add(new Exp(), c.Both(new Subtract(), x, c.Reshape(max, 3, 1)));
            return c.Both(new Divide(), exponential, c.Reshape(c.Sum(exponential, 1), 3, 1));
        });
        cases.Add("two reductions of different axes", c =>
        {
            Value x = c.Both(new Multiply(), c.X(6, 7), c.W(6, 7));
            return c.Both(new Add(), c.Reshape(c.Sum(x, 1), 6, 1), c.Sum(x, 0));
        });
        cases.Add("gradient of a repeated row value over examples", c =>
        {
            Value row = c.Sum(c.Both(new Multiply(), c.X(4, 9), c.W(4, 9)), 1);
            return c.Both(new Multiply(), c.Repeat(c.Reshape(row, 4, 1), 4, 9), c.W());
        });
    }

    private static void Views(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        foreach (bool computed in new[] { false, true })
        {
            string kind = computed ? " of a result" : " of a leaf";
            Value Source(CaseBuilder c, params int[] sizes) => computed ? c.Both(new Multiply(), c.X(sizes), c.W(sizes)) : c.X(sizes);
            cases.Add("transpose" + kind, c => c.Transpose(Source(c, 3, 4, 17), 2, 0, 1));
            cases.Add("reshape" + kind, c => c.Reshape(Source(c, 3, 4, 6), 4, 18));
            cases.Add("reshape of transpose" + kind, c => c.Reshape(c.Transpose(Source(c, 3, 4, 6), 1, 0, 2), 24, 3));
            cases.Add("slice first axis" + kind, c => c.Add(new Slice(0, 1, 2), Source(c, 4, 19)));
            cases.Add("slice last axis" + kind, c => c.Add(new Slice(1, 3, 11), Source(c, 4, 19)));
            cases.Add("slice reshaped" + kind, c => c.Reshape(c.Add(new Slice(1, 3, 10), Source(c, 4, 19)), 40));
            cases.Add("pad" + kind, c => c.Pad(Source(c, 3, 5), [1, 0], [2, 4], 0));
            cases.Add("pad with a number" + kind, c => c.Pad(Source(c, 3, 5), [0, 3], [1, 0], -0.75));
            cases.Add("broadcast" + kind, c => c.Repeat(Source(c, 3, 1, 5), 2, 3, 4, 5));
        }
        cases.Add("view of a parameter", c => c.Transpose(c.W(3, 7), 1, 0));
        cases.Add("a parameter", c => c.W(33));
        cases.Add("an input", c => c.X(33));
        cases.Add("a constant", c => c.Full(0.375, 4, 5));
        cases.Add("the size of the batch", c => c.Both(new Divide(), c.Repeat(c.Add(new ExampleCount()), 3), c.Full(64)));
        cases.Add("concat of different producers", c => c.Concat(
            1, c.X(3, 2), c.W(3, 4), c.Full(0.5, 3, 1), c.Tanh(c.X(3, 5)), c.Einsum("ij,jk>ik", c.X(3, 4), c.W(4, 6)), c.Mask(3, 2)));
        cases.Add("concat of a value twice", c =>
        {
            Value x = c.Tanh(c.Both(new Multiply(), c.X(2, 9), c.W(9)));
            return c.Concat(0, x, c.X(1, 9), x);
        });
        cases.Add("concat that nothing varies in", c => c.Concat(0, c.W(3), c.Tanh(c.W(4)), c.Full(2, 2)));
        cases.Add("concat of concats and slices", c =>
        {
            Value joined = c.Concat(1, c.Tanh(c.X(4, 3)), c.W(4, 2));
            return c.Concat(0, c.Add(new Slice(0, 1, 2), joined), joined);
        });
        cases.Add("stack", c =>
        {
            Value x = c.X(5);
            return c.Concat(1, c.Reshape(x, 5, 1), c.Reshape(c.W(5), 5, 1), c.Reshape(c.Tanh(x), 5, 1));
        });
    }

    private static void Lookups(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        cases.Add("gather from a parameter", c => c.Add(new Gather(), c.W(7, 18), c.Label(7)));
        cases.Add("gather twice from a parameter", c =>
        {
            Value table = c.W(7, 3, 5);
            return c.Both(new Multiply(), c.Add(new Gather(), table, c.Label(7)), c.Add(new Gather(), table, c.Label(5)));
        });
        cases.Add("gather from a table of the example", c =>
            c.Add(new Gather(), c.Both(new Multiply(), c.X(6, 4), c.W(6, 4)), c.Label(6)));
        cases.Add("gather from an input", c => c.Add(new Gather(), c.X(6), c.Label(6)));
        cases.Add("gather from a view", c => c.Add(new Gather(), c.Transpose(c.W(4, 6), 1, 0), c.Label(6)));
        cases.Add("gather from a slice", c => c.Add(new Gather(), c.Add(new Slice(0, 2, 4), c.W(7, 3)), c.Label(4)));
        cases.Add("one-hot", c => c.Both(new Multiply(), c.Add(new OneHot(17), c.Label(17)), c.W(17)));
    }

    private static void Contractions(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        (string Formula, int[] Left, int[] Right)[] forms =
        [
            ("i,i>", [19], [19]), ("i,j>ij", [5], [17]), ("ij,j>i", [17, 9], [9]), ("j,ij>i", [9], [17, 9]),
            ("ji,j>i", [9, 17], [9]), ("ij,jk>ik", [5, 7], [7, 18]), ("ij,jk>ki", [5, 7], [7, 18]), ("ji,kj>ik", [7, 5], [18, 7]),
            ("bij,bjk>bik", [3, 4, 5], [3, 5, 6]), ("ibj,jbk>kib", [4, 3, 5], [5, 3, 6]), ("bi,bi>b", [3, 8], [3, 8]),
            ("ijk,jk>i", [4, 3, 5], [3, 5]), ("ijk,kj>i", [4, 3, 5], [5, 3]), ("ijk,k>ij", [2, 17, 5], [5]),
            ("abc,cd>adb", [2, 3, 4], [4, 5]), ("ijk,i>jk", [4, 3, 5], [4]), ("ij,kl>ikjl", [2, 3], [2, 4]), ("ij,ji>", [4, 6], [6, 4]),
        ];
        foreach ((string formula, int[] left, int[] right) in forms)
        {
            cases.Add($"{formula} parameter and example", c => c.Einsum(formula, c.W(left), c.X(right)));
            cases.Add($"{formula} example and parameter", c => c.Einsum(formula, c.Tanh(c.X(left)), c.W(right)));
            cases.Add($"{formula} of the example both", c => c.Einsum(
                formula, c.Both(new Multiply(), c.X(left), c.W(left)), c.Both(new Multiply(), c.X(right), c.W(right))));
            cases.Add($"{formula} of parameters", c => c.Einsum(formula, c.W(left), c.W(right)));
        }
        cases.Add("product of repeated and constant operands", c =>
            c.Einsum("ij,jk>ik", c.Repeat(c.X(7), 5, 7), c.Einsum("jk,k>jk", c.Full(0.5, 7, 3), c.W(3))));
        cases.Add("product of slices", c => c.Einsum(
            "ij,jk>ik", c.Add(new Slice(1, 2, 5), c.X(4, 9)), c.Add(new Slice(0, 1, 5), c.W(8, 6))));
        cases.Add("product with a mask", c => c.Einsum("ij,j>i", c.W(5, 8), c.Mask(8)));
        cases.Add("the same operand twice", c =>
        {
            Value x = c.Both(new Multiply(), c.X(6, 5), c.W(5));
            return c.Einsum("ij,kj>ik", x, x);
        });
        cases.Add("diag(d) W h", c =>
        {
            Value d = c.Tanh(c.Einsum("ij,j>i", c.W(9, 4), c.X(4)));
            return c.Einsum("ij,j>i", c.Both(new Multiply(), c.Reshape(d, 9, 1), c.W(9, 6)), c.X(6));
        });
        cases.Add("sum of z W x", c =>
        {
            Value z = c.Tanh(c.Einsum("ij,j>i", c.W(3, 4), c.X(4)));
            return c.Einsum("ij,j>i", c.Einsum("ijk,k>ij", c.W(9, 6, 3), z), c.X(6));
        });
    }

    private static void Convolutions(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        void Case(string name, int[] image, int[] kernel, int sy, int sx, int top, int bottom, int left, int right, int groups)
        {
            cases.Add("convolution " + name, c =>
                c.Convolve(c.Tanh(c.Both(new Multiply(), c.X(image), c.W(image))), c.W(kernel), sy, sx, top, bottom, left, right, groups));
        }
        Case("plain", [7, 6, 3], [3, 3, 3, 5], 1, 1, 1, 1, 1, 1, 1);
        Case("valid", [7, 6, 3], [3, 2, 3, 17], 1, 1, 0, 0, 0, 0, 1);
        Case("strided", [9, 8, 2], [3, 3, 2, 4], 2, 3, 1, 0, 0, 1, 1);
        Case("stride that leaves rows over", [8, 8, 1], [3, 3, 1, 2], 3, 2, 0, 0, 0, 0, 1);
        Case("padded beyond the kernel", [4, 3, 2], [2, 2, 2, 3], 1, 1, 3, 4, 2, 5, 1);
        Case("padded beyond the kernel with strides", [4, 3, 2], [2, 1, 2, 3], 3, 2, 4, 3, 3, 2, 1);
        Case("that never meets the image", [1, 1, 2], [1, 1, 2, 3], 5, 5, 2, 0, 2, 0, 1);
        Case("1x1", [5, 5, 18], [1, 1, 18, 20], 1, 1, 0, 0, 0, 0, 1);
        Case("1x1 strided", [5, 5, 3], [1, 1, 3, 4], 2, 2, 0, 0, 0, 0, 1);
        Case("groups", [6, 5, 6], [3, 3, 2, 9], 1, 1, 1, 1, 1, 1, 3);
        Case("depthwise", [6, 5, 17], [3, 3, 1, 17], 1, 1, 1, 1, 1, 1, 17);
        Case("as large as the image", [4, 5, 2], [4, 5, 2, 6], 1, 1, 0, 0, 0, 0, 1);
        cases.Add("convolution with kernels of the example", c => c.Convolve(
            c.X(5, 5, 2), c.Reshape(c.Einsum("ij,j>i", c.W(54, 3), c.X(3)), 3, 3, 2, 3), 1, 1, 1, 1, 1, 1, 1));
        cases.Add("convolution of a parameter with kernels of the example", c =>
            c.Convolve(c.W(5, 5, 2), c.X(3, 3, 2, 3), 1, 1, 1, 1, 1, 1, 1));
        cases.Add("convolution that nothing varies in", c => c.Convolve(c.W(5, 5, 2), c.W(3, 3, 2, 3), 1, 1, 1, 1, 1, 1, 1));
        cases.Add("convolution with a kernel used twice", c =>
        {
            Value kernel = c.Reshape(c.Einsum("ij,j>i", c.W(81, 2), c.W(2)), 3, 3, 3, 3);
            Value first = c.Add(new Relu(), c.Convolve(c.X(6, 6, 3), kernel, 1, 1, 1, 1, 1, 1, 1));
            return c.Convolve(first, kernel, 2, 2, 0, 1, 0, 1, 1);
        });
        cases.Add("convolution of views", c => c.Convolve(
            c.Transpose(c.X(3, 6, 5), 1, 2, 0), c.Transpose(c.W(4, 3, 3, 3), 1, 2, 3, 0), 1, 1, 1, 1, 1, 1, 1));
    }

    private static void Pools(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        Window[] windows =
        [
            new(2, 2, 2, 2, 0, 0, 0, 0), new(3, 3, 2, 2, 1, 1, 1, 1), new(3, 2, 1, 1, 2, 1, 0, 1), new(2, 3, 3, 1, 0, 1, 2, 2),
            new(1, 1, 2, 2, 0, 0, 0, 0), new(6, 7, 1, 1, 0, 0, 0, 0),
        ];
        foreach (Window w in windows)
        {
            foreach (int channels in new[] { 1, 5, 17 })
            {
                Value Image(CaseBuilder c) => c.Both(new Multiply(), c.X(6, 7, channels), c.W(channels));
                cases.Add($"max pool {w.Text} {channels}", c => c.Add(
                    new MaxPool(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right), Image(c)));
                cases.Add($"average pool {w.Text} {channels}", c => c.Add(
                    new AveragePool(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right), Image(c)));
            }
        }
        cases.Add("max pool of a parameter", c => c.Both(
            new Multiply(), c.Add(new MaxPool(2, 2, 2, 2, 0, 0, 0, 0), c.W(4, 4, 3)), c.X(3)));
    }

    private static void OverExamples(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        cases.Add("sum over examples", c => c.Both(
            new Divide(), c.Add(new SumOverExamples(), c.Both(new Multiply(), c.X(3, 7), c.W(7))), c.Full(50)));
        cases.Add("sum over examples read by examples", c => c.Both(
            new Multiply(), c.Add(new SumOverExamples(), c.Both(new Multiply(), c.X(20), c.W(20))), c.X(20)));
        cases.Add("sum over examples of what does not vary", c => c.BatchMean(c.Tanh(c.W(5))));
        cases.Add("sum over examples of a view", c => c.BatchMean(c.Transpose(c.Both(new Multiply(), c.X(3, 5), c.W(5)), 1, 0)));
        cases.Add("sum of products over examples", c =>
            c.BatchMean(c.Einsum("ij,jk>ik", c.Tanh(c.X(4, 3)), c.Both(new Multiply(), c.X(3, 5), c.W(3, 5)))));
        cases.Add("outer product over examples", c => c.Both(
            new Multiply(), c.BatchMean(c.Einsum("i,j>ij", c.X(4), c.Both(new Multiply(), c.X(17), c.W(17)))), c.X(4, 17)));
        cases.Add("batch normalisation", c => c.BatchNormalised(c.Both(new Multiply(), c.X(18), c.W(18))));
        cases.Add("batch normalisation twice", c =>
        {
            Value h = c.Add(new Relu(), c.BatchNormalised(c.Einsum("ij,j>i", c.W(9, 6), c.X(6))));
            return c.BatchNormalised(c.Einsum("ij,j>i", c.W(5, 9), h));
        });
        cases.Add("batch normalisation of an image", c =>
        {
            Value image = c.Convolve(c.X(5, 4, 2), c.W(3, 3, 2, 3), 1, 1, 1, 1, 1, 1, 1);
            Value mean = c.Both(new Divide(), c.Sum(c.BatchMean(image), 0, 1), c.Full(20));
            return c.Add(new Relu(), c.Both(new Subtract(), image, mean));
        });
        cases.Add("weights generated from statistics", c =>
        {
            Value statistics = c.Tanh(c.BatchMean(c.X(4)));
            Value weights = c.Einsum("ijk,k>ij", c.W(6, 5, 4), statistics);
            return c.Einsum("ij,j>i", weights, c.X(5));
        });
    }

    private static void Masks(Dictionary<string, Func<CaseBuilder, Value>> cases)
    {
        cases.Add("mask", c => c.Both(new Multiply(), c.Mask(3, 19), c.W(3, 19)));
        cases.Add("mask transposed", c => c.Both(new Multiply(), c.Transpose(c.Mask(3, 19), 1, 0), c.W(19, 3)));
        cases.Add("mask reshaped", c => c.Both(new Multiply(), c.Reshape(c.Mask(3, 19), 57), c.W(57)));
        cases.Add("mask sliced", c => c.Both(new Multiply(), c.Add(new Slice(1, 4, 9), c.Mask(3, 19)), c.W(9)));
        cases.Add("mask repeated", c => c.Both(new Multiply(), c.Mask(3, 1), c.W(3, 19)));
        cases.Add("mask used twice", c =>
        {
            Value mask = c.Mask(21);
            return c.Both(new Multiply(), c.Add(new Relu(), c.Both(new Multiply(), mask, c.X(21))), c.Both(new Multiply(), mask, c.W(21)));
        });
        cases.Add("mask of a row", c =>
        {
            Value x = c.Both(new Multiply(), c.X(5, 18), c.W(18));
            Value kept = c.Both(new Multiply(), c.Sum(x, 1), c.Mask(5));
            return c.Both(new Multiply(), x, c.Reshape(kept, 5, 1));
        });
        cases.Add("mask alone", c => c.Mask(4, 5));
        cases.Add("mask summed over examples", c => c.Both(new Multiply(), c.BatchMean(c.Mask(9)), c.W(9)));
    }
}
