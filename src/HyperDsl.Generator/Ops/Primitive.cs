using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// A tensor operation of the language, found by the name in its <c>[Primitive("…")]</c> attribute. It turns the arguments of
/// a call into nodes. Subclasses with a parameterless constructor register themselves: an operation is one file.
/// </summary>
internal abstract class Primitive
{
    private static readonly Dictionary<string, Primitive> Known = typeof(Primitive).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(Primitive).IsAssignableFrom(type))
        .Select(type => (Primitive)Activator.CreateInstance(type)!)
        .ToDictionary(primitive => primitive.Name, StringComparer.Ordinal);

    /// <summary>The name in the attribute.</summary>
    public abstract string Name { get; }

    public static Primitive? Find(string name) => Known.TryGetValue(name, out Primitive? found) ? found : null;

    public static IEnumerable<string> Names => Known.Keys.OrderBy(name => name, StringComparer.Ordinal);

    /// <exception cref="ShapeException">The arguments do not fit; the message is for the user.</exception>
    public abstract Value Apply(GraphBuilder graph, PrimitiveArguments arguments);
}

/// <summary>
/// Arguments of a primitive call by ordinal of the C# parameter, omitted ones filled with their defaults. An instance
/// receiver comes first. Each is a <see cref="Value"/>, <c>int</c>, <c>double</c>, <c>bool</c>, <c>string</c>, <c>null</c> or
/// a list of these.
/// </summary>
internal sealed class PrimitiveArguments(IReadOnlyList<object?> items, Func<int> nextSite)
{
    public int Count => items.Count;

    public bool IsNull(int index) => items[index] is null;

    public Value Tensor(int index) => (Value)items[index]!;

    public Value[] Tensors(int index) => ((IReadOnlyList<object?>)items[index]!).Select(item => (Value)item!).ToArray();

    public int Integer(int index) => (int)items[index]!;

    public int[] Integers(int index) => ((IReadOnlyList<object?>)items[index]!).Select(item => (int)item!).ToArray();

    public double Real(int index) => items[index] is int whole ? whole : (double)items[index]!;

    public bool Flag(int index) => (bool)items[index]!;

    public string Text(int index) => (string)items[index]!;

    /// <summary>A number no other call of this entry got: the place part of a random number's counter.</summary>
    public int NextSite() => nextSite();
}
