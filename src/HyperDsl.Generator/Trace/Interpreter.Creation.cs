using System.Collections.Immutable;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Making objects.</content>
internal sealed partial class Interpreter
{
    /// <summary>Makes an object by a constructor without arguments, or whose parameters all have defaults.</summary>
    public ObjectValue Construct(INamedTypeSymbol type, IMethodSymbol constructor, IOperation? at)
    {
        Frame root = new(null, null, new Scope(null), null, null);
        object?[] arguments = constructor.Parameters
            .Select(parameter => parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null)
            .ToArray();
        return Construct(new TypeValue(type, []), constructor, new ArgumentList(arguments), at, root);
    }

    private object? EvaluateCreation(IObjectCreationOperation creation, Frame frame)
    {
        if (creation.Constructor is not IMethodSymbol constructor || creation.Type is not INamedTypeSymbol type)
        {
            return Invalid(creation, frame);
        }
        object? made;
        if (WellKnown.IsWeight(type))
        {
            made = CreateWeight(creation, frame);
        }
        else if (WellKnown.IsInitialiser(type))
        {
            return OpaqueValue.Instance;
        }
        else if (WellKnown.IsTensor(type) || WellKnown.IsLabel(type))
        {
            return MadeOfNumbers(creation, frame);
        }
        else if (sources.HasSource(sources.Definition(type)))
        {
            ArgumentList arguments = Arguments(creation.Arguments, frame);
            made = arguments.Values.Any(value => value is Poison) && type.TypeKind == TypeKind.Struct
                ? Poison.Instance
                : Construct(Resolve(type, frame), constructor, arguments, creation, frame);
        }
        else
        {
            made = CreateKnown(constructor, Arguments(creation.Arguments, frame).Values, creation, frame);
        }
        if (creation.Initializer is not null && made is not Poison)
        {
            Initialize(creation.Initializer, made, frame);
        }
        return made;
    }

    private Poison MadeOfNumbers(IOperation at, Frame frame) =>
        Unsupported(at, "a tensor or label made of numbers (use constants, 'Full', inputs, or weights with 'Trained = false')", frame);

    private object? EvaluateTypeParameterCreation(ITypeParameterObjectCreationOperation creation, Frame frame)
    {
        TypeValue type = Resolve(creation.Type!, frame);
        IMethodSymbol? constructor = (type.Definition as INamedTypeSymbol)?.InstanceConstructors
            .FirstOrDefault(candidate => candidate.Parameters.Length == 0);
        if (constructor is null || !sources.HasSource(type.Definition))
        {
            return NoSource(creation, type.Definition, frame);
        }
        ObjectValue made = Construct(type, constructor, new ArgumentList([]), creation, frame);
        if (creation.Initializer is not null)
        {
            Initialize(creation.Initializer, made, frame);
        }
        return made;
    }

    private void Initialize(IObjectOrCollectionInitializerOperation initializer, object? target, Frame frame)
    {
        object? outer = frame.Implicit;
        frame.Implicit = target;
        foreach (IOperation member in initializer.Initializers)
        {
            if (member is IMemberInitializerOperation nested)
            {
                Initialize(nested.Initializer, Evaluate(nested.InitializedMember, frame), frame);
            }
            else
            {
                Evaluate(member, frame);
            }
        }
        frame.Implicit = outer;
    }

    private object EvaluateWith(IWithOperation with, Frame frame)
    {
        object? operand = Evaluate(with.Operand, frame);
        if (operand is not ObjectValue item)
        {
            return operand is Poison ? operand : Unsupported(with, "'with' on " + Describe(operand), frame);
        }
        ObjectValue copy = item.Clone(epoch);
        Initialize(with.Initializer, copy, frame);
        return copy;
    }

    private ObjectValue Construct(TypeValue type, IMethodSymbol constructor, ArgumentList arguments, IOperation? at, Frame frame)
    {
        ObjectValue item = new(type, epoch);
        AddTypeArguments(item, type);
        RunConstructor(item, sources.Definition(constructor), arguments, at, frame);
        return item;
    }

    private void AddTypeArguments(ObjectValue item, TypeValue type)
    {
        if (type.Definition is not INamedTypeSymbol named)
        {
            return;
        }
        for (int i = 0; i < named.TypeParameters.Length && i < type.Arguments.Count; i++)
        {
            item.TypeArguments[named.TypeParameters[i]] = type.Arguments[i];
        }
        if (named.BaseType is { SpecialType: SpecialType.None } parent)
        {
            AddTypeArguments(item, Resolve(parent, item.TypeArguments));
        }
    }

    /// <summary>The value a variable of a type has before anything is assigned to it.</summary>
    private object? DefaultOf(ITypeSymbol? type, Frame? frame)
    {
        if (type is ITypeParameterSymbol && frame is not null)
        {
            type = Resolve(type, frame).Definition;
        }
        if (type is null || !type.IsValueType || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            return null;
        }
        if (type.IsTupleType)
        {
            return new TupleValue(((INamedTypeSymbol)type).TupleElements.Select(element => DefaultOf(element.Type, frame)).ToArray());
        }
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            return false;
        }
        if (type.Name == "Index" && type.ContainingNamespace?.Name == "System")
        {
            return new IndexValue(0, false);
        }
        if (ConvertConstant(0, type) is { } zero && (IsNumeric(type) || type.TypeKind == TypeKind.Enum))
        {
            return zero;
        }
        ObjectValue made = new(Resolve(type, frame), epoch);
        AddTypeArguments(made, made.Type);
        return made;
    }

    private static bool IsNumeric(ITypeSymbol type) => type.SpecialType is
        SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Single or SpecialType.System_Double
        or SpecialType.System_Char or SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16
        or SpecialType.System_UInt16;
}
