using System.Globalization;
using System.Text;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Strings. They are always formatted with the invariant culture.</content>
internal sealed partial class Interpreter
{
    private object EvaluateInterpolated(IInterpolatedStringOperation text, Frame frame)
    {
        StringBuilder result = new();
        foreach (IInterpolatedStringContentOperation part in text.Parts)
        {
            switch (part)
            {
                case IInterpolatedStringTextOperation literal:
                    result.Append(Evaluate(literal.Text, frame));
                    break;
                case IInterpolationOperation hole:
                    result.Append(FormatHole(hole, frame));
                    break;
                case IInterpolatedStringAppendOperation append:
                    AppendCall(append, result, frame);
                    break;
            }
            Bound(result.Length, text, frame);
        }
        return result.ToString();
    }

    private object? EvaluateHandler(IInterpolatedStringHandlerCreationOperation creation, Frame frame) =>
        EvaluateContent(creation.Content, frame);

    private object? EvaluateContent(IOperation content, Frame frame) => content switch
    {
        IInterpolatedStringOperation text => EvaluateInterpolated(text, frame),
        IInterpolatedStringAdditionOperation sum =>
            Concatenate(EvaluateContent(sum.Left, frame), EvaluateContent(sum.Right, frame), sum, frame),
        _ => Evaluate(content, frame),
    };

    private void AppendCall(IInterpolatedStringAppendOperation append, StringBuilder result, Frame frame)
    {
        if (append.AppendCall is IInvocationOperation { Arguments.Length: > 0 } call)
        {
            object?[] values = call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0)
                .Select(argument => Evaluate(argument.Value, frame)).ToArray();
            string? format = call.Arguments.Where(argument => argument.Parameter?.Name == "format")
                .Select(argument => Evaluate(argument.Value, frame) as string).FirstOrDefault();
            result.Append(FormatConstant(values[0], format));
        }
    }

    private string FormatHole(IInterpolationOperation hole, Frame frame)
    {
        object? value = Evaluate(hole.Expression, frame);
        string? format = hole.FormatString is null ? null : Evaluate(hole.FormatString, frame) as string;
        string text = hole.Expression.Type is { TypeKind: TypeKind.Enum } type && format is null
            ? EnumName(value, type)
            : FormatConstant(value, format);
        int width = hole.Alignment is null ? 0 : Evaluate(hole.Alignment, frame) as int? ?? 0;
        return width >= 0 ? text.PadLeft(width) : text.PadRight(-width);
    }

    private static string EnumName(object? value, ITypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name
        ?? FormatInvariant(value, null);

    private string FormatConstant(object? value, string? format = null) => value switch
    {
        Poison => "",
        Value or WeightValue or ListValue or ObjectValue or FunctionValue or TupleValue or OpaqueValue => Describe(value),
        _ => FormatInvariant(value, format),
    };

    private static string FormatInvariant(object? value, string? format) =>
        value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private object Concatenate(object? left, object? right, IOperation at, Frame frame)
    {
        if (left is Poison || right is Poison)
        {
            return Poison.Instance;
        }
        string first = FormatConstant(left);
        string second = FormatConstant(right);
        Bound(first.Length + second.Length, at, frame);
        return first + second;
    }
}
