using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <summary>Somewhere a value can be stored, its receiver and indices already evaluated.</summary>
internal sealed class Place(Func<object?> read, Action<object?> write)
{
    public object? Read() => read();

    public void Write(object? value) => write(value);
}

/// <content>Assignments.</content>
internal sealed partial class Interpreter
{
    private static readonly Place Nowhere = new(() => Poison.Instance, _ => { });

    private object? EvaluateAssignment(IAssignmentOperation assignment, Frame frame)
    {
        switch (assignment)
        {
            case ISimpleAssignmentOperation { IsRef: true }:
                return Unsupported(assignment, "a ref assignment", frame);
            case ISimpleAssignmentOperation:
            {
                Place place = PlaceOf(assignment.Target, frame);
                object? value = Copy(Evaluate(assignment.Value, frame));
                place.Write(value);
                return value;
            }
            case ICoalesceAssignmentOperation coalesce:
                return EvaluateCoalesceAssignment(coalesce, frame);
            case ICompoundAssignmentOperation compound:
                return EvaluateCompound(compound, frame);
            case IDeconstructionAssignmentOperation deconstruction:
            {
                object? value = Evaluate(deconstruction.Value, frame);
                IMethodSymbol? method = deconstruction.Syntax is AssignmentExpressionSyntax syntax
                    ? deconstruction.SemanticModel?.GetDeconstructionInfo(syntax).Method
                    : null;
                Deconstruct(deconstruction.Target, value, method, frame);
                return value;
            }
            default:
                return Unsupported(assignment, "this assignment", frame);
        }
    }

    private object? EvaluateCompound(ICompoundAssignmentOperation compound, Frame frame)
    {
        Place place = PlaceOf(compound.Target, frame);
        object? left = place.Read();
        object? right = Evaluate(compound.Value, frame);
        if (left is Poison || right is Poison)
        {
            place.Write(Poison.Instance);
            return Poison.Instance;
        }
        object? value;
        if (compound.OperatorMethod is IMethodSymbol method)
        {
            // Converted as the operator's parameter asks for: `tensor *= 2` makes a tensor of the 2 before it gets here.
            value = CallOperator(method, [left, right], compound, frame);
        }
        else
        {
            left = compound.InConversion.IsNumeric ? ConvertConstant(left, compound.Value.Type) : left;
            value = Arithmetic(compound.OperatorKind, left, right, compound.IsChecked, compound, frame);
            value = ConvertConstant(value, compound.Type);
        }
        place.Write(value);
        return value;
    }

    private object? EvaluateIncrement(IIncrementOrDecrementOperation increment, Frame frame)
    {
        Place place = PlaceOf(increment.Target, frame);
        object? before = place.Read();
        object? one = before switch
        {
            int => 1,
            long => 1L,
            float => 1f,
            double => 1d,
            _ => null,
        };
        if (before is Poison)
        {
            return before;
        }
        if (one is null || increment.OperatorMethod is not null)
        {
            return Unsupported(increment, "counting up or down " + Describe(before), frame);
        }
        BinaryOperatorKind kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        object? after = Arithmetic(kind, before, one, increment.IsChecked, increment, frame);
        place.Write(after);
        return increment.IsPostfix ? before : after;
    }

    private object? EvaluateCoalesceAssignment(ICoalesceAssignmentOperation assignment, Frame frame)
    {
        Place place = PlaceOf(assignment.Target, frame);
        object? known = place.Read();
        if (known is not null)
        {
            return known;
        }
        object? value = Copy(Evaluate(assignment.Value, frame));
        place.Write(value);
        return value;
    }

