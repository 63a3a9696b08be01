namespace HyperDsl;

/// <summary>Each element drawn by itself.</summary>
internal abstract class ElementInitialiser : Initialiser
{
    internal sealed override double[] Fill(int[] shape, int seed, string name)
    {
        InitialRandom random = new(seed, name);
        double[] values = new double[ShapeRules.Count(shape)];
        for (int element = 0; element < values.Length; element++)
        {
            values[element] = Draw(random, element, shape);
        }
        return values;
    }

    protected abstract double Draw(InitialRandom random, int element, int[] shape);
}

internal sealed class NormalInitialiser(double mean, double sigma) : ElementInitialiser
{
    protected override double Draw(InitialRandom random, int element, int[] shape) => mean + (sigma * random.Normal(element));
}

internal sealed class TruncatedNormalInitialiser(double mean, double sigma) : ElementInitialiser
{
    protected override double Draw(InitialRandom random, int element, int[] shape)
    {
        uint draw = 0;
        double normal = random.Normal(element, draw);
        while (Math.Abs(normal) > 2)
        {
            normal = random.Normal(element, ++draw);
        }
        return mean + (sigma * normal);
    }
}

internal sealed class UniformInitialiser(double low, double high) : ElementInitialiser
{
    protected override double Draw(InitialRandom random, int element, int[] shape) => low + ((high - low) * random.Uniform(element));
}

/// <summary>Zero mean and a variance that depends on how many values a unit sums and how many units a value reaches.</summary>
internal sealed class FanInitialiser(Func<double, double, double> variance, bool uniform) : ElementInitialiser
{
    protected override double Draw(InitialRandom random, int element, int[] shape)
    {
        (double inputs, double outputs) = Fans(shape);
        double sigma = Math.Sqrt(variance(inputs, outputs));
        return uniform ? Math.Sqrt(3) * sigma * ((2 * random.Uniform(element)) - 1) : sigma * random.Normal(element);
    }

    private static (double Inputs, double Outputs) Fans(int[] shape)
    {
        if (shape.Length <= 2)
        {
            return (shape.Length == 0 ? 1 : shape[^1], shape.Length == 2 ? shape[0] : 1);
        }
        double places = 1;
        for (int axis = 0; axis < shape.Length - 2; axis++)
        {
            places *= shape[axis];
        }
        return (places * shape[^2], places * shape[^1]);
    }
}
