namespace HyperDsl;

internal sealed class ConstantInitialiser(double value) : Initialiser
{
    internal override bool IsRandom => false;

    internal override double[] Fill(int[] shape, int seed, string name)
    {
        double[] values = new double[ShapeRules.Count(shape)];
        Array.Fill(values, value);
        return values;
    }
}
