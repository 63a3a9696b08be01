using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class ElementwiseTests : TorchTest
{
    private sealed record Unary(Func<Tensor, Tensor> Ours, Func<torch.Tensor, torch.Tensor> Theirs, double Low = -3, double High = 3);

    private sealed record Binary(Func<Tensor, Tensor, Tensor> Ours, Func<torch.Tensor, torch.Tensor, torch.Tensor> Theirs);

    private static readonly Dictionary<string, Unary> Functions = new()
    {
        ["negate"] = new(x => -x, x => -x),
        ["abs"] = new(Abs, torch.abs),
        ["sign"] = new(Sign, torch.sign),
        ["exp"] = new(Exp, torch.exp),
        ["exp large"] = new(Exp, torch.exp, -700, 700),
        ["log"] = new(Log, torch.log, 0.001, 30),
        ["sqrt"] = new(Sqrt, torch.sqrt, 0, 9),
        ["sin"] = new(Sin, torch.sin, -20, 20),
        ["cos"] = new(Cos, torch.cos, -20, 20),
        ["tanh"] = new(Tanh, torch.tanh),
        ["tanh small"] = new(Tanh, torch.tanh, -1e-4, 1e-4),
        ["sigmoid"] = new(Sigmoid, torch.sigmoid, -40, 40),
        ["relu"] = new(Relu, x => torch.nn.functional.relu(x)),
        ["softplus"] = new(Softplus, x => torch.nn.functional.softplus(x, threshold: 1000), -40, 40),
        ["power 3"] = new(x => Power(x, 3), x => torch.pow(x, 3.0)),
        ["power -1.5"] = new(x => Power(x, -1.5), x => torch.pow(x, -1.5), 0.1, 4),
    };

    private static readonly Dictionary<string, Binary> Operators = new()
    {
        ["add"] = new((a, b) => a + b, (a, b) => a + b),
        ["subtract"] = new((a, b) => a - b, (a, b) => a - b),
        ["multiply"] = new((a, b) => a * b, (a, b) => a * b),
        ["divide"] = new((a, b) => a / (b + 3), (a, b) => a / (b + 3)),
        ["minimum"] = new(Minimum, torch.minimum),
        ["maximum"] = new(Maximum, torch.maximum),
        ["less"] = new((a, b) => a < b, (a, b) => a < b),
        ["lessOrEqual"] = new((a, b) => a <= b, (a, b) => a <= b),
        ["greater"] = new((a, b) => a > b, (a, b) => a > b),
        ["greaterOrEqual"] = new((a, b) => a >= b, (a, b) => a >= b),
        ["equal"] = new(Equal, torch.eq),
        ["select"] = new((a, b) => Select(a < b, a * 2, b), (a, b) => torch.where(a < b, a * 2, b)),
    };

    private static readonly int[][][] BroadcastPairs =
    [
        [[2, 3], [2, 3]], [[2, 3], [3]], [[2, 3], [2, 1]], [[], [4]], [[4, 1, 3], [2, 1]], [[1], [5, 2]],
    ];

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    public static TheoryData<string, int> OperatorsAndShapes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in Operators.Keys)
            {
                for (int pair = 0; pair < BroadcastPairs.Length; pair++)
                {
                    data.Add(name, pair);
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(FunctionNames))]
    public void Function_of_one_value(string name)
    {
        Unary function = Functions[name];
        Tensor x = BatchBetween(seed: 1, examples: 5, function.Low, function.High, 3, 7);
        AssertEachEqual(function.Ours(x), function.Theirs(ToTorch(x)));
    }

    [SkippableTheory]
    [MemberData(nameof(OperatorsAndShapes))]
    public void Function_of_two_values_broadcasts(string name, int pair)
    {
        Tensor a = Grid(seed: 2, BroadcastPairs[pair][0]);
        Tensor b = Grid(seed: 3, BroadcastPairs[pair][1]);
        AssertEachEqual(Operators[name].Ours(a, b), Operators[name].Theirs(ToTorch(a), ToTorch(b)).to(torch.float64));
    }

    [SkippableFact]
    public void A_value_without_a_batch_meets_every_example()
    {
        Tensor batch = Batch(seed: 4, examples: 3, 2, 5);
        Tensor single = Values(seed: 5, 5);
        AssertEachEqual(batch * single, ToTorch(batch) * ToTorch(single));
        AssertEachEqual(single - batch, ToTorch(single) - ToTorch(batch));
    }

    // Quarters, so that comparisons meet equal values.
    private static Tensor Grid(int seed, int[] shape)
    {
        double[] values = [.. Values(seed, shape).ToArray().Select(value => Math.Round(value * 4) / 4)];
        return Tensor.Of(values, shape);
    }
}
