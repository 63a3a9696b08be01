using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

// What C# expressions evaluate to while a model is traced. Compile-time constants are the boxed C# values themselves
// (int, long, float, double, bool, char, string; enums as their underlying number; null), tensors are Ir.Value handles.

/// <summary>The result of an expression that was already complained about; every operation on it is silently the same.</summary>
internal sealed class Poison
{
    public static readonly Poison Instance = new();

    private Poison()
    {
    }
}

/// <summary>A value the compiler has no use for and does not look into, such as an initialiser of a weight.</summary>
internal sealed class OpaqueValue
{
    public static readonly OpaqueValue Instance = new();

    private OpaqueValue()
    {
    }
}

/// <summary>A variable. Closures share it.</summary>
internal sealed class Box(object? content)
{
    public object? Content { get; set; } = content;
}

/// <summary>A value that can be changed; what was made in an earlier epoch is frozen.</summary>
internal abstract class MutableValue(int epoch)
{
    public int Epoch { get; } = epoch;
}

/// <summary>An object of a class or struct whose source is traced.</summary>
internal sealed class ObjectValue(TypeValue type, int epoch) : MutableValue(epoch)
{
    public TypeValue Type { get; } = type;

    /// <summary>Fields, backing fields included, by their definition.</summary>
    public Dictionary<ISymbol, Box> Fields { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Parameters of primary constructors, which bodies may go on using.</summary>
    public Dictionary<ISymbol, Box> Captured { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Type arguments of the class and its bases.</summary>
    public Dictionary<ISymbol, TypeValue> TypeArguments { get; } = new(SymbolEqualityComparer.Default);

    public bool IsStruct => Type.Definition.IsValueType;

    public ObjectValue Clone(int epoch)
    {
        ObjectValue clone = new(Type, epoch);
        foreach (KeyValuePair<ISymbol, Box> field in Fields)
        {
            clone.Fields.Add(field.Key, new Box(field.Value.Content));
        }
        foreach (KeyValuePair<ISymbol, Box> captured in Captured)
        {
            clone.Captured.Add(captured.Key, new Box(captured.Value.Content));
        }
        foreach (KeyValuePair<ISymbol, TypeValue> argument in TypeArguments)
        {
            clone.TypeArguments.Add(argument.Key, argument.Value);
        }
        return clone;
    }
}

/// <summary>A <c>HyperDsl.Weight</c>.</summary>
internal sealed class WeightValue(Shape shape, int order, int epoch) : MutableValue(epoch)
{
    public Shape Shape { get; } = shape;

    /// <summary>Its number in order of creation.</summary>
    public int Order { get; } = order;

    public bool Trained { get; set; } = true;

    /// <summary>Its place in the flat buffer's order, once the model is constructed; -1 before, and where no field leads to it.</summary>
    public int Index { get; set; } = -1;

    public string Name { get; set; } = "";
}

/// <summary>An array, list, span or other sequence.</summary>
internal sealed class ListValue(List<object?> items, int epoch) : MutableValue(epoch)
{
    public List<object?> Items { get; } = items;
}

internal sealed class TupleValue(object?[] items)
{
    public object?[] Items { get; } = items;
}

/// <summary>A lambda, local function or method as a value.</summary>
internal sealed class FunctionValue(IMethodSymbol method, IOperation? body, object? receiver, Scope? scope, Frame? origin)
{
    public IMethodSymbol Method { get; } = method;

    public IOperation? Body { get; } = body;

    public object? Receiver { get; } = receiver;

    public Scope? Scope { get; } = scope;

    public Frame? Origin { get; } = origin;
}

internal sealed record IndexValue(int Value, bool FromEnd)
{
    public int Offset(int length) => FromEnd ? length - Value : Value;
}

internal sealed record RangeValue(IndexValue Start, IndexValue End);

/// <summary>A type with its arguments known, free of the compilation it was met in.</summary>
internal sealed class TypeValue(ITypeSymbol definition, IReadOnlyList<TypeValue> arguments) : IEquatable<TypeValue>
{
    public ITypeSymbol Definition { get; } = definition;

    public IReadOnlyList<TypeValue> Arguments { get; } = arguments;

    public bool Equals(TypeValue? other) =>
        other is not null
        && SymbolEqualityComparer.Default.Equals(Definition, other.Definition)
        && Arguments.SequenceEqual(other.Arguments);

    public override bool Equals(object? obj) => Equals(obj as TypeValue);

    public override int GetHashCode() => SymbolEqualityComparer.Default.GetHashCode(Definition);
}
