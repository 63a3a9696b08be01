using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Patterns, type tests and switch expressions.</content>
internal sealed partial class Interpreter
{
    private object EvaluateIsPattern(IIsPatternOperation test, Frame frame) =>
        Matches(test.Pattern, Evaluate(test.Value, frame), frame);

    private object EvaluateIsType(IIsTypeOperation test, Frame frame)
    {
        bool matches = IsInstance(Evaluate(test.ValueOperand, frame), test.TypeOperand, frame);
        return matches != test.IsNegated;
    }

    private object? EvaluateSwitchExpression(ISwitchExpressionOperation choice, Frame frame)
    {
        object? value = Evaluate(choice.Value, frame);
        foreach (ISwitchExpressionArmOperation arm in choice.Arms)
        {
            if (Matches(arm.Pattern, value, frame) && (arm.Guard is null || Condition(arm.Guard, frame)))
            {
                return Evaluate(arm.Value, frame);
            }
        }
        return Fails(choice, $"no arm matches {Describe(value)}", frame);
    }

    private bool Matches(IPatternOperation pattern, object? value, Frame frame)
    {
        if (value is Poison)
        {
            throw new TraceAbandonedException();
        }
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return true;
            case IConstantPatternOperation constant:
                return ConstantsEqual(value, Evaluate(constant.Value, frame), pattern, frame);
            case IRelationalPatternOperation relational:
                return value is not null && Compare(relational.OperatorKind, value, Evaluate(relational.Value, frame), pattern, frame);
            case INegatedPatternOperation negated:
                return !Matches(negated.Pattern, value, frame);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either:
                return Matches(either.LeftPattern, value, frame) || Matches(either.RightPattern, value, frame);
            case IBinaryPatternOperation both:
                return Matches(both.LeftPattern, value, frame) && Matches(both.RightPattern, value, frame);
            case ITypePatternOperation type:
                return IsInstance(value, type.MatchedType, frame);
            case IDeclarationPatternOperation declaration:
                return (declaration.MatchesNull || IsInstance(value, declaration.MatchedType ?? declaration.InputType, frame))
                    && Declared(declaration.DeclaredSymbol, value, frame);
            case IRecursivePatternOperation recursive:
                return MatchesRecursively(recursive, value, frame);
            case IListPatternOperation list:
                return MatchesList(list, value, frame);
            default:
                Unsupported(pattern, "this pattern", frame);
                throw new TraceAbandonedException();
        }
    }

    private bool Declared(ISymbol? variable, object? value, Frame frame)
    {
        if (variable is not null)
        {
            frame.Scope.Declare(variable, Copy(value));
        }
        return true;
    }

    private bool MatchesRecursively(IRecursivePatternOperation pattern, object? value, Frame frame)
    {
        if (value is null || !IsInstance(value, pattern.MatchedType, frame))
        {
            return false;
        }
        if (pattern.DeconstructionSubpatterns.Length > 0)
        {
            object?[] parts = Parts(value, pattern.DeconstructSymbol as IMethodSymbol, pattern, frame);
            for (int i = 0; i < parts.Length; i++)
            {
                if (!Matches(pattern.DeconstructionSubpatterns[i], parts[i], frame))
                {
                    return false;
                }
            }
        }
        foreach (IPropertySubpatternOperation property in pattern.PropertySubpatterns)
        {
            object? outer = frame.Implicit;
            frame.Implicit = value;
            object? member = Evaluate(property.Member, frame);
            frame.Implicit = outer;
            if (!Matches(property.Pattern, member, frame))
            {
                return false;
            }
        }
        return Declared(pattern.DeclaredSymbol, value, frame);
    }

    private bool MatchesList(IListPatternOperation pattern, object? value, Frame frame)
    {
        if (value is not ListValue list)
        {
            return false;
        }
        int slice = -1;
        for (int i = 0; i < pattern.Patterns.Length; i++)
        {
            slice = pattern.Patterns[i] is ISlicePatternOperation ? i : slice;
        }
        int singles = pattern.Patterns.Length - (slice < 0 ? 0 : 1);
        if (slice < 0 ? list.Items.Count != singles : list.Items.Count < singles)
        {
            return false;
        }
        int rest = list.Items.Count - singles;
        for (int i = 0, at = 0; i < pattern.Patterns.Length; i++)
        {
            if (pattern.Patterns[i] is ISlicePatternOperation part)
            {
                ListValue middle = NewList(list.Items.Skip(at).Take(rest));
                if (part.Pattern is not null && !Matches(part.Pattern, middle, frame))
                {
                    return false;
                }
                at += rest;
            }
            else if (!Matches(pattern.Patterns[i], list.Items[at++], frame))
            {
                return false;
            }
        }
        return Declared(pattern.DeclaredSymbol, value, frame);
    }

    private bool IsInstance(object? value, ITypeSymbol type, Frame frame)
    {
        if (value is Poison)
        {
            throw new TraceAbandonedException();
        }
        if (value is null)
        {
            return false;
        }
        TypeValue target = Resolve(type, frame);
        if (target.Definition is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } && target.Arguments.Count == 1)
        {
            target = target.Arguments[0];
        }
        return target.Definition.SpecialType switch
        {
            SpecialType.System_Object => true,
            SpecialType.System_Int32 => value is int,
            SpecialType.System_Int64 => value is long,
            SpecialType.System_Single => value is float,
            SpecialType.System_Double => value is double,
            SpecialType.System_Boolean => value is bool,
            SpecialType.System_Char => value is char,
            SpecialType.System_String => value is string,
            _ => IsInstanceOfReference(value, target),
        };
    }

    private bool IsInstanceOfReference(object value, TypeValue target) => value switch
    {
        Value tensor when Builder[tensor].Kind == ElementKind.Index => WellKnown.IsLabel(target.Definition),
        Value => WellKnown.IsOurs(target.Definition, "Tensor"),
        WeightValue => WellKnown.IsTensor(target.Definition),
        OpaqueValue => WellKnown.IsInitialiser(target.Definition),
        FunctionValue => target.Definition.TypeKind == TypeKind.Delegate,
        ListValue => target.Definition.TypeKind == TypeKind.Array
            || target.Definition is INamedTypeSymbol { IsGenericType: true } type && !sources.HasSource(type),
        TupleValue tuple => target.Definition.IsTupleType && target.Arguments.Count == tuple.Items.Length,
        ObjectValue item => Inherits(item, target),
        int or long => target.Definition.TypeKind == TypeKind.Enum,
        _ => false,
    };

    private bool Inherits(ObjectValue item, TypeValue target)
    {
        for (ITypeSymbol? type = item.Type.Definition; type is not null; type = type.BaseType)
        {
            if (SameDefinition(type, target.Definition))
            {
                return ArgumentsAgree(type, item, target);
            }
            foreach (INamedTypeSymbol face in type.Interfaces.SelectMany(direct => direct.AllInterfaces.Add(direct)))
            {
                if (SameDefinition(face, target.Definition) && ArgumentsAgree(face, item, target))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool ArgumentsAgree(ITypeSymbol type, ObjectValue item, TypeValue target) =>
        target.Arguments.Count == 0 || Resolve(type, item.TypeArguments).Arguments.SequenceEqual(target.Arguments);

    private object?[] Parts(object? value, IMethodSymbol? deconstruct, IOperation at, Frame frame)
    {
        if (value is Poison)
        {
            throw new TraceAbandonedException();
        }
        if (value is TupleValue tuple)
        {
            return tuple.Items;
        }
        if (deconstruct is null || value is null)
        {
            Fails(at, $"{Describe(value)} cannot be taken apart", frame);
            throw new TraceAbandonedException();
        }
        return CallDeconstruct(value, deconstruct, at, frame);
    }
}
