using TorchSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Values of a program's inputs, label and weights.</summary>
public sealed class ProgramData
{
    private const int Examples = 3;
    private readonly RandomProgram program;
    private readonly Tensor[] inputs;
    private readonly int[] labels;

    /// <summary>Makes values that depend on the seed only.</summary>
    /// <param name="program">The program.</param>
    /// <param name="seed">The seed.</param>
    public ProgramData(RandomProgram program, int seed)
    {
        this.program = program;
        var random = new Random(seed);
        inputs = [.. program.Inputs.Select(input =>
            Tensor.OfBatch(Examples, Single(TorchReferee.Batch(random.Next(), Examples, input.Shape)), input.Shape))];
        labels = [.. Enumerable.Range(0, Examples).Select(_ => random.Next(RandomProgram.Classes))];
        Weights = [.. program.Weights.Select(weight => Tensor.Of(Single(TorchReferee.Values(random.Next(), weight.Shape)), weight.Shape))];
    }

    /// <summary>A value for each weight.</summary>
    public IReadOnlyList<Tensor> Weights { get; }

    /// <summary>The arguments of the model's loss.</summary>
    public object[] Arguments => [.. inputs, Label.OfBatch(labels, RandomProgram.Classes)];

    /// <summary>The same as columns of a batch.</summary>
    public Batch Batch
    {
        get
        {
            Batch batch = new Batch(Examples).Add("label", labels);
            for (int i = 0; i < inputs.Length; i++)
            {
                batch.Add(program.Inputs[i].Name, Array.ConvertAll(inputs[i].ToArray(), value => (float)value));
            }

            return batch;
        }
    }

    /// <summary>The mean loss in libtorch and its gradients.</summary>
    public (double Loss, double[][] Gradients) Theirs()
    {
        torch.Tensor[] weights = [.. Weights.Select(weight => TorchReferee.ToTorch(weight).requires_grad_())];
        torch.Tensor sum = torch.tensor(0.0, torch.float64);
        for (int example = 0; example < Examples; example++)
        {
            torch.Tensor[] values = [.. inputs.Select(input => TorchReferee.ToTorch(input).select(0, example))];
            sum += program.Loss(values, weights, labels[example]);
        }

        torch.Tensor loss = sum / Examples;
        if (loss.requires_grad)
        {
            loss.backward();
        }

        double[][] gradients = [.. weights.Select(weight => weight.grad is { } gradient ? TorchReferee.ToArray(gradient) : new double[weight.numel()])];
        return (loss.item<double>(), gradients);
    }

    // Numbers that single precision holds exactly, so that both precisions compute the same.
    private static double[] Single(Tensor values) => Array.ConvertAll(values.ToArray(), value => (double)(float)value);
}
