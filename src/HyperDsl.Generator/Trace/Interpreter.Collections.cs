using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Arrays, lists, indices and ranges.</content>
internal sealed partial class Interpreter
{
    private ListValue NewList(IEnumerable<object?> items) => new(items.ToList(), epoch);

    private object? EvaluateArrayCreation(IArrayCreationOperation array, Frame frame)
    {
        if (array.Initializer is not null)
        {
            return Evaluate(array.Initializer, frame);
        }
        if (array.DimensionSizes.Length != 1)
        {
            return Unsupported(array, "an array of several dimensions (use an array of arrays)", frame);
        }
        object? size = Evaluate(array.DimensionSizes[0], frame);
        if (size is not int length)
        {
            return size is Poison ? size : Report(
                Descriptors.NotConstant,
                $"'{ProblemLog.Excerpt(array.Syntax)}': the length of an array must be known at compile time.",
                array,
                frame);
        }
        if (length < 0)
        {
            return Fails(array, "the length is negative", frame);
        }
        Bound(length, array, frame);
        ITypeSymbol element = ((IArrayTypeSymbol)array.Type!).ElementType;
        return NewList(Enumerable.Range(0, length).Select(_ => DefaultOf(element, frame)));
    }

    private ListValue EvaluateCollection(ICollectionExpressionOperation collection, Frame frame)
    {
        List<object?> items = [];
        foreach (IOperation element in collection.Elements)
        {
            if (element is ISpreadOperation spread)
            {
                items.AddRange(Sequence(spread.Operand, frame) ?? [Poison.Instance]);
            }
            else
            {
                items.Add(Copy(Evaluate(element, frame)));
            }
            Bound(items.Count, collection, frame);
        }
        return NewList(items);
    }

    private object? EvaluateArrayElement(IArrayElementReferenceOperation element, Frame frame)
    {
        object? array = Evaluate(element.ArrayReference, frame);
        if (element.Indices.Length != 1)
        {
            return Unsupported(element, "an array of several dimensions (use an array of arrays)", frame);
        }
        return ElementOf(array, Evaluate(element.Indices[0], frame), element, frame);
    }

    private object? EvaluateImplicitIndexer(IImplicitIndexerReferenceOperation indexer, Frame frame)
    {
        object? target = Evaluate(indexer.Instance, frame);
        object? argument = Evaluate(indexer.Argument, frame);
        if (target is ListValue or string or Poison || argument is Poison)
        {
            return ElementOf(target, argument, indexer, frame);
        }
        return EvaluateOwnIndexer(indexer, target, argument, frame);
    }

    /// <summary>An index or range on a type that has a length and an indexer or <c>Slice</c> of its own.</summary>
    private object? EvaluateOwnIndexer(IImplicitIndexerReferenceOperation indexer, object? target, object? argument, Frame frame)
    {
        if (indexer.LengthSymbol is not IPropertySymbol lengthProperty
            || ReadMember(lengthProperty, target, indexer, frame) is not int length)
        {
            return Unsupported(indexer, "this index", frame);
        }
        object?[] arguments = argument switch
        {
            IndexValue index => [index.Offset(length)],
            RangeValue range => [range.Start.Offset(length), range.End.Offset(length) - range.Start.Offset(length)],
            _ => [argument],
        };
        IMethodSymbol? method = indexer.IndexerSymbol switch
        {
            IPropertySymbol property => property.GetMethod,
            IMethodSymbol slice => slice,
            _ => null,
        };
        if (method is null)
        {
            return Unsupported(indexer, "this index", frame);
        }
        if ((PrimitiveOf(indexer.IndexerSymbol) ?? PrimitiveOf(method)) is string primitive)
        {
            return ApplyPrimitive(primitive, method, target, new ArgumentList(arguments), indexer, frame);
        }
        IMethodSymbol called = target is ObjectValue item ? FindOverride(item, method) : sources.Definition(method);
        return Call(called, target, new ArgumentList(arguments), TypeArgumentsFor(target), indexer, frame);
    }

    private object? ReadMember(IPropertySymbol property, object? target, IOperation at, Frame frame)
    {
        if (TensorProperty(property, target) is object known)
        {
            return known;
        }
        IPropertySymbol called = target is ObjectValue item ? FindOverride(item, property) : sources.Definition(property);
        return target is ObjectValue owner && AutoField(called) is IFieldSymbol backing
            ? FieldBox(owner, backing).Content
            : Call(called.GetMethod!, target, new ArgumentList([]), TypeArgumentsFor(target), at, frame);
    }

    private object EvaluateRange(IRangeOperation range, Frame frame)
    {
        object? start = range.LeftOperand is null ? new IndexValue(0, false) : Evaluate(range.LeftOperand, frame);
        object? end = range.RightOperand is null ? new IndexValue(0, true) : Evaluate(range.RightOperand, frame);
        return AsIndex(start) is IndexValue first && AsIndex(end) is IndexValue last
            ? new RangeValue(first, last)
            : start is Poison || end is Poison ? Poison.Instance
            : Unsupported(range, "a range of " + Describe(start) + " and " + Describe(end), frame);
    }

    private static IndexValue? AsIndex(object? value) => value switch
    {
        IndexValue index => index,
        int number => new IndexValue(number, false),
        _ => null,
    };

    private static int? OffsetOf(object? index, int length) => index switch
    {
        int number => number,
        long number when number is >= int.MinValue and <= int.MaxValue => (int)number,
        IndexValue value => value.Offset(length),
        _ => null,
    };

    private string OutOfRange(object? index, int length) => index switch
    {
        IndexValue value => $"index ^{Literal.Integer(value.Value)} is outside of a list of {Literal.Integer(length)} items",
        int number => $"index {Literal.Integer(number)} is outside of a list of {Literal.Integer(length)} items",
        _ => "the index is " + Describe(index),
    };

    private object? ElementOf(object? target, object? index, IOperation at, Frame frame)
    {
        if (target is Poison || index is Poison)
        {
            return Poison.Instance;
        }
        int length = target switch
        {
            ListValue list => list.Items.Count,
            string text => text.Length,
            _ => -1,
        };
        if (length < 0)
        {
            return target is null
                ? Fails(at, "the list is null", frame)
                : Unsupported(at, "an element of " + Describe(target), frame);
        }
        if (index is RangeValue range)
        {
            return SliceOf(target!, range, length, at, frame);
        }
        if (OffsetOf(index, length) is not int offset || offset < 0 || offset >= length)
        {
            return IsTensor(index)
                ? Report(
                    Descriptors.NotConstant,
                    $"'{ProblemLog.Excerpt(at.Syntax)}': the index must be known at compile time. To look up by a label, use 'Gather'.",
                    at,
                    frame)
                : Fails(at, OutOfRange(index, length), frame);
        }
        return target is ListValue items ? items.Items[offset] : ((string)target!)[offset];
    }

    private object SliceOf(object target, RangeValue range, int length, IOperation at, Frame frame)
    {
        int start = range.Start.Offset(length);
        int end = range.End.Offset(length);
        if (start < 0 || end < start || end > length)
        {
            return Fails(
                at,
                $"the range from {Literal.Integer(start)} to {Literal.Integer(end)} is outside of {Literal.Integer(length)} items",
                frame);
        }
        return target is ListValue list
            ? NewList(list.Items.GetRange(start, end - start))
            : ((string)target).Substring(start, end - start);
    }
}
