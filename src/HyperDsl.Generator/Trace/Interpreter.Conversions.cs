using HyperDsl.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Conversions, and expressions that choose between values.</content>
internal sealed partial class Interpreter
{
    private object? EvaluateConversion(IConversionOperation conversion, Frame frame)
    {
        if (!conversion.Conversion.Exists || conversion.Type is null or IErrorTypeSymbol)
        {
            return Invalid(conversion, frame);
        }
        object? operand = Evaluate(conversion.Operand, frame);
        if (operand is Poison)
        {
            return operand;
        }
        if (conversion.OperatorMethod is IMethodSymbol method)
        {
            return method.ContainingType.Name switch
            {
                "Index" when operand is int index => new IndexValue(index, false),
                "Span" or "ReadOnlySpan" => operand,
                _ when operand is null && conversion.Type.IsReferenceType && method.Parameters[0].Type.IsValueType => null,
                _ => CallOperator(method, [operand], conversion, frame),
            };
        }
        if (conversion.IsTryCast)
        {
            return IsInstance(operand, conversion.Type, frame) ? operand : null;
        }
        if (operand is int or long or float or double or char or byte or sbyte or short or ushort)
        {
            try
            {
                return ConvertConstant(operand, Resolve(conversion.Type, frame).Definition, conversion.IsChecked);
            }
            catch (OverflowException)
            {
                return Fails(conversion, "the number does not fit the type", frame);
            }
        }
        if (conversion.Conversion is { IsReference: true, IsImplicit: false } && operand is ObjectValue
            && !IsInstance(operand, conversion.Type, frame))
        {
            return Fails(conversion, $"{Describe(operand)} is no {conversion.Type.Name}", frame);
        }
        return operand;
    }

    /// <summary>A number as a value of a numeric or enum type, by C#'s rules; anything else unchanged.</summary>
    private static object? ConvertConstant(object? value, ITypeSymbol? type, bool isChecked = false)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            && nullable.TypeArguments.Length == 1)
        {
            type = nullable.TypeArguments[0];
        }
        if (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying })
        {
            type = underlying;
        }
        SpecialType target = type?.SpecialType ?? SpecialType.None;
        return value switch
        {
            float single => FromReal(single, target, isChecked),
            double real => FromReal(real, target, isChecked),
            int number => FromInteger(number, target, isChecked),
            long number => FromInteger(number, target, isChecked),
            char character => FromInteger(character, target, isChecked),
            byte small => FromInteger(small, target, isChecked),
            sbyte small => FromInteger(small, target, isChecked),
            short small => FromInteger(small, target, isChecked),
            ushort small => FromInteger(small, target, isChecked),
            _ => value,
        } ?? value;
    }

    private static object? FromReal(double value, SpecialType target, bool isChecked) => target switch
    {
        SpecialType.System_Int32 => isChecked ? checked((int)value) : unchecked((int)value),
        SpecialType.System_Int64 => isChecked ? checked((long)value) : unchecked((long)value),
        SpecialType.System_Single => (float)value,
        SpecialType.System_Double => value,
        _ => null,
    };

    private static object? FromInteger(long value, SpecialType target, bool isChecked) => target switch
    {
        SpecialType.System_Int32 => isChecked ? checked((int)value) : unchecked((int)value),
        SpecialType.System_Int64 => value,
        SpecialType.System_Single => (float)value,
        SpecialType.System_Double => (double)value,
        SpecialType.System_Char => isChecked ? checked((char)value) : unchecked((char)value),
        SpecialType.System_Byte => isChecked ? checked((byte)value) : unchecked((byte)value),
        SpecialType.System_SByte => isChecked ? checked((sbyte)value) : unchecked((sbyte)value),
        SpecialType.System_Int16 => isChecked ? checked((short)value) : unchecked((short)value),
        SpecialType.System_UInt16 => isChecked ? checked((ushort)value) : unchecked((ushort)value),
        _ => null,
    };

    private object? EvaluateConditional(IConditionalOperation conditional, Frame frame) =>
        Condition(conditional.Condition, frame)
            ? Evaluate(conditional.WhenTrue, frame)
            : Evaluate(conditional.WhenFalse!, frame);

    private object? EvaluateCoalesce(ICoalesceOperation coalesce, Frame frame) =>
        Evaluate(coalesce.Value, frame) ?? Evaluate(coalesce.WhenNull, frame);

    private object? EvaluateConditionalAccess(IConditionalAccessOperation access, Frame frame)
    {
        object? receiver = Evaluate(access.Operation, frame);
        if (receiver is null or Poison)
        {
            return receiver;
        }
        object? outer = frame.ConditionalReceiver;
        frame.ConditionalReceiver = receiver;
        object? value = Evaluate(access.WhenNotNull, frame);
        frame.ConditionalReceiver = outer;
        return value;
    }
}
