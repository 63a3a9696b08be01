using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Operators on constants.</content>
internal sealed partial class Interpreter
{
    private object? EvaluateBinary(IBinaryOperation binary, Frame frame)
    {
        if (binary.OperatorMethod is null && binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            bool left = Condition(binary.LeftOperand, frame);
            return left == (binary.OperatorKind == BinaryOperatorKind.ConditionalOr) ? left : Condition(binary.RightOperand, frame);
        }
        object? first = Evaluate(binary.LeftOperand, frame);
        object? second = Evaluate(binary.RightOperand, frame);
        if (first is Poison || second is Poison)
        {
            return Poison.Instance;
        }
        bool equality = binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        if (binary.IsLifted && (first is null || second is null))
        {
            return equality ? (first is null && second is null) == (binary.OperatorKind == BinaryOperatorKind.Equals)
                : IsComparison(binary.OperatorKind) ? false
                : null;
        }
        if (binary.OperatorMethod is IMethodSymbol method)
        {
            return CallOperator(method, [first, second], binary, frame);
        }
        if (binary.Type is IErrorTypeSymbol || (!equality && (IsTensor(first) || IsTensor(second))))
        {
            return Invalid(binary, frame);
        }
        if (equality)
        {
            return ConstantsEqual(first, second, binary, frame) == (binary.OperatorKind == BinaryOperatorKind.Equals);
        }
        return IsComparison(binary.OperatorKind)
            ? Compare(binary.OperatorKind, first, second, binary, frame)
            : Arithmetic(binary.OperatorKind, first, second, binary.IsChecked, binary, frame);
    }

    private static bool IsTensor(object? value) => value is Value or WeightValue;

    private static bool IsComparison(BinaryOperatorKind kind) => kind is
        BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
        or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;

    private object? EvaluateUnary(IUnaryOperation unary, Frame frame)
    {
        object? operand = Evaluate(unary.Operand, frame);
        if (operand is Poison || (operand is null && unary.IsLifted))
        {
            return operand;
        }
        if (unary.OperatorMethod is IMethodSymbol method)
        {
            return CallOperator(method, [operand], unary, frame);
        }
        try
        {
            return (unary.OperatorKind, operand) switch
            {
                (UnaryOperatorKind.Hat, int index) => new IndexValue(index, true),
                (UnaryOperatorKind.Not, bool flag) => !flag,
                (UnaryOperatorKind.Plus, int or long or float or double) => operand,
                (UnaryOperatorKind.Minus, int number) => unary.IsChecked ? checked(-number) : unchecked(-number),
                (UnaryOperatorKind.Minus, long number) => unary.IsChecked ? checked(-number) : unchecked(-number),
                (UnaryOperatorKind.Minus, float number) => -number,
                (UnaryOperatorKind.Minus, double number) => -number,
                (UnaryOperatorKind.BitwiseNegation, int number) => ~number,
                (UnaryOperatorKind.BitwiseNegation, long number) => ~number,
                _ when IsTensor(operand) => Invalid(unary, frame),
                _ => Unsupported(unary, "this operator on " + Describe(operand), frame),
            };
        }
        catch (OverflowException)
        {
            return Fails(unary, "the result does not fit its type", frame);
        }
    }

    private object? Arithmetic(BinaryOperatorKind kind, object? left, object? right, bool isChecked, IOperation at, Frame frame)
    {
        try
        {
            object? result = (left, right) switch
            {
                (string or null, _) or (_, string) when kind == BinaryOperatorKind.Add => Concatenate(left, right, at, frame),
                (int a, int b) => OnIntegers(kind, a, b, isChecked),
                (long a, long b) => OnLongs(kind, a, b, isChecked),
                (long a, int b) => OnLongs(kind, a, b, isChecked),
                (float a, float b) => OnFloats(kind, a, b),
                (double a, double b) => OnDoubles(kind, a, b),
                (bool a, bool b) => OnFlags(kind, a, b),
                (Poison, _) or (_, Poison) => Poison.Instance,
                _ => null,
            };
            return result ?? Unsupported(at, $"this operator on {Describe(left)} and {Describe(right)}", frame);
        }
        catch (DivideByZeroException)
        {
            return Fails(at, "division by zero", frame);
        }
        catch (OverflowException)
        {
            return Fails(at, "the result does not fit its type", frame);
        }
    }

    private static object? OnIntegers(BinaryOperatorKind kind, int a, int b, bool isChecked) => kind switch
    {
        BinaryOperatorKind.Add => isChecked ? checked(a + b) : unchecked(a + b),
        BinaryOperatorKind.Subtract => isChecked ? checked(a - b) : unchecked(a - b),
        BinaryOperatorKind.Multiply => isChecked ? checked(a * b) : unchecked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => b == -1 ? 0 : a % b,
        BinaryOperatorKind.LeftShift => a << b,
        BinaryOperatorKind.RightShift => a >> b,
        BinaryOperatorKind.UnsignedRightShift => (int)((uint)a >> b),
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => null,
    };

