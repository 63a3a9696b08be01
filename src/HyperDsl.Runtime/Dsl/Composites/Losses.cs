namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Minus the log-likelihood of a class under the softmax of its logits, in nats.</summary>
    /// <param name="logits">[classes].</param>
    /// <param name="label">The class.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="TensorShapeException">There is not one logit a class.</exception>
    public static Tensor CrossEntropy(Tensor logits, Label label)
    {
        if (logits.Rank != 1 || logits.Count != label.Classes)
        {
            throw new TensorShapeException(
                $"CrossEntropy takes one logit a class, but got {logits.Count} logits on {logits.Rank} axes and {label.Classes} classes. "
                + "Give logits of shape [classes]; Flatten removes further axes.");
        }
        return LogSumExp(logits) - Sum(logits * OneHot(label));
    }

    /// <summary>As <see cref="CrossEntropy"/>, in bits.</summary>
    /// <param name="logits">[classes].</param>
    /// <param name="label">The class.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="TensorShapeException">There is not one logit a class.</exception>
    public static Tensor CrossEntropyBits(Tensor logits, Label label) => CrossEntropy(logits, label) / Math.Log(2);

    /// <summary>The mean over all elements of the squared difference.</summary>
    /// <param name="prediction">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="TensorShapeException">The shapes differ; they are not broadcast here, which would hide mistakes.</exception>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor target)
    {
        bool equal = prediction.Rank == target.Rank;
        for (int axis = 0; equal && axis < target.Rank; axis++)
        {
            equal = prediction.Shape[axis] == target.Shape[axis];
        }
        if (!equal)
        {
            throw new TensorShapeException(
                $"MeanSquaredError compares a prediction of {prediction.Count} elements on {prediction.Rank} axes with a target of "
                + $"{target.Count} elements on {target.Rank} axes. The shapes must be equal; use Reshape or Broadcast.");
        }
        return Mean(Square(prediction - target));
    }
}
