using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>A place of an object that can hold weights.</summary>
/// <param name="Name">Its name as weights' paths and generated code write it.</param>
/// <param name="Field">The field, or the backing or capturing field.</param>
/// <param name="Declared">What the user declared: the field, the property, or the parameter of a primary constructor.</param>
/// <param name="Type">The declared type.</param>
internal sealed record FieldSlot(string Name, IFieldSymbol Field, ISymbol Declared, ITypeSymbol Type)
{
    /// <summary>Whether a scan carries it from step to step.</summary>
    public bool IsState => WellKnown.IsTensor(Type) && WellKnown.HasAttribute(Declared, "StateAttribute");

    /// <summary>Where an object keeps it; null where nothing was stored yet.</summary>
    public Box? BoxIn(ObjectValue item) => Declared is IParameterSymbol parameter
        ? item.Captured.TryGetValue(parameter, out Box? captured) ? captured : null
        : item.Fields.TryGetValue(Field, out Box? box) ? box : null;
}

/// <summary>
/// The order of a class's fields, which numbers weights and which the generated visitor follows: parts of a partial class by
/// path, then by position, so that the order of files on a command line changes nothing.
/// </summary>
internal static class FieldOrder
{
    public static IReadOnlyList<FieldSlot> Of(INamedTypeSymbol type)
    {
        List<FieldSlot> slots = [];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (!field.IsStatic && !field.IsConst && SlotOf(type, field) is FieldSlot slot)
            {
                slots.Add(slot);
            }
        }
        return Sort(slots, slot => slot.Declared);
    }

    public static List<T> Sort<T>(IEnumerable<T> items, Func<T, ISymbol> symbolOf) => items
        .OrderBy(item => PlaceOf(symbolOf(item))?.SourceTree?.FilePath ?? "", StringComparer.Ordinal)
        .ThenBy(item => PlaceOf(symbolOf(item))?.SourceSpan.Start ?? 0)
        .ToList();

    private static Location? PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource);

    private static FieldSlot? SlotOf(INamedTypeSymbol type, IFieldSymbol field)
    {
        if (field.AssociatedSymbol is IPropertySymbol property)
        {
            return new FieldSlot(property.Name, field, property, property.Type);
        }
        if (!field.IsImplicitlyDeclared)
        {
            return new FieldSlot(field.Name, field, field, field.Type);
        }
        // The compiler names the field that captures parameter n of a primary constructor <n>P.
        string name = field.Name.StartsWith("<", StringComparison.Ordinal) && field.Name.EndsWith(">P", StringComparison.Ordinal)
            ? field.Name.Substring(1, field.Name.Length - 3)
            : "";
        IParameterSymbol? parameter = type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(candidate => candidate.Name == name && IsOfPrimaryConstructor(candidate));
        return parameter is null ? null : new FieldSlot(name, field, parameter, parameter.Type);
    }

    private static bool IsOfPrimaryConstructor(IParameterSymbol parameter) =>
        parameter.ContainingSymbol.DeclaringSyntaxReferences.Any(
            reference => reference.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax);
}
