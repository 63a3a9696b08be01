using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>The part of .NET's library that networks may use while the compiler runs them.</content>
internal sealed partial class Interpreter
{
    /// <summary>Says that a member is not one of those known here.</summary>
    private static readonly object Unknown = new();

    private static object? KnownStaticField(IFieldSymbol field) => (field.ContainingType.Name, field.Name) switch
    {
        ("String", "Empty") => "",
        _ => Unknown,
    };

    private object? KnownStaticProperty(IPropertySymbol property) => (property.ContainingType.Name, property.Name) switch
    {
        ("Range", "All") => new RangeValue(new IndexValue(0, false), new IndexValue(0, true)),
        ("Index", "Start") => new IndexValue(0, false),
        ("Index", "End") => new IndexValue(0, true),
        ("Span" or "ReadOnlySpan", "Empty") => NewList([]),
        _ => Unknown,
    };

    private object? KnownProperty(object? target, IPropertySymbol property, object?[] arguments, IOperation at, Frame frame)
    {
        if (IsNullableMember(property))
        {
            return property.Name == "HasValue" ? target is not null
                : target ?? Fails(at, "the value is null", frame);
        }
        return (target, property.Name) switch
        {
            (ListValue list, "Count" or "Length") => list.Items.Count,
            (ListValue list, "IsEmpty") => list.Items.Count == 0,
            (ListValue or string, _) when property.IsIndexer => ElementOf(target, arguments[0], at, frame),
            (string text, "Length") => text.Length,
            (IndexValue index, "Value") => index.Value,
            (IndexValue index, "IsFromEnd") => index.FromEnd,
            (RangeValue range, "Start") => range.Start,
            (RangeValue range, "End") => range.End,
            _ => Unknown,
        };
    }

    private object? CreateKnown(IMethodSymbol constructor, object?[] arguments, IObjectCreationOperation at, Frame frame)
    {
        if (arguments.Any(argument => argument is Poison))
        {
            return Poison.Instance;
        }
        INamedTypeSymbol type = constructor.ContainingType.OriginalDefinition;
        switch (type.Name)
        {
            case "List":
                return NewList(arguments is [ListValue items] ? items.Items : []);
            case "Index" when arguments is [int value, ..]:
                return new IndexValue(value, arguments is [_, true]);
            case "Range" when arguments is [IndexValue start, IndexValue end]:
                return new RangeValue(start, end);
            case "ValueTuple" or "Tuple":
                return new TupleValue(arguments);
            case "Nullable" when arguments is [var inner]:
                return inner;
            case "String" when arguments is [char character, int count]:
                Bound(count, at, frame);
                return new string(character, count);
            default:
                return Unsupported(at, $"an object of '{type.Name}', whose source is not at hand,", frame);
        }
    }

    private object? KnownCall(IMethodSymbol method, object? target, object?[] arguments, IOperation at, Frame frame)
    {
        INamedTypeSymbol type = method.ContainingType;
        if (IsNullableMember(method))
        {
            return method.Name == "GetValueOrDefault"
                ? target ?? (arguments.Length > 0 ? arguments[0] : DefaultOf(type.TypeArguments[0], frame))
                : Unknown;
        }
        string owner = type.OriginalDefinition.Name;
        return owner switch
        {
            "Math" or "MathF" => KnownMaths(method, arguments, at, frame),
            "Enumerable" or "MemoryExtensions" => KnownQuery(method, arguments, at, frame),
            "Array" => KnownArrayCall(method.Name, arguments, at, frame),
            "ArgumentOutOfRangeException" or "ArgumentNullException" or "ArgumentException" => KnownGuard(method, arguments, at, frame),
            _ => KnownInstanceCall(method, target, arguments, at, frame),
        };
    }

