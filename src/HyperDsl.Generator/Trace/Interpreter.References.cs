using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Locals, parameters, fields and properties.</content>
internal sealed partial class Interpreter
{
    private readonly Dictionary<ISymbol, Box> statics = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> lastingStatics = new(SymbolEqualityComparer.Default);

    private object? EvaluateLocal(ILocalReferenceOperation local, Frame frame)
    {
        if (local.IsDeclaration)
        {
            frame.Scope.Declare(local.Local, DefaultOf(local.Local.Type, frame));
        }
        return LocalBox(local, frame).Content;
    }

    private Box LocalBox(ILocalReferenceOperation local, Frame frame)
    {
        if (frame.Scope.Find(local.Local) is Box box)
        {
            return box;
        }
        frame.Scope.Declare(local.Local, DefaultOf(local.Local.Type, frame));
        return frame.Scope.Find(local.Local)!;
    }

    private object? EvaluateParameter(IParameterReferenceOperation reference, Frame frame) =>
        ParameterBox(reference.Parameter, frame) is Box box ? box.Content : Unsupported(reference, "this parameter", frame);

    /// <summary>A parameter that no frame holds belongs to a primary constructor and lives on in the object.</summary>
    private Box? ParameterBox(IParameterSymbol parameter, Frame frame)
    {
        IParameterSymbol definition = sources.Definition(parameter);
        if (frame.Scope.Find(definition) is Box box)
        {
            return box;
        }
        return frame.Self is ObjectValue self && self.Captured.TryGetValue(definition, out Box? captured) ? captured : null;
    }

    private object? EvaluateInstance(IInstanceReferenceOperation instance, Frame frame) =>
        instance.ReferenceKind is InstanceReferenceKind.ImplicitReceiver or InstanceReferenceKind.PatternInput
            ? frame.Implicit
            : frame.Self;

    private object? EvaluateField(IFieldReferenceOperation reference, Frame frame)
    {
        if (reference.Field.IsStatic)
        {
            return EvaluateStaticField(reference, frame);
        }
        object? target = Evaluate(reference.Instance!, frame);
        switch (target)
        {
            case Poison:
                return target;
            case TupleValue tuple:
                return tuple.Items[TupleIndex(reference.Field)];
            case ObjectValue item:
                return FieldBox(item, reference.Field).Content;
            case null:
                return Fails(reference, $"'{ProblemLog.Excerpt(reference.Instance!.Syntax)}' is null", frame);
            default:
                return ReadsNumbers(reference, target, frame);
        }
    }

    private static int TupleIndex(IFieldSymbol field)
    {
        IFieldSymbol item = field.CorrespondingTupleField ?? field;
        return int.Parse(item.Name.Substring("Item".Length), System.Globalization.CultureInfo.InvariantCulture) - 1;
    }

    private Box FieldBox(ObjectValue item, IFieldSymbol field)
    {
        IFieldSymbol definition = sources.Definition(field);
        if (!item.Fields.TryGetValue(definition, out Box? box))
        {
            box = new Box(DefaultOf(definition.Type, null));
            item.Fields.Add(definition, box);
        }
        return box;
    }

    private object? EvaluateStaticField(IFieldReferenceOperation reference, Frame frame)
    {
        IFieldSymbol field = sources.Definition(reference.Field);
        if (WellKnown.IsInitialiser(field.Type))
        {
            return OpaqueValue.Instance;
        }
        if (!sources.HasSource(field))
        {
            object? known = KnownStaticField(field);
            return known == Unknown ? NoSource(reference, field, frame) : known;
        }
        if (!field.IsReadOnly)
        {
            return Unsupported(reference, "a static field that is not readonly", frame);
        }
        return StaticBox(field, field, reference, frame).Content;
    }

    /// <summary>A static readonly field or static property without setter: its initialiser runs at the first use.</summary>
    private Box StaticBox(ISymbol key, ISymbol member, IOperation at, Frame frame)
    {
        if (statics.TryGetValue(key, out Box? box))
        {
            return box;
        }
        box = new Box(null);
        statics.Add(key, box);
        if (epoch == 0)
        {
            lastingStatics.Add(key);
        }
        if (InitializerOf(member) is ISymbolInitializerOperation initializer)
        {
            Frame inner = Enter(null, null, new Scope(null), frame, at);
            box.Content = Named(Copy(Evaluate(initializer.Value, inner)), member.Name);
        }
        else
        {
            box.Content = DefaultOf(member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type, frame);
        }
        return box;
    }

    // Their tensors belong to the graph of the entry that met them first.
    private void ForgetStatics()
    {
        foreach (ISymbol key in statics.Keys.Where(key => !lastingStatics.Contains(key)).ToArray())
        {
            statics.Remove(key);
        }
    }

