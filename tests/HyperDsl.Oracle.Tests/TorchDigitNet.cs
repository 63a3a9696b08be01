using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace HyperDsl.Oracle;

/// <summary>
/// The two MNIST networks of Ha, Dai and Le 2016 written by hand for libtorch, with its own order of axes, autograd and Adam:
/// convolution 7×7 with 16 channels, relu, pooling, twice, then a linear layer. The second kernel is learned or generated.
/// </summary>
public sealed class TorchDigitNet : IDisposable
{
    private const int Channels = 16;
    private const int Size = 7;
    private const int FinalSide = 7;
    private const int Classes = 10;
    private const int Embedding = 4;
    private readonly Dictionary<string, Parameter> parameters = [];
    private readonly torch.optim.Optimizer optimizer;
    private readonly bool hyper;

    /// <summary>Makes the network.</summary>
    /// <param name="values">Values by the names and in the order of axes of the compiled model.</param>
    /// <param name="type">Single or double precision.</param>
    public TorchDigitNet(IEnumerable<KeyValuePair<string, float[]>> values, torch.ScalarType type)
    {
        foreach ((string name, float[] numbers) in values)
        {
            using var scope = torch.NewDisposeScope();
            torch.Tensor native = ToNative(name, torch.tensor(numbers).to(type));
            parameters.Add(name, new Parameter(native.contiguous().clone().MoveToOuterDisposeScope()));
        }

        hyper = parameters.ContainsKey("generated.embedding");
        optimizer = torch.optim.Adam(parameters.Values, 0.005);
    }

    /// <summary>Parameters by name, in libtorch's order of axes.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>One training step: gradients of the mean loss, clipped to a norm of 100, and Adam.</summary>
    /// <param name="images">[batch, 1, 28, 28].</param>
    /// <param name="labels">[batch], 64-bit integers.</param>
    /// <param name="rate">The learning rate.</param>
    public void Step(torch.Tensor images, torch.Tensor labels, double rate)
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad();
        Loss(images, labels).backward();
        torch.nn.utils.clip_grad_norm_(parameters.Values, 100);
        foreach (torch.optim.ILearningRateController group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }

        optimizer.step();
    }

    /// <summary>The mean cross-entropy of a batch.</summary>
    public torch.Tensor Loss(torch.Tensor images, torch.Tensor labels) => torch.nn.functional.cross_entropy(Logits(images), labels);

    /// <summary>[batch, 10] from [batch, 1, 28, 28].</summary>
    public torch.Tensor Logits(torch.Tensor images)
    {
        torch.Tensor x = Layer(images, parameters["first.kernel"], parameters["first.bias"]);
        x = hyper
            ? Layer(x, GeneratedKernel(), parameters["generated.bias"])
            : Layer(x, parameters["learned.kernel"], parameters["learned.bias"]);
        return torch.nn.functional.linear(x.flatten(1), parameters["readout.weight"], parameters["readout.bias"]);
    }

    /// <summary>Gradients by name, in the compiled model's order of axes, after a backward pass.</summary>
    public Dictionary<string, double[]> Gradients() =>
        parameters.ToDictionary(entry => entry.Key, entry => FromNative(entry.Key, entry.Value.grad!).to(torch.float64).contiguous().data<double>().ToArray());

    /// <inheritdoc/>
    public void Dispose()
    {
        optimizer.Dispose();
        foreach (Parameter parameter in parameters.Values)
        {
            parameter.Dispose();
        }
    }

    private static torch.Tensor Layer(torch.Tensor x, torch.Tensor kernel, torch.Tensor bias)
    {
        torch.Tensor y = torch.nn.functional.conv2d(x, kernel, bias, padding: [Size / 2, Size / 2]);
        return torch.nn.functional.max_pool2d(torch.nn.functional.relu(y), [2, 2]);
    }

    /// <summary>Equation 2 with the notebook's map: a[o] = W[o] z + B[o]; K[o, c, y, x] = ⟨W_out[y, x, c], a[o]⟩ + B_out[y, x, c].</summary>
    private torch.Tensor GeneratedKernel()
    {
        torch.Tensor inner = parameters["generated.generator.inner"];
        torch.Tensor outer = parameters["generated.generator.outer"];
        torch.Tensor a = inner.matmul(parameters["generated.embedding"].reshape(-1)) + parameters["generated.generator.innerBias"];
        torch.Tensor columns = outer.reshape(Size * Size * Channels, -1).matmul(a.t())
            + parameters["generated.generator.outerBias"].reshape(-1, 1);
        return columns.reshape(Size, Size, Channels, Channels).permute(3, 2, 0, 1);
    }

    private static torch.Tensor ToNative(string name, torch.Tensor value) => name switch
    {
        "first.kernel" => value.reshape(Size, Size, 1, Channels).permute(3, 2, 0, 1),
        "learned.kernel" => value.reshape(Size, Size, Channels, Channels).permute(3, 2, 0, 1),
        "readout.weight" => value.reshape(Classes, FinalSide, FinalSide, Channels).permute(0, 3, 1, 2).reshape(Classes, -1),
        "generated.generator.inner" => value.reshape(Channels, Embedding, Embedding),
        "generated.generator.innerBias" => value.reshape(Channels, -1),
        "generated.generator.outer" => value.reshape(Size, Size, Channels, -1),
        _ => value,
    };

    private static torch.Tensor FromNative(string name, torch.Tensor value) => name switch
    {
        "first.kernel" or "learned.kernel" => value.permute(2, 3, 1, 0),
        "readout.weight" => value.reshape(Classes, Channels, FinalSide, FinalSide).permute(0, 2, 3, 1),
        _ => value,
    };
}
