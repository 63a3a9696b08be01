using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>Compiled cells against the same cells written by hand for libtorch: outputs of all steps, and gradients of all weights.</summary>
public sealed class CellTests : TorchTest
{
    private const int Examples = 18;
    private const int Steps = 7;

    /// <summary>Sums of a few hundred products, each off by a unit in a double's last place, over seven steps.</summary>
    private const double Tolerance = 7 * 512 * 1.0 / (1L << 53);

    /// <summary>The twin has an LSTM's gates in libtorch's order i, f, g, o; HyperDsl has i, g, f, o.</summary>
    [SkippableTheory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Outputs_and_gradients_agree_with_libtorch(string cell)
    {
        bool isLstm = cell == "lstm";
        CellModel model = isLstm ? new LstmModel() : new GruModel();
        model.Initialise(2);
        var random = new Random(4);
        foreach (ref float value in model.Parameters["cell.bias"])
        {
            value = random.NextSingle() - 0.5f;
        }
        float[] x = Numbers(random, Examples * Steps * CellModel.Inputs);
        float[] weight = Numbers(random, Examples * Steps * CellModel.Units);
        double[] hidden = model.Predict64("Hidden", new Batch(Examples).Add("x", x, Steps));
        double[] gradient = new double[model.Parameters.Length];
        model.LossAndGradient64("Loss", new Batch(Examples).Add("x", x, Steps).Add("weight", weight, Steps), gradient);

        long[] order = isLstm ? [0, 2, 1, 3] : [0, 1, 2];
        torch.Tensor Native(string name) => torch.tensor(Array.ConvertAll(model.Parameters[name].ToArray(), value => (double)value))
            .reshape(order.Length, CellModel.Units, -1).index_select(0, torch.tensor(order)).reshape(order.Length * CellModel.Units, -1);
        torch.Tensor fromInput = Native("cell.fromInput").requires_grad_();
        torch.Tensor fromState = Native("cell.fromState").requires_grad_();
        torch.Tensor bias = Native("cell.bias").reshape(-1).requires_grad_();
        torch.Tensor input = torch.tensor(Array.ConvertAll(x, value => (double)value)).reshape(Examples, Steps, CellModel.Inputs);
        torch.Tensor output = Run(isLstm, input, fromInput, fromState, bias);
        (output * torch.tensor(Array.ConvertAll(weight, value => (double)value)).reshape(output.shape)).sum().div(Examples).backward();

        Near(output.detach().contiguous().data<double>().ToArray(), hidden);
        foreach ((string name, torch.Tensor native) in new[]
        {
            ("cell.fromInput", fromInput), ("cell.fromState", fromState), ("cell.bias", bias),
        })
        {
            double[] expected = native.grad!.reshape(order.Length, CellModel.Units, -1).index_select(0, torch.tensor(order))
                .contiguous().data<double>().ToArray();
            int offset = model.Parameters.Parameters.Single(parameter => parameter.Name == name).Offset;
            Near(expected, gradient[offset..(offset + expected.Length)]);
        }
    }

    private static torch.Tensor Run(
        bool isLstm, torch.Tensor input, torch.Tensor fromInput, torch.Tensor fromState, torch.Tensor bias)
    {
        torch.Tensor h = torch.zeros(Examples, CellModel.Units, torch.float64);
        torch.Tensor c = torch.zeros(Examples, CellModel.Units, torch.float64);
        List<torch.Tensor> outputs = [];
        for (int step = 0; step < Steps; step++)
        {
            torch.Tensor x = input.select(1, step);
            if (isLstm)
            {
                torch.Tensor[] y = (x.matmul(fromInput.t()) + h.matmul(fromState.t()) + bias).chunk(4, 1);
                c = y[1].sigmoid() * c + y[0].sigmoid() * y[2].tanh();
                h = y[3].sigmoid() * c.tanh();
            }
            else
            {
                torch.Tensor[] a = (x.matmul(fromInput.t()) + bias).chunk(3, 1);
                torch.Tensor[] b = h.matmul(fromState.t()).chunk(3, 1);
                torch.Tensor reset = (a[0] + b[0]).sigmoid();
                torch.Tensor update = (a[1] + b[1]).sigmoid();
                h = (1 - update) * (a[2] + reset * b[2]).tanh() + update * h;
            }
            outputs.Add(h);
        }
        return torch.stack(outputs, 1);
    }

    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], Tolerance * scale);
        }
    }
}