    private object? KnownInstanceCall(IMethodSymbol method, object? target, object?[] arguments, IOperation at, Frame frame) =>
        (target, method.Name) switch
        {
            (ListValue list, _) => KnownListCall(list, method.Name, arguments, at, frame),
            (string text, _) => KnownStringCall(text, method.Name, arguments),
            (IndexValue index, "GetOffset") when arguments is [int length] => index.Offset(length),
            (RangeValue range, "GetOffsetAndLength") when arguments is [int length] => OffsetAndLength(range, length, at, frame),
            (null, "Concat") when method.ContainingType.SpecialType == SpecialType.System_String =>
                arguments.Aggregate<object?, object>("", (text, item) => Concatenate(text, item, at, frame)),
            (null, "Join") when method.ContainingType.SpecialType == SpecialType.System_String && arguments is [var separator, ListValue items] =>
                string.Join(FormatConstant(separator), items.Items.Select(item => FormatConstant(item))),
            (null, "IsNullOrEmpty") when arguments is [var text] => text is null or "",
            (int or long or float or double or bool or char, "ToString") => FormatConstant(target, arguments is [string format, ..] ? format : null),
            (int or long or float or double or bool or char, "Equals") => Equals(target, arguments[0]),
            (int a, "CompareTo") when arguments is [int b] => a.CompareTo(b),
            (null, "Max") when arguments is [int a, int b] => Math.Max(a, b),
            (null, "Min") when arguments is [int a, int b] => Math.Min(a, b),
            (null, "IsNaN") when arguments is [double number] => double.IsNaN(number),
            _ => Unknown,
        };

    private object OffsetAndLength(RangeValue range, int length, IOperation at, Frame frame)
    {
        int start = range.Start.Offset(length);
        int end = range.End.Offset(length);
        return start < 0 || end < start || end > length
            ? Fails(
                at,
                $"the range from {Literal.Integer(start)} to {Literal.Integer(end)} is outside of an axis of {Literal.Integer(length)}",
                frame)
            : new TupleValue([start, end - start]);
    }

    private static object? KnownStringCall(string text, string name, object?[] arguments) => (name, arguments) switch
    {
        ("ToString", []) => text,
        ("Contains", [string part]) => text.Contains(part),
        ("Contains", [char part]) => text.IndexOf(part) >= 0,
        ("StartsWith", [string part, ..]) => text.StartsWith(part, StringComparison.Ordinal),
        ("EndsWith", [string part, ..]) => text.EndsWith(part, StringComparison.Ordinal),
        ("IndexOf", [string part, ..]) => text.IndexOf(part, StringComparison.Ordinal),
        ("IndexOf", [char part]) => text.IndexOf(part),
        ("Substring", [int start]) when start >= 0 && start <= text.Length => text.Substring(start),
        ("Substring", [int start, int length]) when start >= 0 && length >= 0 && start + length <= text.Length => text.Substring(start, length),
        ("Replace", [string old, string fresh]) when old.Length > 0 && text.Length < 10_000 => text.Replace(old, fresh),
        ("Trim", []) => text.Trim(),
        ("ToUpperInvariant", []) => text.ToUpperInvariant(),
        ("ToLowerInvariant", []) => text.ToLowerInvariant(),
        ("Equals", [var other, ..]) => Equals(text, other),
        _ => Unknown,
    };

    private object? KnownListCall(ListValue list, string name, object?[] arguments, IOperation at, Frame frame)
    {
        List<object?> items = list.Items;
        switch (name, arguments)
        {
            case ("Add" or "Append", [var item]):
                Grow(list, at, frame);
                items.Add(item);
                return null;
            case ("AddRange", [ListValue more]):
                Grow(list, at, frame);
                items.AddRange(more.Items.ToArray());
                Bound(items.Count, at, frame);
                return null;
            case ("Insert", [int index, var item]) when index >= 0 && index <= items.Count:
                Grow(list, at, frame);
                items.Insert(index, item);
                return null;
            case ("RemoveAt", [int index]) when index >= 0 && index < items.Count:
                Change(list, at, frame);
                items.RemoveAt(index);
                return null;
            case ("Clear", []):
                Change(list, at, frame);
                items.Clear();
                return null;
            case ("Reverse", []):
                Change(list, at, frame);
                items.Reverse();
                return null;
            case ("Contains", [var item]):
                return items.Any(candidate => ConstantsEqual(candidate, item, at, frame));
            case ("IndexOf", [var item]):
                return items.FindIndex(candidate => ConstantsEqual(candidate, item, at, frame));
            case ("ToArray" or "ToList" or "AsSpan" or "Clone", []):
                return NewList(items);
            case ("Slice" or "GetRange", [int start, int length]):
                return SliceOf(list, new RangeValue(new IndexValue(start, false), new IndexValue(start + length, false)), items.Count, at, frame);
            case ("Slice", [int start]):
                return SliceOf(list, new RangeValue(new IndexValue(start, false), new IndexValue(0, true)), items.Count, at, frame);
            case ("GetLength", [0]):
                return items.Count;
            default:
                return Unknown;
        }
    }

