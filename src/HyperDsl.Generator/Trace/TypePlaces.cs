using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>How a class is opened again in generated code.</summary>
internal static class TypePlaces
{
    public static TypePlace Of(INamedTypeSymbol type)
    {
        List<string> declarations = [];
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            declarations.Insert(0, Declaration(at));
        }
        string space = type.ContainingNamespace is { IsGlobalNamespace: false } named ? named.ToDisplayString() : "";
        return new TypePlace(space, declarations.ToEquatable(), MetadataName(type));
    }

    public static string MetadataName(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }
        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }

    private static string Declaration(INamedTypeSymbol type)
    {
        string access = type.DeclaredAccessibility switch
        {
            Accessibility.Public => "public ",
            Accessibility.Private => "private ",
            Accessibility.Protected => "protected ",
            Accessibility.ProtectedOrInternal => "protected internal ",
            Accessibility.ProtectedAndInternal => "private protected ",
            _ => "internal ",
        };
        string inheritance = type.TypeKind != TypeKind.Class ? ""
            : type.IsStatic ? "static "
            : type.IsAbstract ? "abstract "
            : type.IsSealed ? "sealed "
            : "";
        string kind = type.TypeKind switch
        {
            TypeKind.Struct => type.IsRecord ? "record struct " : "struct ",
            TypeKind.Interface => "interface ",
            _ => type.IsRecord ? "record " : "class ",
        };
        string parameters = type.TypeParameters.Length == 0
            ? ""
            : "<" + string.Join(", ", type.TypeParameters.Select(parameter => parameter.Name)) + ">";
        return access + inheritance + "partial " + kind + type.Name + parameters;
    }
}
