using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>Asks for an update in training and in evaluation.</summary>
[HyperModel]
public sealed partial class CountedSteps : Model
{
    private readonly Weight count = new() { Trained = false };
    private readonly Weight w = new(2) { Init = Initialiser.Ones };

    [Predict]
    public Tensor Score([Shape(2)] Tensor x)
    {
        count.Update(count + 1);
        return Dot(w, x);
    }

    [Loss] public Tensor Loss([Shape(2)] Tensor x) => Square(Score(x));
}
