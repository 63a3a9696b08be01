namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>1 at the label's class, 0 elsewhere.</summary>
    /// <param name="index">The label.</param>
    /// <returns>[classes].</returns>
    [Primitive("oneHot")]
    public static Tensor OneHot(Label index)
    {
        double[] result = new double[index.Classes * index.Values.Length];
        for (int example = 0; example < index.Values.Length; example++)
        {
            result[(example * index.Classes) + index.Values[example]] = 1;
        }
        return new Tensor([index.Classes], index.Examples, result);
    }
}
