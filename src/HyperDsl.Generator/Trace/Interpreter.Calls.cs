using System.Collections.Immutable;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <summary>Arguments by ordinal of the parameter, with places to write back to for <c>ref</c> and <c>out</c>.</summary>
internal sealed class ArgumentList(object?[] values, Place?[]? places = null)
{
    public object?[] Values { get; } = values;

    public Place? PlaceAt(int index) => places?[index];

    public ArgumentList With(object? last) => new([.. Values, last]);
}

/// <content>Calls of methods, accessors, operators and functions.</content>
internal sealed partial class Interpreter
{
    private static readonly Dictionary<ISymbol, TypeValue> NoTypeArguments = new(SymbolEqualityComparer.Default);

    private readonly Dictionary<ISymbol, IOperation?> bodies = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, string?> primitiveNames = new(SymbolEqualityComparer.Default);

    /// <summary>Runs an entry point; the result is a tensor, or poison after a complaint.</summary>
    public object? CallEntry(ObjectValue model, IMethodSymbol method, object?[] inputs)
    {
        Frame root = new(null, null, new Scope(null), null, null);
        IMethodSymbol called = FindOverride(model, method);
        IOperation body = BodyOf(called) ?? throw new TraceAbandonedException();
        object? result = Call(called, model, new ArgumentList(inputs), model.TypeArguments, body, root);
        return result is WeightValue weight ? Materialise(weight, body, root) : result;
    }

    private string? PrimitiveOf(ISymbol member)
    {
        ISymbol definition = member.OriginalDefinition;
        if (!primitiveNames.TryGetValue(definition, out string? name))
        {
            name = WellKnown.PrimitiveName(definition);
            primitiveNames.Add(definition, name);
        }
        return name;
    }

    private ArgumentList Arguments(ImmutableArray<IArgumentOperation> arguments, Frame frame)
    {
        object?[] values = new object?[arguments.Length];
        Place?[]? places = null;
        foreach (IArgumentOperation argument in arguments)
        {
            IParameterSymbol? parameter = argument.Parameter;
            int at = parameter?.Ordinal ?? 0;
            if (parameter is { RefKind: RefKind.Ref or RefKind.Out })
            {
                places ??= new Place?[arguments.Length];
                places[at] = PlaceOf(argument.Value, frame);
                values[at] = parameter.RefKind == RefKind.Out ? null : places[at]!.Read();
            }
            else
            {
                values[at] = Copy(Evaluate(argument.Value, frame));
            }
        }
        return new ArgumentList(values, places);
    }

