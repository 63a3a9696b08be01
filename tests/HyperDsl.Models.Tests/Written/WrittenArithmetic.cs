namespace HyperDsl.Models;

/// <summary>What written cells are made of, in double precision and in the plainest order.</summary>
internal static class WrittenArithmetic
{
    /// <summary>A matrix, row by row, times a vector.</summary>
    public static double[] Times(double[] matrix, double[] x)
    {
        double[] y = new double[matrix.Length / x.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            y[i / x.Length] += matrix[i] * x[i % x.Length];
        }
        return y;
    }

    /// <summary>A vector element by element.</summary>
    public static double[] Each(Func<int, double> element, int count) => [.. Enumerable.Range(0, count).Select(element)];

    public static double[] Plus(double[] a, double[] b) => Each(i => a[i] + b[i], a.Length);

    public static double[] TimesEach(double[] a, double[] b) => Each(i => a[i] * b[i], a.Length);

    public static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The norm of one vector, with a part of a gain and a shift.</summary>
    public static double[] Norm(double[] x, WrittenWeights norm, int part, int parts, double? epsilon)
    {
        if (epsilon is null)
        {
            return x;
        }
        double mean = x.Average();
        double root = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + epsilon.Value);
        double[] gain = norm.Part("gain", part, parts);
        double[] shift = norm.Part("shift", part, parts);
        return Each(i => ((x[i] - mean) / root * gain[i]) + shift[i], x.Length);
    }
}
