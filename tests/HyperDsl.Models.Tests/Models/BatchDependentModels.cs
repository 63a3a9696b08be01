using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A generated matrix, and a mean whose divisor is the length of the sequence.</summary>
[HyperModel]
public sealed partial class MeanOfSequence : Model
{
    private readonly Rnn cell = new(3, 4);
    private readonly Weight turn = new(4, 4) { Init = Initialiser.Uniform(-1, 1) };

    [Predict]
    public Tensor Mean([Steps, Shape(3)] Tensor x) => MeanOverSteps(Dot(Tanh(turn), cell.Scan(x)));
}

/// <summary>A generated matrix, and inputs that are centred over the batch.</summary>
[HyperModel]
public sealed partial class CentredInputs : Model
{
    private readonly Weight turn = new(4, 3) { Init = Initialiser.Uniform(-1, 1) };

    [Predict]
    public Tensor Centred([Shape(3)] Tensor x) => Dot(Tanh(turn), x - BatchMean(x));
}
