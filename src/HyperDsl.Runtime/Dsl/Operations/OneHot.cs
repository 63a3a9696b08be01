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
        for (int copy = 0; copy < index.Values.Length; copy++)
        {
            result[(copy * index.Classes) + index.Values[copy]] = 1;
        }
        return new Tensor([index.Classes], index.Examples, result, index.Steps);
    }
}