    private Place PlaceOf(IOperation target, Frame frame)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
            {
                if (local.IsDeclaration)
                {
                    frame.Scope.Declare(local.Local, null);
                }
                Box box = LocalBox(local, frame);
                return new Place(() => box.Content, value => box.Content = NamedAfter(local.Local, value));
            }
            case IDeclarationExpressionOperation declaration:
                return PlaceOf(declaration.Expression, frame);
            case IDiscardOperation:
                return Nowhere;
            case IParameterReferenceOperation reference when ParameterBox(reference.Parameter, frame) is Box box:
                return new Place(() => box.Content, value => box.Content = value);
            case IFieldReferenceOperation { Instance: { } instance } field:
                return FieldPlace(Evaluate(instance, frame), field, frame);
            case IPropertyReferenceOperation property:
                return PropertyPlace(property, frame);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return ElementPlace(Evaluate(element.ArrayReference, frame), Evaluate(element.Indices[0], frame), element, frame);
            case IImplicitIndexerReferenceOperation indexer:
                return ElementPlace(Evaluate(indexer.Instance, frame), Evaluate(indexer.Argument, frame), indexer, frame);
            default:
                Unsupported(target, "this target of an assignment", frame);
                return Nowhere;
        }
    }

    private Place FieldPlace(object? target, IFieldReferenceOperation field, Frame frame)
    {
        if (target is TupleValue tuple)
        {
            int index = TupleIndex(field.Field);
            return new Place(() => tuple.Items[index], value => tuple.Items[index] = value);
        }
        if (target is not ObjectValue item)
        {
            return Nowhere;
        }
        Box box = FieldBox(item, field.Field);
        return new Place(
            () => box.Content,
            value =>
            {
                ChangeField(item, box, field.Field, field, frame);
                box.Content = Named(value, field.Field.Name);
            });
    }

    private Place PropertyPlace(IPropertyReferenceOperation reference, Frame frame)
    {
        IPropertySymbol property = reference.Property;
        object? target = reference.Instance is null ? null : Evaluate(reference.Instance, frame);
        switch (target)
        {
            case WeightValue weight:
                return new Place(() => TensorProperty(property, weight), value => SetWeightProperty(weight, property, value, reference, frame));
            case ListValue when reference.Arguments.Length == 1:
                return ElementPlace(target, Evaluate(reference.Arguments[0].Value, frame), reference, frame);
            case ObjectValue item:
            {
                IPropertySymbol called = reference.Instance?.Syntax is BaseExpressionSyntax
                    ? sources.Definition(property)
                    : FindOverride(item, property);
                if (AutoField(called) is IFieldSymbol backing)
                {
                    Box box = FieldBox(item, backing);
                    return new Place(
                        () => box.Content,
                        value =>
                        {
                            ChangeField(item, box, called, reference, frame);
                            box.Content = Named(value, property.Name);
                        });
                }
                ArgumentList arguments = Arguments(reference.Arguments, frame);
                return new Place(
                    () => Call(called.GetMethod!, item, arguments, TypeArgumentsFor(item), reference, frame),
                    value => Call(called.SetMethod!, item, arguments.With(value), TypeArgumentsFor(item), reference, frame));
            }
            case Poison:
                return Nowhere;
            default:
                Unsupported(reference, "setting this property", frame);
                return Nowhere;
        }
    }

    private Place ElementPlace(object? target, object? index, IOperation at, Frame frame)
    {
        if (target is Poison || index is Poison || target is not ListValue list)
        {
            if (target is not (Poison or ListValue))
            {
                Unsupported(at, "setting an element of " + Describe(target), frame);
            }
            return Nowhere;
        }
        int? offset = OffsetOf(index, list.Items.Count);
        if (offset is not int place || place < 0 || place >= list.Items.Count)
        {
            Fails(at, OutOfRange(index, list.Items.Count), frame);
            return Nowhere;
        }
        return new Place(
            () => list.Items[place],
            value =>
            {
                Change(list, at, frame);
                list.Items[place] = value;
            });
    }

    /// <summary>Complains about changes to objects that were made before the entry point began.</summary>
    private void Change(MutableValue target, IOperation at, Frame frame)
    {
        if (target.Epoch != epoch)
        {
            Report(
                Descriptors.ChangedState,
                $"'{ProblemLog.Excerpt(at.Syntax)}' changes an object that was made when the model was constructed. A compiled model "
                + "keeps nothing from one call to the next; use a local variable, or 'Update' for running statistics.",
                at,
                frame);
        }
    }

    /// <summary>As <see cref="Change"/>; but states are there to be changed, while a scan carries them.</summary>
    private void ChangeField(ObjectValue target, Box box, ISymbol declared, IOperation at, Frame frame)
    {
        if (carried.Contains(box))
        {
            return;
        }
        if (target.Epoch != epoch && WellKnown.HasAttribute(sources.Definition(declared), "StateAttribute"))
        {
            Report(
                Descriptors.ChangedState,
                $"'{ProblemLog.Excerpt(at.Syntax)}' assigns a state, but no 'Scan' runs that would carry it to the next step. Only 'Step' "
                + "assigns states, and only 'Scan' of this cell, or of one around it, calls 'Step' in a model.",
                at,
                frame);
            return;
        }
        Change(target, at, frame);
    }

    private void Deconstruct(IOperation target, object? value, IMethodSymbol? method, Frame frame)
    {
        while (target is IDeclarationExpressionOperation declaration)
        {
            target = declaration.Expression;
        }
        if (target is ITupleOperation tuple)
        {
            object?[] parts = value is Poison
                ? Enumerable.Repeat<object?>(Poison.Instance, tuple.Elements.Length).ToArray()
                : Parts(value, method, target, frame).ToArray();
            Place[] places = tuple.Elements.Select(element => element is ITupleOperation ? Nowhere : PlaceOf(element, frame)).ToArray();
            for (int i = 0; i < places.Length; i++)
            {
                if (tuple.Elements[i] is ITupleOperation nested)
                {
                    Deconstruct(nested, parts[i], null, frame);
                }
                else
                {
                    places[i].Write(Copy(parts[i]));
                }
            }
            return;
        }
        PlaceOf(target, frame).Write(Copy(value));
    }

    /// <summary>Structs and tuples are values: each variable has its own.</summary>
    private object? Copy(object? value) => value switch
    {
        ObjectValue { IsStruct: true } item => item.Clone(epoch),
        TupleValue tuple => new TupleValue(tuple.Items.ToArray()),
        _ => value,
    };
}
