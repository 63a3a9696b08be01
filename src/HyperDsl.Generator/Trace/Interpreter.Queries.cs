using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content><c>Math</c>, and the sequence operators of <c>System.Linq</c>, evaluated at once.</content>
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

    private object? KnownQuery(IMethodSymbol method, object?[] arguments, IOperation at, Frame frame)
    {
        object? Call(object? function, params object?[] inputs) =>
            CallFunction((FunctionValue)function!, new ArgumentList(inputs.Take(((FunctionValue)function!).Method.Parameters.Length).ToArray()), at, frame);

        bool Test(object? function, object? item) => Call(function, item) switch
        {
            bool flag => flag,
            _ => throw new TraceAbandonedException(),
        };

        List<object?> Inner(object? sequence)
        {
            if (sequence is null)
            {
                Fails(at, "an inner sequence is null", frame);
            }
            return sequence is ListValue inner ? inner.Items : throw new TraceAbandonedException();
        }

        if (method.Name == "Range" && arguments is [int start, int count])
        {
            Bound(count, at, frame);
            return count < 0 ? Fails(at, "the count is negative", frame) : NewList(Enumerable.Range(start, count).Select(number => (object?)number));
        }
        if (method.Name == "Repeat" && arguments is [var repeated, int times])
        {
            Bound(times, at, frame);
            return times < 0 ? Fails(at, "the count is negative", frame) : NewList(Enumerable.Repeat(repeated, times));
        }
        if (method.Name == "Empty")
        {
            return NewList([]);
        }
        if (arguments.Length == 0 || arguments[0] is not ListValue list)
        {
            return Unknown;
        }
        List<object?> items = list.Items;
        return (method.Name, arguments) switch
        {
            ("Select", [_, FunctionValue f]) => NewList(items.ToArray().Select((item, index) => Call(f, item, index)).ToList()),
            ("SelectMany", [_, FunctionValue f]) => NewList(items.ToArray().SelectMany(item => Inner(Call(f, item))).ToList()),
            ("SelectMany", [_, FunctionValue f, FunctionValue g]) => NewList(
                items.ToArray().SelectMany(item => Inner(Call(f, item)).ToArray().Select(inner => Call(g, item, inner))).ToList()),
            ("Where", [_, FunctionValue f]) => NewList(items.ToArray().Where(item => Test(f, item)).ToList()),
            ("Any", [_]) => items.Count > 0,
            ("Any", [_, FunctionValue f]) => items.ToArray().Any(item => Test(f, item)),
            ("All", [_, FunctionValue f]) => items.ToArray().All(item => Test(f, item)),
            ("Count", [_]) => items.Count,
            ("Count", [_, FunctionValue f]) => items.ToArray().Count(item => Test(f, item)),
            ("ToArray" or "ToList" or "AsEnumerable" or "AsSpan", [_]) => NewList(items),
            ("Reverse", [_]) => NewList(Enumerable.Reverse(items)),
            ("Skip", [_, int n]) => NewList(items.Skip(n)),
            ("Take", [_, int n]) => NewList(items.Take(n)),
            ("SkipLast", [_, int n]) => NewList(items.Take(Math.Max(0, items.Count - Math.Max(0, n)))),
            ("Concat", [_, ListValue other]) => NewList(items.Concat(other.Items)),
            ("Append", [_, var item]) => NewList(items.Append(item)),
            ("Prepend", [_, var item]) => NewList(items.Prepend(item)),
            ("Zip", [_, ListValue other]) => NewList(items.Zip(other.Items, (a, b) => (object?)new TupleValue([a, b]))),
            ("Zip", [_, ListValue other, FunctionValue f]) => NewList(items.Zip(other.Items, (a, b) => Call(f, a, b)).ToList()),
            ("Index", [_]) => NewList(items.Select((item, index) => (object?)new TupleValue([index, item]))),
            ("First", [_]) => items.Count > 0 ? items[0] : Fails(at, "the sequence is empty", frame),
            ("Last", [_]) => items.Count > 0 ? items[items.Count - 1] : Fails(at, "the sequence is empty", frame),
            ("ElementAt", [_, var index]) => ElementOf(list, index, at, frame),
            ("SequenceEqual", [_, ListValue other]) => items.Count == other.Items.Count
                && items.Zip(other.Items, (a, b) => ConstantsEqual(a, b, at, frame)).All(equal => equal),
            ("Contains", [_, var item]) => items.Any(candidate => ConstantsEqual(candidate, item, at, frame)),
            ("Sum" or "Max" or "Min", [_]) => Fold(method, items, at, frame),
            ("Sum" or "Max" or "Min", [_, FunctionValue f]) =>
                Fold(method, items.ToArray().Select(item => Call(f, item)).ToList(), at, frame),
            ("Aggregate", [_, FunctionValue f]) => items.Count > 0
                ? items.Skip(1).ToArray().Aggregate(items[0], (total, item) => Call(f, total, item))
                : Fails(at, "the sequence is empty", frame),
            ("Aggregate", [_, var seed, FunctionValue f]) => items.ToArray().Aggregate(seed, (total, item) => Call(f, total, item)),
            _ => Unknown,
        };
    }

    private object? Fold(IMethodSymbol method, List<object?> items, IOperation at, Frame frame)
    {
        if (items.Any(item => item is Poison))
        {
            return Poison.Instance;
        }
        if (items.Count == 0)
        {
            return method.Name == "Sum" ? ConvertConstant(0, method.ReturnType) : Fails(at, "the sequence is empty", frame);
        }
        if (items.Any(IsTensor))
        {
            return Unsupported(at, $"'{method.Name}' of a sequence of tensors (add them in a loop)", frame);
        }
        try
        {
            return items[0] switch
            {
                int => method.Name switch
                {
                    "Sum" => items.Aggregate(0, (total, item) => checked(total + (int)item!)),
                    "Max" => items.Max(item => (int)item!),
                    _ => items.Min(item => (int)item!),
                },
                double => method.Name switch
                {
                    "Sum" => items.Sum(item => (double)item!),
                    "Max" => items.Max(item => (double)item!),
                    _ => items.Min(item => (double)item!),
                },
                _ => Unknown,
            };
        }
        catch (OverflowException)
        {
            return Fails(at, "the sum does not fit its type", frame);
        }
    }
}