    private object? EvaluateInvocation(IInvocationOperation call, Frame frame)
    {
        IMethodSymbol method = call.TargetMethod;
        object? target = call.Instance is null ? null : Evaluate(call.Instance, frame);
        if (target is Poison)
        {
            return target;
        }
        if (PrimitiveOf(method) is string primitive)
        {
            return ApplyPrimitive(primitive, method, target, Arguments(call.Arguments, frame), call, frame);
        }
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return target is FunctionValue function
                ? CallFunction(function, Arguments(call.Arguments, frame), call, frame)
                : Fails(call, "the function is " + Describe(target), frame);
        }
        if (call.Instance is not null && target is null && !IsNullableMember(method))
        {
            return Fails(call, $"'{ProblemLog.Excerpt(call.Instance.Syntax)}' is null", frame);
        }
        if (IsTensor(target) && WellKnown.IsTensor(method.ContainingType) && !WellKnown.IsTensor(method.ReturnType))
        {
            return ReadsNumbers(call, target, frame);
        }
        return InvokeMethod(call, method, target, frame);
    }

    private Poison ReadsNumbers(IOperation at, object? target, Frame frame) => Report(
        Descriptors.NotConstant,
        $"'{ProblemLog.Excerpt(at.Syntax)}' reads the numbers inside {Describe(target)}; they exist only at run time.",
        at,
        frame);

    private object? InvokeMethod(IInvocationOperation call, IMethodSymbol method, object? target, Frame frame)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return CallLocalFunction(method, Arguments(call.Arguments, frame), call, frame.Scope, frame);
        }
        IMethodSymbol called = target is ObjectValue item && call.Instance?.Syntax is not BaseExpressionSyntax
            && (call.IsVirtual || method.ContainingType.TypeKind == TypeKind.Interface)
                ? FindOverride(item, method)
                : sources.Definition(method);
        if (method is { IsStatic: true, Name: "Of" or "OfBatch" }
            && (WellKnown.IsTensor(method.ContainingType) || WellKnown.IsLabel(method.ContainingType)))
        {
            return MadeOfNumbers(call, frame);
        }
        if (WellKnown.IsInitialiser(method.ContainingType) || WellKnown.IsOurs(method.ContainingType, "Initialisers"))
        {
            return OpaqueValue.Instance;
        }
        if (sources.HasSource(called) && !called.IsImplicitlyDeclared && BodyOf(called) is not null)
        {
            return CallMember(called, target, Arguments(call.Arguments, frame), TypeArgumentsOf(method, target, frame), call, frame);
        }
        if (WellKnown.IsInitialiser(method.ReturnType))
        {
            return OpaqueValue.Instance;
        }
        ArgumentList arguments = Arguments(call.Arguments, frame);
        if (arguments.Values.Any(argument => argument is Poison))
        {
            return Poison.Instance;
        }
        object? known = KnownCall(method, target, arguments.Values, call, frame);
        return known == Unknown ? NoSource(call, method, frame) : known;
    }

    /// <summary>Calls a member; values that leave a <c>[Hyper]</c> network are remembered as generated.</summary>
    private object? CallMember(
        IMethodSymbol method,
        object? self,
        ArgumentList arguments,
        Dictionary<ISymbol, TypeValue> typeArguments,
        IOperation at,
        Frame frame)
    {
        object? result = Call(method, self, arguments, typeArguments, at, frame);
        if (HyperObjects.Count > 0 && self is ObjectValue network && HyperObjects.TryGetValue(network, out int field)
            && !IsInside(network, frame))
        {
            MarkGenerated(result, field);
        }
        return result;
    }

    /// <summary>Runs a body.</summary>
    private object? Call(
        IMethodSymbol method,
        object? self,
        ArgumentList arguments,
        Dictionary<ISymbol, TypeValue> typeArguments,
        IOperation at,
        Frame frame)
    {
        IMethodSymbol definition = sources.Definition(method);
        if (BodyOf(definition) is not IOperation body)
        {
            return NoSource(at, definition, frame);
        }
        Frame inner = Enter(definition, self, new Scope(null), frame, at, typeArguments);
        if (definition.ContainingType is { ExtensionParameter: { } receiver } && !definition.IsStatic)
        {
            inner.Scope.Declare(receiver, self);
        }
        return Run(definition, body, arguments, inner, at, frame);
    }

    private object? Run(IMethodSymbol method, IOperation body, ArgumentList arguments, Frame inner, IOperation at, Frame frame)
    {
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            inner.Scope.Declare(method.Parameters[i], i < arguments.Values.Length ? arguments.Values[i] : null);
        }
        try
        {
            EnsureStack();
            ExecuteBody(body, inner);
        }
        catch (InsufficientExecutionStackException)
        {
            TooDeep(at, frame);
        }
        for (int i = 0; i < method.Parameters.Length && i < arguments.Values.Length; i++)
        {
            arguments.PlaceAt(i)?.Write(inner.Scope.Find(method.Parameters[i])!.Content);
        }
        current = frame;
        return method.IsIterator ? NewList(inner.Yielded) : inner.Returned;
    }

    private void ExecuteBody(IOperation body, Frame frame)
    {
        switch (body)
        {
            case IMethodBodyOperation method:
                Execute((IOperation?)method.BlockBody ?? method.ExpressionBody!, frame);
                break;
            case IConstructorBodyOperation constructor:
                Execute((IOperation?)constructor.BlockBody ?? constructor.ExpressionBody!, frame);
                break;
            case ILocalFunctionOperation local:
                Execute((IOperation?)local.Body ?? local.IgnoredBody!, frame);
                break;
            default:
                Execute(body, frame);
                break;
        }
    }

    private Frame Enter(
        IMethodSymbol? method,
        object? self,
        Scope scope,
        Frame caller,
        IOperation at,
        Dictionary<ISymbol, TypeValue>? typeArguments = null)
    {
        Frame inner = new(method, self, scope, caller, at) { TypeArguments = typeArguments ?? NoTypeArguments };
        if (inner.Depth > Bounds.Depth)
        {
            TooDeep(at, caller);
        }
        return inner;
    }

    private void TooDeep(IOperation at, Frame frame)
    {
        string? repeated = Callers(frame)
            .GroupBy(method => method, SymbolEqualityComparer.Default)
            .OrderByDescending(group => group.Count())
            .FirstOrDefault()?.Key?.Name;
        log.Report(
            Descriptors.TooMuch,
            $"Calls are nested too deeply (more than {Literal.Integer(Bounds.Depth)} deep): does '{repeated}' call itself without end?",
            at,
            frame);
        throw new TraceAbandonedException();
    }

    private static IEnumerable<IMethodSymbol> Callers(Frame frame)
    {
        for (Frame? at = frame; at is not null; at = at.Caller)
        {
            if (at.Method is IMethodSymbol method)
            {
                yield return method;
            }
        }
    }

    /// <summary>The operation of a method's body, or null where there is none to be had.</summary>
    private IOperation? BodyOf(IMethodSymbol definition)
    {
        if (!bodies.TryGetValue(definition, out IOperation? body))
        {
            foreach (SyntaxReference reference in definition.DeclaringSyntaxReferences)
            {
                SyntaxNode syntax = reference.GetSyntax(token);
                if (syntax is not (TypeDeclarationSyntax or ParameterSyntax))
                {
                    body ??= sources.OperationOf(definition, syntax);
                }
            }
            body = body is IMethodBodyOperation { BlockBody: null, ExpressionBody: null } ? null : body;
            bodies.Add(definition, body);
        }
        return body;
    }
}
