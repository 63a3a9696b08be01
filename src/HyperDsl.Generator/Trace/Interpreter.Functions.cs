using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Local functions, lambdas and method groups; operators and deconstruction.</content>
internal sealed partial class Interpreter
{
    private object? CallLocalFunction(IMethodSymbol method, ArgumentList arguments, IOperation at, Scope outer, Frame frame)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (BodyOf(definition) is not IOperation body)
        {
            return NoSource(at, definition, frame);
        }
        Dictionary<ISymbol, TypeValue> typeArguments = frame.TypeArguments;
        if (definition.IsGenericMethod)
        {
            typeArguments = new(frame.TypeArguments, SymbolEqualityComparer.Default);
            AddTypeArguments(typeArguments, definition.TypeParameters, method.TypeArguments, frame);
        }
        Frame inner = Enter(definition, frame.Self, new Scope(outer), frame, at, typeArguments);
        return Run(definition, body, arguments, inner, at, frame);
    }

    /// <summary>Calls a lambda, a method group or a local function.</summary>
    internal object? CallFunction(FunctionValue function, ArgumentList arguments, IOperation at, Frame frame)
    {
        if (function.Method.MethodKind == MethodKind.LocalFunction)
        {
            Frame origin = new(null, function.Receiver, function.Scope!, frame, at) { TypeArguments = function.Origin!.TypeArguments };
            return CallLocalFunction(function.Method, arguments, at, function.Scope!, origin);
        }
        if (function.Body is null)
        {
            return PrimitiveOf(function.Method) is string primitive
                ? ApplyPrimitive(primitive, function.Method, function.Receiver, arguments, at, frame)
                : CallGroup(function, arguments, at, frame);
        }
        Frame inner = Enter(function.Method, function.Receiver, new Scope(function.Scope), frame, at, function.Origin!.TypeArguments);
        return Run(function.Method, function.Body, arguments, inner, at, frame);
    }

    private object? CallGroup(FunctionValue function, ArgumentList arguments, IOperation at, Frame frame)
    {
        IMethodSymbol called = function.Receiver is ObjectValue item
            ? FindOverride(item, function.Method)
            : sources.Definition(function.Method);
        if (sources.HasSource(called))
        {
            return CallMember(
                called, function.Receiver, arguments, TypeArgumentsOf(function.Method, function.Receiver, function.Origin!), at, frame);
        }
        object? known = KnownCall(function.Method, function.Receiver, arguments.Values, at, frame);
        return known == Unknown ? NoSource(at, function.Method, frame) : known;
    }

    private object? EvaluateMethodReference(IMethodReferenceOperation reference, Frame frame)
    {
        object? receiver = reference.Instance is null ? null : Evaluate(reference.Instance, frame);
        bool local = reference.Method.MethodKind == MethodKind.LocalFunction;
        return receiver is Poison
            ? receiver
            : new FunctionValue(reference.Method, null, local ? frame.Self : receiver, local ? frame.Scope : null, frame);
    }

    private object? CallOperator(IMethodSymbol method, object?[] operands, IOperation at, Frame frame)
    {
        if (operands.Any(operand => operand is Poison))
        {
            return Poison.Instance;
        }
        ArgumentList arguments = new(operands);
        if (PrimitiveOf(method) is string primitive)
        {
            return ApplyPrimitive(primitive, method, null, arguments, at, frame);
        }
        IMethodSymbol definition = sources.Definition(method);
        if (sources.HasSource(definition) && !definition.IsImplicitlyDeclared)
        {
            return Call(definition, null, arguments, TypeArgumentsOf(method, null, frame), at, frame);
        }
        object? known = KnownOperator(method, operands, at, frame);
        return known == Unknown ? NoSource(at, method, frame) : known;
    }

    private object?[] CallDeconstruct(object value, IMethodSymbol method, IOperation at, Frame frame)
    {
        IMethodSymbol definition = sources.Definition(method);
        if (definition.IsImplicitlyDeclared && value is ObjectValue record)
        {
            // The compiler writes a positional record's Deconstruct: its properties in order.
            return definition.Parameters.Select(parameter => RecordProperty(record, parameter.Name)).ToArray();
        }
        int receivers = definition.IsStatic ? 1 : 0;
        object?[] results = new object?[definition.Parameters.Length - receivers];
        Place?[] places = new Place?[definition.Parameters.Length];
        for (int i = 0; i < results.Length; i++)
        {
            int index = i;
            places[i + receivers] = new Place(() => results[index], written => results[index] = written);
        }
        object?[] values = new object?[definition.Parameters.Length];
        if (receivers == 1)
        {
            values[0] = value;
        }
        Call(definition, value, new ArgumentList(values, places), TypeArgumentsFor(value), at, frame);
        return results;
    }

    private object? RecordProperty(ObjectValue record, string name)
    {
        for (ITypeSymbol? type = record.Type.Definition; type is not null; type = type.BaseType)
        {
            IPropertySymbol? property = type.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault();
            if (property is not null && AutoField(sources.Definition(property)) is IFieldSymbol backing)
            {
                return FieldBox(record, backing).Content;
            }
        }
        return Poison.Instance;
    }
}
