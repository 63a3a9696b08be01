using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Functions of <c>double</c>: those of <see cref="Math"/> in each lane, for checking gradients.</summary>
public static unsafe partial class VectorMath
{
    /// <summary>e to the power x.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>e to the power x.</summary>
    public static Vector512<double> Exp(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Exp(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>The natural logarithm.</summary>
    public static double Log(double x) => Math.Log(x);

    /// <summary>The natural logarithm.</summary>
    public static Vector512<double> Log(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Log(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector512<double> Tanh(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Tanh(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Vector512<double> Sigmoid(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Sigmoid(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>ln(1 + eˣ).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>ln(1 + eˣ).</summary>
    public static Vector512<double> Softplus(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Softplus(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>The sine.</summary>
    public static double Sin(double x) => Math.Sin(x);

    /// <summary>The sine.</summary>
    public static Vector512<double> Sin(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Sin(x.GetElement(lane)));
        }

        return x;
    }

    /// <summary>The cosine.</summary>
    public static double Cos(double x) => Math.Cos(x);

    /// <summary>The cosine.</summary>
    public static Vector512<double> Cos(Vector512<double> x)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            x = x.WithElement(lane, Cos(x.GetElement(lane)));
        }

        return x;
    }

    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return Math.Log(sum) + ((x - (sum - 1)) / sum);
    }

    /// <summary>The value in every lane.</summary>
    internal static Vector512<T> Create<T>(double value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Vector512.Create((float)value).As<float, T>() : Vector512.Create(value).As<double, T>();
}
