using System.Collections.Immutable;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content>Which member a virtual call runs, and what type parameters stand for.</content>
internal sealed partial class Interpreter
{
    private readonly Dictionary<ISymbol, Dictionary<ISymbol, ISymbol>> overrides = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IFieldSymbol?> autoFields = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, string?> documentationIds = new(SymbolEqualityComparer.Default);

    /// <summary>The member of an object's class that overrides or implements another.</summary>
    private T FindOverride<T>(ObjectValue item, T member)
        where T : class, ISymbol
    {
        T definition = sources.Definition(member);
        ITypeSymbol type = item.Type.Definition;
        if (!overrides.TryGetValue(type, out Dictionary<ISymbol, ISymbol>? known))
        {
            known = new(SymbolEqualityComparer.Default);
            overrides.Add(type, known);
        }
        if (!known.TryGetValue(definition, out ISymbol? found))
        {
            found = definition.ContainingType.TypeKind == TypeKind.Interface
                ? FindImplementation(type, definition)
                : FindOverrideIn(type, definition);
            known.Add(definition, found);
        }
        return (T)found;
    }

    private ISymbol FindOverrideIn(ITypeSymbol type, ISymbol definition)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (ISymbol candidate in sources.Definition(at).GetMembers(definition.Name))
            {
                for (ISymbol? overridden = candidate; overridden is not null; overridden = Overridden(overridden))
                {
                    if (SameDefinition(overridden, definition))
                    {
                        return sources.Definition(candidate);
                    }
                }
            }
        }
        return definition;
    }

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    private ISymbol FindImplementation(ITypeSymbol type, ISymbol definition)
    {
        foreach (INamedTypeSymbol face in type.AllInterfaces)
        {
            if (!SameDefinition(face, definition.ContainingType))
            {
                continue;
            }
            ISymbol? declared = face.GetMembers(definition.Name).FirstOrDefault(candidate => SameDefinition(candidate, definition));
            if (declared is not null && type.FindImplementationForInterfaceMember(declared) is ISymbol implementation)
            {
                // The implementation may be a virtual member of a base class.
                return implementation.ContainingType.TypeKind == TypeKind.Interface
                    ? sources.Definition(implementation)
                    : FindOverrideIn(type, sources.Definition(implementation));
            }
        }
        return definition;
    }

    /// <summary>Symbols of two compilations never compare equal, so what is met in both is compared by documentation id.</summary>
    private bool SameDefinition(ISymbol left, ISymbol right)
    {
        ISymbol first = sources.Definition(left);
        ISymbol second = sources.Definition(right);
        return SymbolEqualityComparer.Default.Equals(first, second)
            || (first.Name == second.Name && first.Kind == second.Kind && DocumentationId(first) is string id && id == DocumentationId(second));
    }

    private string? DocumentationId(ISymbol definition)
    {
        if (!documentationIds.TryGetValue(definition, out string? id))
        {
            id = definition.GetDocumentationCommentId();
            documentationIds.Add(definition, id);
        }
        return id;
    }

    /// <summary>The backing field of a property whose accessors have no bodies.</summary>
    private IFieldSymbol? AutoField(IPropertySymbol definition)
    {
        if (!autoFields.TryGetValue(definition, out IFieldSymbol? field))
        {
            field = definition.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.AssociatedSymbol, definition));
            if (field is not null && definition.GetMethod is { } getter && !definition.IsImplicitlyDeclared && HasAccessorBody(getter))
            {
                field = null;
            }
            autoFields.Add(definition, field);
        }
        return field;
    }

    private bool HasAccessorBody(IMethodSymbol getter) => BodyOf(getter) is not null;

    private Dictionary<ISymbol, TypeValue> TypeArgumentsFor(object? self) =>
        self is ObjectValue item ? item.TypeArguments : NoTypeArguments;

    private Dictionary<ISymbol, TypeValue> TypeArgumentsOf(IMethodSymbol method, object? self, Frame frame)
    {
        bool genericHolder = method.ContainingType is { IsGenericType: true } && self is not ObjectValue;
        if (!method.IsGenericMethod && !genericHolder)
        {
            return TypeArgumentsFor(self);
        }
        Dictionary<ISymbol, TypeValue> arguments = new(TypeArgumentsFor(self), SymbolEqualityComparer.Default);
        if (genericHolder)
        {
            AddTypeArguments(
                arguments, sources.Definition(method.ContainingType).TypeParameters, method.ContainingType.TypeArguments, frame);
        }
        AddTypeArguments(arguments, sources.Definition(method).TypeParameters, method.TypeArguments, frame);
        return arguments;
    }

    private void AddTypeArguments(
        Dictionary<ISymbol, TypeValue> target,
        ImmutableArray<ITypeParameterSymbol> parameters,
        ImmutableArray<ITypeSymbol> arguments,
        Frame frame)
    {
        for (int i = 0; i < parameters.Length && i < arguments.Length; i++)
        {
            target[parameters[i]] = Resolve(arguments[i], frame);
        }
    }

    private TypeValue Resolve(ITypeSymbol type, Frame? frame) => Resolve(type, frame?.TypeArguments ?? NoTypeArguments);

    private TypeValue Resolve(ITypeSymbol type, Dictionary<ISymbol, TypeValue> typeArguments) => type switch
    {
        ITypeParameterSymbol parameter => typeArguments.TryGetValue(sources.Definition(parameter), out TypeValue? known)
            ? known
            : new TypeValue(parameter, []),
        INamedTypeSymbol { IsTupleType: true } tuple =>
            new TypeValue(tuple, tuple.TupleElements.Select(element => Resolve(element.Type, typeArguments)).ToArray()),
        INamedTypeSymbol { TypeArguments.Length: > 0 } named => new TypeValue(
            sources.Definition(named), named.TypeArguments.Select(argument => Resolve(argument, typeArguments)).ToArray()),
        INamedTypeSymbol named => new TypeValue(sources.Definition(named), []),
        _ => new TypeValue(type, []),
    };
}