    private object? EvaluateProperty(IPropertyReferenceOperation reference, Frame frame)
    {
        IPropertySymbol property = reference.Property;
        if (property.IsStatic)
        {
            return EvaluateStaticProperty(reference, frame);
        }
        object? target = reference.Instance is null ? null : Evaluate(reference.Instance, frame);
        if (target is Poison)
        {
            return target;
        }
        if (target is null && !IsNullableMember(property))
        {
            return Fails(reference, $"'{ProblemLog.Excerpt(reference.Instance?.Syntax ?? reference.Syntax)}' is null", frame);
        }
        return ReadProperty(reference, target, frame);
    }

    private static bool IsNullableMember(ISymbol member) =>
        member.ContainingType?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private object? ReadProperty(IPropertyReferenceOperation reference, object? target, Frame frame)
    {
        IPropertySymbol property = reference.Property;
        if (PrimitiveOf(property) is string primitive)
        {
            return ApplyPrimitive(primitive, property.GetMethod!, target, Arguments(reference.Arguments, frame), reference, frame);
        }
        if (TensorProperty(property, target) is object known)
        {
            return known;
        }
        if (IsTensor(target) && !property.IsIndexer && !WellKnown.IsTensor(property.Type) && !property.ContainingType.IsExtension)
        {
            return ReadsNumbers(reference, target, frame);
        }
        IPropertySymbol called = property;
        if (target is ObjectValue item)
        {
            bool isBase = reference.Instance?.Syntax is BaseExpressionSyntax;
            called = isBase ? sources.Definition(property) : FindOverride(item, property);
            if (AutoField(called) is IFieldSymbol backing)
            {
                return FieldBox(item, backing).Content;
            }
        }
        else if (!sources.HasSource(sources.Definition(property)))
        {
            object? value = KnownProperty(target, property, Arguments(reference.Arguments, frame).Values, reference, frame);
            return value == Unknown ? NoSource(reference, property, frame) : value;
        }
        called = sources.Definition(called);
        return called.GetMethod is null
            ? NoSource(reference, property, frame)
            : CallMember(called.GetMethod, target, Arguments(reference.Arguments, frame), TypeArgumentsFor(target), reference, frame);
    }

    private object? EvaluateStaticProperty(IPropertyReferenceOperation reference, Frame frame)
    {
        IPropertySymbol property = reference.Property;
        if (property.Name == "Training" && WellKnown.IsOurs(property.ContainingType, "Mode"))
        {
            return Training;
        }
        if (WellKnown.IsInitialiser(property.Type))
        {
            return OpaqueValue.Instance;
        }
        if (PrimitiveOf(property) is string primitive)
        {
            return ApplyPrimitive(primitive, property.GetMethod!, null, Arguments(reference.Arguments, frame), reference, frame);
        }
        IPropertySymbol definition = sources.Definition(property);
        if (!sources.HasSource(definition))
        {
            object? known = KnownStaticProperty(property);
            return known == Unknown ? NoSource(reference, property, frame) : known;
        }
        if (AutoField(definition) is not null)
        {
            return definition.SetMethod is { IsInitOnly: false }
                ? Unsupported(reference, "a static property that can be set", frame)
                : StaticBox(definition, definition, reference, frame).Content;
        }
        return Call(definition.GetMethod!, null, Arguments(reference.Arguments, frame), NoTypeArguments, reference, frame);
    }

    /// <summary>What the compiler knows of a tensor, weight or label without running anything.</summary>
    private object? TensorProperty(IPropertySymbol property, object? target)
    {
        Shape shape;
        if (target is Value tensor)
        {
            if (property.Name == "Classes" && Builder[tensor].Operation is Ops.InputLeaf { Classes: > 0 } label)
            {
                return label.Classes;
            }
            shape = Builder[tensor].Shape;
        }
        else if (target is WeightValue weight)
        {
            if (property.Name == "Trained")
            {
                return weight.Trained;
            }
            if (property.Name == "Init")
            {
                return OpaqueValue.Instance;
            }
            shape = weight.Shape;
        }
        else
        {
            return null;
        }
        return !WellKnown.IsTensor(property.ContainingType) ? null : property.Name switch
        {
            "Shape" => NewList(shape.Sizes.Select(size => (object?)size)),
            "Rank" => shape.Rank,
            "Count" => shape.Count,
            _ => null,
        };
    }

    private Poison NoSource(IOperation at, ISymbol member, Frame frame) => Report(
        Descriptors.NoBody,
        $"'{member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}' is neither a tensor operation nor a member "
        + "the compiler knows, and its source is not at hand: it cannot be used in a network.",
        at,
        frame);
}
