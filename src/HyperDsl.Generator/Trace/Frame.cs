using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>Variables in view, innermost first.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<ISymbol, Box> boxes = new(SymbolEqualityComparer.Default);

    public void Declare(ISymbol variable, object? content) => boxes[variable] = new Box(content);

    public void Bind(ISymbol variable, Box box) => boxes[variable] = box;

    public Box? Find(ISymbol variable)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.boxes.TryGetValue(variable, out Box? box))
            {
                return box;
            }
        }
        return null;
    }

    /// <summary>The same boxes in one table: what a lambda captures, so that each turn of a loop keeps its own variables.</summary>
    public Scope Capture()
    {
        Scope captured = new(null);
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            foreach (KeyValuePair<ISymbol, Box> pair in scope.boxes)
            {
                if (!captured.boxes.ContainsKey(pair.Key))
                {
                    captured.boxes.Add(pair.Key, pair.Value);
                }
            }
        }
        return captured;
    }

    private Scope? Outer { get; } = outer;
}

/// <summary>One call of a body.</summary>
internal sealed class Frame(IMethodSymbol? method, object? self, Scope scope, Frame? caller, IOperation? callSite)
{
    public IMethodSymbol? Method { get; } = method;

    /// <summary>What <c>this</c> is.</summary>
    public object? Self { get; } = self;

    public Scope Scope { get; } = scope;

    public Frame? Caller { get; } = caller;

    /// <summary>The expression in the caller that made the call.</summary>
    public IOperation? CallSite { get; } = callSite;

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    public Dictionary<ISymbol, TypeValue> TypeArguments { get; init; } = new(SymbolEqualityComparer.Default);

    /// <summary>The value of the return statement that was met.</summary>
    public object? Returned { get; set; }

    /// <summary>Items of <c>yield return</c> so far.</summary>
    public List<object?> Yielded { get; } = [];

    /// <summary>The object an initialiser in braces, a <c>with</c> or a pattern looks at.</summary>
    public object? Implicit { get; set; }

    /// <summary>The value a <c>?.</c> goes on with.</summary>
    public object? ConditionalReceiver { get; set; }
}

/// <summary>How a statement ended.</summary>
internal enum Completion
{
    Normal,
    Break,
    Continue,
    Return,
}

/// <summary>This trace cannot go on; whatever is to be said has been said.</summary>
internal sealed class TraceAbandonedException : Exception;