    private static object? OnLongs(BinaryOperatorKind kind, long a, long b, bool isChecked) => kind switch
    {
        BinaryOperatorKind.Add => isChecked ? checked(a + b) : unchecked(a + b),
        BinaryOperatorKind.Subtract => isChecked ? checked(a - b) : unchecked(a - b),
        BinaryOperatorKind.Multiply => isChecked ? checked(a * b) : unchecked(a * b),
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => b == -1 ? 0 : a % b,
        BinaryOperatorKind.LeftShift => a << (int)b,
        BinaryOperatorKind.RightShift => a >> (int)b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => null,
    };

    private static object? OnFloats(BinaryOperatorKind kind, float a, float b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        _ => null,
    };

    private static object? OnDoubles(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        _ => null,
    };

    private static object? OnFlags(BinaryOperatorKind kind, bool a, bool b) => kind switch
    {
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => null,
    };

    private bool Compare(BinaryOperatorKind kind, object? left, object? right, IOperation at, Frame frame)
    {
        (left, right) = (left, right) switch
        {
            (char a, char b) => ((int)a, (int)b),
            (int a, long b) => ((long)a, b),
            (long a, int b) => (a, (long)b),
            _ => (left, right),
        };
        bool? result = (left, right) switch
        {
            (int a, int b) => kind switch
            {
                BinaryOperatorKind.LessThan => a < b,
                BinaryOperatorKind.LessThanOrEqual => a <= b,
                BinaryOperatorKind.GreaterThan => a > b,
                _ => a >= b,
            },
            (long a, long b) => kind switch
            {
                BinaryOperatorKind.LessThan => a < b,
                BinaryOperatorKind.LessThanOrEqual => a <= b,
                BinaryOperatorKind.GreaterThan => a > b,
                _ => a >= b,
            },
            (float or double, float or double) => CompareReals(kind, ToReal(left), ToReal(right)),
            _ => null,
        };
        if (result is bool known)
        {
            return known;
        }
        Unsupported(at, $"comparing {Describe(left)} with {Describe(right)}", frame);
        throw new TraceAbandonedException();
    }

    private static double ToReal(object? value) => value is float single ? single : (double)value!;

    private static bool CompareReals(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        _ => a >= b,
    };

    /// <summary>Equality of constants by value, of everything else by identity.</summary>
    private bool ConstantsEqual(object? left, object? right, IOperation at, Frame frame)
    {
        switch (left, right)
        {
            case (Poison, _) or (_, Poison):
                throw new TraceAbandonedException();
            case (null, _) or (_, null):
                return left is null && right is null;
            case (int a, long b):
                return a == b;
            case (long a, int b):
                return a == b;
            case (double a, double b):
                return a == b;
            case (float a, float b):
                return a == b;
            case (TupleValue a, TupleValue b):
                return a.Items.Length == b.Items.Length
                    && a.Items.Zip(b.Items, (x, y) => ConstantsEqual(x, y, at, frame)).All(equal => equal);
            default:
                return left.Equals(right);
        }
    }

    private object? KnownOperator(IMethodSymbol method, object?[] operands, IOperation at, Frame frame)
    {
        bool equal = method.Name == "op_Equality";
        if (equal || method.Name == "op_Inequality")
        {
            object? left = operands[0];
            object? right = operands[1];
            bool same = left is ObjectValue a && right is ObjectValue b && method.ContainingType.IsRecord
                ? RecordsEqual(a, b, at, frame)
                : ConstantsEqual(left, right, at, frame);
            return same == equal;
        }
        return method.Name == "op_Addition" && method.ContainingType.SpecialType == SpecialType.System_String
            ? Concatenate(operands[0], operands[1], at, frame)
            : Unknown;
    }

    private bool RecordsEqual(ObjectValue left, ObjectValue right, IOperation at, Frame frame)
    {
        if (!left.Type.Equals(right.Type))
        {
            return false;
        }
        foreach (ISymbol field in left.Fields.Keys.Concat(right.Fields.Keys))
        {
            object? a = FieldBox(left, (IFieldSymbol)field).Content;
            object? b = FieldBox(right, (IFieldSymbol)field).Content;
            bool equal = a is ObjectValue first && b is ObjectValue second && first.Type.Definition.IsRecord
                ? RecordsEqual(first, second, at, frame)
                : ConstantsEqual(a, b, at, frame);
            if (!equal)
            {
                return false;
            }
        }
        return true;
    }
}
