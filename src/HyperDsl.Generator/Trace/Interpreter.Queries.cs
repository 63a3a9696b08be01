using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content>The sequence operators of <c>System.Linq</c>, evaluated at once.</content>
internal sealed partial class Interpreter
{
    private object? KnownQuery(IMethodSymbol method, object?[] arguments, IOperation at, Frame frame) => method.Name switch
    {
        "Range" or "Repeat" or "Empty" => NewSequence(method.Name, arguments, at, frame),
        _ when arguments is not [ListValue, ..] => Unknown,
        "Select" or "SelectMany" or "Where" => Mapped(method.Name, arguments, at, frame),
        "Any" or "All" or "Count" or "SequenceEqual" or "Contains" => Questioned(method.Name, arguments, at, frame),
        "First" or "Last" or "ElementAt" => Element(method.Name, arguments, at, frame),
        "Sum" or "Max" or "Min" or "Aggregate" => Folded(method, arguments, at, frame),
        _ => Rearranged(method.Name, arguments, at, frame),
    };

    private object? NewSequence(string name, object?[] arguments, IOperation at, Frame frame)
    {
        switch (name, arguments)
        {
            case ("Range", [int start, int count]):
                Bound(count, at, frame);
                return count < 0
                    ? Fails(at, "the count is negative", frame)
                    : NewList(Enumerable.Range(start, count).Select(number => (object?)number));
            case ("Repeat", [var repeated, int times]):
                Bound(times, at, frame);
                return times < 0 ? Fails(at, "the count is negative", frame) : NewList(Enumerable.Repeat(repeated, times));
            case ("Empty", _):
                return NewList([]);
            default:
                return Unknown;
        }
    }

    // Functions may change the list that they are called for; they see the items as they were.
    private object? Mapped(string name, object?[] arguments, IOperation at, Frame frame)
    {
        object?[] items = ItemsOf(arguments).ToArray();
        return (name, arguments) switch
        {
            ("Select", [_, FunctionValue f]) => NewList(items.Select((item, index) => CallFor(f, at, frame, item, index)).ToList()),
            ("SelectMany", [_, FunctionValue f]) => NewList(
                items.SelectMany(item => InnerItems(CallFor(f, at, frame, item), at, frame)).ToList()),
            ("SelectMany", [_, FunctionValue f, FunctionValue g]) => NewList(
                items.SelectMany(item => InnerItems(CallFor(f, at, frame, item), at, frame).ToArray()
                    .Select(inner => CallFor(g, at, frame, item, inner))).ToList()),
            ("Where", [_, FunctionValue f]) => NewList(items.Where(item => Holds(f, at, frame, item)).ToList()),
            _ => Unknown,
        };
    }

    private object? Questioned(string name, object?[] arguments, IOperation at, Frame frame)
    {
        List<object?> items = ItemsOf(arguments);
        return (name, arguments) switch
        {
            ("Any", [_]) => items.Count > 0,
            ("Any", [_, FunctionValue f]) => items.ToArray().Any(item => Holds(f, at, frame, item)),
            ("All", [_, FunctionValue f]) => items.ToArray().All(item => Holds(f, at, frame, item)),
            ("Count", [_]) => items.Count,
            ("Count", [_, FunctionValue f]) => items.ToArray().Count(item => Holds(f, at, frame, item)),
            ("SequenceEqual", [_, ListValue other]) => items.Count == other.Items.Count
                && items.Zip(other.Items, (a, b) => ConstantsEqual(a, b, at, frame)).All(equal => equal),
            ("Contains", [_, var item]) => items.Any(candidate => ConstantsEqual(candidate, item, at, frame)),
            _ => Unknown,
        };
    }

    private object? Element(string name, object?[] arguments, IOperation at, Frame frame)
    {
        List<object?> items = ItemsOf(arguments);
        return (name, arguments) switch
        {
            ("First", [_]) => items.Count > 0 ? items[0] : Fails(at, "the sequence is empty", frame),
            ("Last", [_]) => items.Count > 0 ? items[items.Count - 1] : Fails(at, "the sequence is empty", frame),
            ("ElementAt", [ListValue list, var index]) => ElementOf(list, index, at, frame),
            _ => Unknown,
        };
    }

    private object? Folded(IMethodSymbol method, object?[] arguments, IOperation at, Frame frame)
    {
        List<object?> items = ItemsOf(arguments);
        return (method.Name, arguments) switch
        {
            ("Aggregate", [_, FunctionValue f]) => items.Count > 0
                ? items.Skip(1).ToArray().Aggregate(items[0], (total, item) => CallFor(f, at, frame, total, item))
                : Fails(at, "the sequence is empty", frame),
            ("Aggregate", [_, var seed, FunctionValue f]) =>
                items.ToArray().Aggregate(seed, (total, item) => CallFor(f, at, frame, total, item)),
            ("Aggregate", _) => Unknown,
            (_, [_]) => Fold(method, items, at, frame),
            (_, [_, FunctionValue f]) => Fold(method, items.ToArray().Select(item => CallFor(f, at, frame, item)).ToList(), at, frame),
            _ => Unknown,
        };
    }

    private object? Rearranged(string name, object?[] arguments, IOperation at, Frame frame)
    {
        List<object?> items = ItemsOf(arguments);
        return (name, arguments) switch
        {
            ("ToArray" or "ToList" or "AsEnumerable" or "AsSpan", [_]) => NewList(items),
            ("Reverse", [_]) => NewList(Enumerable.Reverse(items)),
            ("Skip", [_, int n]) => NewList(items.Skip(n)),
            ("Take", [_, int n]) => NewList(items.Take(n)),
            ("SkipLast", [_, int n]) => NewList(items.Take(Math.Max(0, items.Count - Math.Max(0, n)))),
            ("Concat", [_, ListValue other]) => NewList(items.Concat(other.Items)),
            ("Append", [_, var item]) => NewList(items.Append(item)),
            ("Prepend", [_, var item]) => NewList(items.Prepend(item)),
            ("Zip", [_, ListValue other]) => NewList(items.Zip(other.Items, (a, b) => (object?)new TupleValue([a, b]))),
            ("Zip", [_, ListValue other, FunctionValue f]) =>
                NewList(items.ToArray().Zip(other.Items.ToArray(), (a, b) => CallFor(f, at, frame, a, b)).ToList()),
            ("Index", [_]) => NewList(items.Select((item, index) => (object?)new TupleValue([index, item]))),
            _ => Unknown,
        };
    }

    private static List<object?> ItemsOf(object?[] arguments) => ((ListValue)arguments[0]!).Items;

    private List<object?> InnerItems(object? sequence, IOperation at, Frame frame)
    {
        if (sequence is null)
        {
            Fails(at, "an inner sequence is null", frame);
        }
        return sequence is ListValue inner ? inner.Items : throw new TraceAbandonedException();
    }

    /// <summary>A function need not have a parameter for all that an operator offers, such as the index of an item.</summary>
    private object? CallFor(FunctionValue function, IOperation at, Frame frame, params object?[] offered) =>
        CallFunction(function, new ArgumentList(offered.Take(function.Method.Parameters.Length).ToArray()), at, frame);

    private bool Holds(FunctionValue predicate, IOperation at, Frame frame, object? item) =>
        CallFor(predicate, at, frame, item) is bool holds ? holds : throw new TraceAbandonedException();

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
