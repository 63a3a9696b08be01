using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content>Tensor operations become nodes.</content>
internal sealed partial class Interpreter
{
    /// <summary>Networks in fields marked <c>[Hyper]</c>, with the field's number.</summary>
    public Dictionary<ObjectValue, int> HyperObjects { get; } = [];

    /// <summary>What left a <c>[Hyper]</c> network in this entry: the field's number and the value.</summary>
    public HashSet<(int Field, Value Value)> Generated { get; } = [];

    /// <summary>A weight's node; its index is its order of creation until the model is constructed.</summary>
    private Value Materialise(WeightValue weight, IOperation at, Frame frame)
    {
        if (epoch > 0 && weight.Index < 0)
        {
            ReportUnreachable(weight, at, frame);
            throw new TraceAbandonedException();
        }
        return Builder.Add(
            new ParameterLeaf(epoch == 0 ? weight.Order : weight.Index, weight.Shape, weight.Trained), weight.Name);
    }

    private void ReportUnreachable(WeightValue weight, IOperation at, Frame frame) => log.Report(
        Descriptors.UnreachableWeight,
        $"'{ProblemLog.Excerpt(at.Syntax)}' uses a weight of shape {weight.Shape} that no field of the model leads to. Keep weights in "
        + "fields, and networks with weights in fields whose type is marked [Network].",
        at,
        frame);

    private object? ApplyPrimitive(
        string name, IMethodSymbol method, object? receiver, ArgumentList arguments, IOperation at, Frame frame)
    {
        if (name == "update")
        {
            return ApplyUpdate(receiver, arguments, at, frame);
        }
        if (name == "watch")
        {
            return ApplyWatch(arguments, method, at, frame);
        }
        if (name == "scan")
        {
            return ApplyScan(method, receiver, arguments, at, frame);
        }
        if (Primitive.Find(name) is not Primitive primitive)
        {
            return Report(
                Descriptors.LibraryMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}' is the tensor operation '{name}', which this compiler does not know: the runtime is "
                + "newer than the compiler.",
                at,
                frame);
        }
        List<object?> items = [];
        bool hasReceiver = !method.IsStatic;
        if (hasReceiver)
        {
            items.Add(receiver);
        }
        items.AddRange(arguments.Values);
        object?[] converted = new object?[items.Count];
        for (int i = 0; i < items.Count; i++)
        {
            int ordinal = hasReceiver ? i - 1 : i;
            ITypeSymbol? type = ordinal >= 0 && ordinal < method.Parameters.Length ? method.Parameters[ordinal].Type : method.ContainingType;
            if (!TryArgument(items[i], type, at, frame, out converted[i]))
            {
                return Poison.Instance;
            }
        }
        try
        {
            return primitive.Apply(Builder, new PrimitiveArguments(converted, NextSite));
        }
        catch (ShapeException mismatch)
        {
            return Report(Descriptors.ShapeMismatch, $"'{ProblemLog.Excerpt(at.Syntax)}': {mismatch.Message}", at, frame);
        }
        catch (OverflowException)
        {
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}': the result has more than 2147483647 elements.",
                at,
                frame);
        }
    }

    /// <summary>An argument as primitives take it; false where it is poison or was complained about.</summary>
    private bool TryArgument(object? value, ITypeSymbol? type, IOperation at, Frame frame, out object? converted)
    {
        converted = value;
        switch (value)
        {
            case null or int or double or bool or string or Value:
                if (value is int whole && type?.SpecialType == SpecialType.System_Double)
                {
                    converted = (double)whole;
                }
                if (value is null && WellKnown.IsTensor(type))
                {
                    Fails(at, "a tensor is null", frame);
                    return false;
                }
                return true;
            case float single:
                converted = (double)single;
                return true;
            case long number:
                converted = type?.SpecialType == SpecialType.System_Double ? (double)number : checked((int)number);
                return true;
            case char or byte or sbyte or short or ushort:
                converted = Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
                return true;
            case WeightValue weight:
                converted = Materialise(weight, at, frame);
                return true;
            case ListValue list:
                return TryArguments(list, at, frame, out converted);
            case Poison:
                return false;
            default:
                Unsupported(at, $"a tensor operation on {Describe(value)}", frame);
                return false;
        }
    }

    private bool TryArguments(ListValue list, IOperation at, Frame frame, out object? converted)
    {
        object?[] items = new object?[list.Items.Count];
        converted = items;
        for (int i = 0; i < items.Length; i++)
        {
            if (list.Items[i] is null)
            {
                Fails(at, $"item {Literal.Integer(i)} is null", frame);
                return false;
            }
            if (!TryArgument(list.Items[i], null, at, frame, out items[i]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>A new value for a weight that is not trained, such as a running mean.</summary>
    private object? ApplyUpdate(object? receiver, ArgumentList arguments, IOperation at, Frame frame)
    {
        if (receiver is not WeightValue weight || !TryArgument(arguments.Values[0], null, at, frame, out object? value)
            || value is not Value tensor)
        {
            return receiver is Poison || arguments.Values[0] is Poison
                ? Poison.Instance
                : Unsupported(at, "an update of " + Describe(receiver), frame);
        }
        if (weight.Trained)
        {
            return Report(
                Descriptors.BadUpdate,
                $"'{ProblemLog.Excerpt(at.Syntax)}' gives a new value to a weight that the optimiser trains. Declare the weight with "
                + "'Trained = false', or leave it to the optimiser.",
                at,
                frame);
        }
        if (Builder[tensor].Shape != weight.Shape)
        {
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}' gives a value of shape {Builder[tensor].Shape} to a weight of shape {weight.Shape}.",
                at,
                frame);
        }
        if (Builder[tensor].Varies != Varies.Nothing)
        {
            return Report(
                Descriptors.ShapeMismatch,
                $"'{ProblemLog.Excerpt(at.Syntax)}' gives a weight a value that each example has its own of. Average it over the batch "
                + "first, for example with 'BatchMean'"
                + ((Builder[tensor].Varies & Varies.Time) != 0 ? " of its 'MeanOverSteps'." : "."),
                at,
                frame);
        }
        if (epoch > 0 && weight.Index < 0)
        {
            ReportUnreachable(weight, at, frame);
            throw new TraceAbandonedException();
        }
        Updates.Add((weight, tensor));
        return null;
    }

    private static bool IsInside(ObjectValue network, Frame frame)
    {
        for (Frame? level = frame; level is not null; level = level.Caller)
        {
            if (ReferenceEquals(level.Self, network))
            {
                return true;
            }
        }
        return false;
    }

    private void MarkGenerated(object? result, int field)
    {
        switch (result)
        {
            case Value tensor:
                Generated.Add((field, tensor));
                break;
            case WeightValue { Index: >= 0 } weight:
                Generated.Add((field, Builder.Add(new ParameterLeaf(weight.Index, weight.Shape, weight.Trained), weight.Name)));
                break;
            case ListValue list:
                list.Items.ForEach(item => MarkGenerated(item, field));
                break;
            case TupleValue tuple:
                Array.ForEach(tuple.Items, item => MarkGenerated(item, field));
                break;
            case ObjectValue { IsStruct: true } item:
                foreach (Box box in item.Fields.Values)
                {
                    MarkGenerated(box.Content, field);
                }
                break;
        }
    }
}
