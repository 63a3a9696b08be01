using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content><c>Math</c> and <c>MathF</c>, evaluated at once.</content>
internal sealed partial class Interpreter
{
    private object? KnownMaths(IMethodSymbol method, object?[] arguments, IOperation at, Frame frame)
    {
        if (arguments.Any(IsTensor))
        {
            return Unsupported(at, $"'{method.ContainingType.Name}' on tensors (use the tensor operation of the same name)", frame);
        }
        if (arguments.All(argument => argument is int) && OnIntegerArguments(method.Name, arguments) is object whole)
        {
            return whole;
        }
        if (arguments.All(argument => argument is long) && OnLongArguments(method.Name, arguments) is object wide)
        {
            return wide;
        }
        double[] numbers = arguments.Where(argument => argument is int or long or float or double)
            .Select(argument => Convert.ToDouble(argument, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        if (numbers.Length != arguments.Length || OnRealArguments(method.Name, numbers) is not double result)
        {
            return Unknown;
        }
        return ConvertConstant(result, method.ReturnType);
    }

    private static object? OnIntegerArguments(string name, object?[] arguments) => (name, arguments) switch
    {
        ("Abs", [int a]) => Math.Abs((long)a) is var size && size <= int.MaxValue ? (int)size : null,
        ("Max", [int a, int b]) => Math.Max(a, b),
        ("Min", [int a, int b]) => Math.Min(a, b),
        ("Sign", [int a]) => Math.Sign(a),
        ("Clamp", [int a, int low, int high]) => Math.Max(low, Math.Min(a, high)),
        _ => null,
    };

    private static object? OnLongArguments(string name, object?[] arguments) => (name, arguments) switch
    {
        ("Max", [long a, long b]) => Math.Max(a, b),
        ("Min", [long a, long b]) => Math.Min(a, b),
        _ => null,
    };

    private static double? OnRealArguments(string name, double[] numbers) => (name, numbers) switch
    {
        ("Abs", [var a]) => Math.Abs(a),
        ("Max", [var a, var b]) => Math.Max(a, b),
        ("Min", [var a, var b]) => Math.Min(a, b),
        ("Clamp", [var a, var low, var high]) => Math.Max(low, Math.Min(a, high)),
        ("Sqrt", [var a]) => Math.Sqrt(a),
        ("Exp", [var a]) => Math.Exp(a),
        ("Log", [var a]) => Math.Log(a),
        ("Log", [var a, var b]) => Math.Log(a, b),
        ("Log2", [var a]) => Math.Log(a, 2),
        ("Log10", [var a]) => Math.Log10(a),
        ("Pow", [var a, var b]) => Math.Pow(a, b),
        ("Sin", [var a]) => Math.Sin(a),
        ("Cos", [var a]) => Math.Cos(a),
        ("Tanh", [var a]) => Math.Tanh(a),
        ("Floor", [var a]) => Math.Floor(a),
        ("Ceiling", [var a]) => Math.Ceiling(a),
        ("Round", [var a]) => Math.Round(a),
        ("Truncate", [var a]) => Math.Truncate(a),
        ("Sign", [var a]) => Math.Sign(a),
        _ => null,
    };
}
