using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>Several tasks in one network: the task's embedding generates the weights of a layer (a table of embeddings → weights).</summary>
[HyperModel(Float64 = true)]
public sealed partial class TaskWeights : Model
{
    public const int Features = 6;
    public const int Tasks = 5;
    public const int Outputs = 3;
    private const int Width = 4;
    private const int Hidden = 7;

    private readonly Embedding embeddings = new(Tasks, Width);
    private readonly Weight rates = new(Tasks, Hidden) { Init = Initialiser.Ones };
    [Hyper]
    private readonly Linear generator = new(Width, Hidden * Features);
    private readonly Linear readout = new(Hidden, Outputs);

    [Predict]
    public Tensor Predict([Shape(Features)] Tensor x, [Classes(Tasks)] Label task)
    {
        Tensor weight = Reshape(generator.Call(embeddings.Call(task)), Hidden, Features);
        return readout.Call(Gather(rates, task) * Tanh(Dot(weight, x)));
    }

    [Loss]
    public Tensor Loss([Shape(Features)] Tensor x, [Classes(Tasks)] Label task, [Shape(Outputs)] Tensor target) =>
        MeanSquaredError(Predict(x, task), target);
}