    private void Grow(ListValue list, IOperation at, Frame frame)
    {
        Change(list, at, frame);
        Bound(list.Items.Count + 1, at, frame);
    }

    private object? KnownArrayCall(string name, object?[] arguments, IOperation at, Frame frame)
    {
        switch (name, arguments)
        {
            case ("Fill", [ListValue list, var item]):
                Change(list, at, frame);
                for (int i = 0; i < list.Items.Count; i++)
                {
                    list.Items[i] = item;
                }
                return null;
            case ("IndexOf", [ListValue list, var item]):
                return list.Items.FindIndex(candidate => ConstantsEqual(candidate, item, at, frame));
            case ("Reverse", [ListValue list]):
                Change(list, at, frame);
                list.Items.Reverse();
                return null;
            case ("Empty", []):
                return NewList([]);
            default:
                return Unknown;
        }
    }

    private static double? NumberOf(object? value) => value is int or long or float or double
        ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary><c>ArgumentOutOfRangeException.ThrowIfNegative</c> and its like.</summary>
    private object? KnownGuard(IMethodSymbol method, object?[] arguments, IOperation at, Frame frame)
    {
        double? first = NumberOf(arguments[0]);
        // As in the runtime, NaN is less than every number, and with its sign set it is negative.
        int? compared = arguments.Length > 1 && NumberOf(arguments[1]) is double second ? first?.CompareTo(second) : null;
        bool negative = first is double number && BitConverter.DoubleToInt64Bits(number) < 0;
        (bool Throws, string Rule)? verdict = method.Name switch
        {
            "ThrowIfNull" => (arguments[0] is null, "must not be null"),
            "ThrowIfNullOrEmpty" => (arguments[0] is null or "", "must not be empty"),
            "ThrowIfNegative" => (negative, "must not be negative"),
            "ThrowIfNegativeOrZero" => (negative || first == 0, "must be positive"),
            "ThrowIfZero" => (first == 0, "must not be zero"),
            "ThrowIfLessThan" => (compared < 0, "must be at least " + FormatConstant(arguments[1])),
            "ThrowIfLessThanOrEqual" => (compared <= 0, "must be greater than " + FormatConstant(arguments[1])),
            "ThrowIfGreaterThan" => (compared > 0, "must be at most " + FormatConstant(arguments[1])),
            "ThrowIfGreaterThanOrEqual" => (compared >= 0, "must be less than " + FormatConstant(arguments[1])),
            "ThrowIfEqual" => (Equals(arguments[0], arguments[1]), "must not be " + FormatConstant(arguments[1])),
            "ThrowIfNotEqual" => (!Equals(arguments[0], arguments[1]), "must be " + FormatConstant(arguments[1])),
            _ => null,
        };
        if (verdict is not { } known)
        {
            return Unknown;
        }
        if (!known.Throws)
        {
            return null;
        }
        string name = arguments[arguments.Length - 1] as string ?? "the argument";
        log.Report(Descriptors.Refused, $"{name} is {Describe(arguments[0])}: it {known.Rule}.", at, frame);
        throw new TraceAbandonedException();
    }
}
