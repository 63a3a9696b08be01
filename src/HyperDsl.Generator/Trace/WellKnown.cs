using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>The types of the language, recognised by name: they are met as symbols of several compilations.</summary>
internal static class WellKnown
{
    public const string HyperModelAttribute = "HyperDsl.HyperModelAttribute";

    public const string NetworkAttribute = "HyperDsl.NetworkAttribute";

    public const string LibraryAttribute = "HyperDsl.HyperLibraryAttribute";

    public const string SourceAttribute = "HyperDsl.HyperSourceAttribute";

    /// <summary>A project that sees this type gets kernels for GPUs.</summary>
    public const string GpuRoutine = "HyperDsl.Gpu.GpuRoutine";

    public static bool IsOurs(ISymbol? symbol, string name) =>
        symbol is not null && symbol.Name == name
        && symbol.ContainingSymbol is INamespaceSymbol { Name: "HyperDsl", ContainingNamespace.IsGlobalNamespace: true };

    public static bool IsTensor(ITypeSymbol? type) => IsOurs(type, "Tensor") || IsWeight(type);

    public static bool IsWeight(ITypeSymbol? type) => IsOurs(type, "Weight");

    public static bool IsLabel(ITypeSymbol? type) => IsOurs(type, "Label");

    public static bool IsModel(ITypeSymbol? type) => IsOurs(type, "Model");

    public static bool IsInitialiser(ITypeSymbol? type) => DerivesFrom(type, symbol => IsOurs(symbol, "Initialiser"));

    public static bool DerivesFrom(ITypeSymbol? type, Func<ITypeSymbol, bool> accept)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (accept(at))
            {
                return true;
            }
        }
        return false;
    }

    public static AttributeData? Attribute(ISymbol symbol, string name)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (IsOurs(attribute.AttributeClass, name))
            {
                return attribute;
            }
        }
        return null;
    }

    public static bool HasAttribute(ISymbol symbol, string name) => Attribute(symbol, name) is not null;

    /// <summary>The operation's name if the compiler knows this member as a tensor operation.</summary>
    public static string? PrimitiveName(ISymbol member) =>
        Attribute(member, "PrimitiveAttribute") is { ConstructorArguments: { Length: 1 } arguments }
            ? arguments[0].Value as string
            : null;

    /// <summary>Whether a class marks itself, or a base class, as a holder of weights.</summary>
    public static bool IsNetwork(ITypeSymbol? type) =>
        type is not null
        && (DerivesFrom(type, at => HasAttribute(at, "NetworkAttribute") || HasAttribute(at, "HyperModelAttribute"))
            || IsOurs(type, "INetwork")
            || type.AllInterfaces.Any(face => IsOurs(face, "INetwork")));
}
