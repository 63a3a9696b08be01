using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Statements.</content>
internal sealed partial class Interpreter
{
    private Completion Execute(IOperation statement, Frame frame)
    {
        Step(statement, frame);
        switch (statement)
        {
            case IBlockOperation block:
                return ExecuteAll(block.Operations, frame);
            case IVariableDeclarationGroupOperation group:
                Declare(group, frame);
                return Completion.Normal;
            case IExpressionStatementOperation expression:
                Evaluate(expression.Operation, frame);
                return Completion.Normal;
            case IReturnOperation result:
                return ExecuteReturn(result, frame);
            case IConditionalOperation conditional:
                return Condition(conditional.Condition, frame) ? Execute(conditional.WhenTrue, frame)
                    : conditional.WhenFalse is null ? Completion.Normal
                    : Execute(conditional.WhenFalse, frame);
            case IForLoopOperation loop:
                return ExecuteFor(loop, frame);
            case IForEachLoopOperation loop:
                return ExecuteForEach(loop, frame);
            case IWhileLoopOperation loop:
                return ExecuteWhile(loop, frame);
            case ISwitchOperation choice:
                return ExecuteSwitch(choice, frame);
            case IBranchOperation { BranchKind: BranchKind.Break }:
                return Completion.Break;
            case IBranchOperation { BranchKind: BranchKind.Continue }:
                return Completion.Continue;
            case ILocalFunctionOperation or IEmptyOperation:
                return Completion.Normal;
            case IThrowOperation thrown:
                EvaluateThrow(thrown, frame);
                return Completion.Return;
            case IInvalidOperation:
                Invalid(statement, frame);
                return Completion.Return;
            default:
                Unsupported(statement, KindInWords(statement), frame);
                throw new TraceAbandonedException();
        }
    }

    private Completion ExecuteAll(IEnumerable<IOperation> statements, Frame frame)
    {
        foreach (IOperation statement in statements)
        {
            Completion completion = Execute(statement, frame);
            if (completion != Completion.Normal)
            {
                return completion;
            }
        }
        return Completion.Normal;
    }

    private Completion ExecuteReturn(IReturnOperation result, Frame frame)
    {
        object? value = result.ReturnedValue is null ? null : Copy(Evaluate(result.ReturnedValue, frame));
        if (result.Kind == OperationKind.YieldReturn)
        {
            frame.Yielded.Add(value);
            Bound(frame.Yielded.Count, result, frame);
            return Completion.Normal;
        }
        if (result.Kind == OperationKind.Return)
        {
            frame.Returned = value;
        }
        return Completion.Return;
    }

    private void Declare(IVariableDeclarationGroupOperation group, Frame frame)
    {
        foreach (IVariableDeclarationOperation declaration in group.Declarations)
        {
            foreach (IVariableDeclaratorOperation declarator in declaration.Declarators)
            {
                IVariableInitializerOperation? initializer = declarator.Initializer ?? declaration.Initializer;
                object? value = initializer is null
                    ? DefaultOf(declarator.Symbol.Type, frame)
                    : Evaluate(initializer.Value, frame);
                if (declarator.Symbol.IsRef)
                {
                    Unsupported(declarator, "a ref variable", frame);
                    throw new TraceAbandonedException();
                }
                frame.Scope.Declare(declarator.Symbol, NamedAfter(declarator.Symbol, Copy(value)));
            }
        }
    }

    /// <summary>As <see cref="Named"/>; the variables of the tensor's own members, such as indexing, would say nothing to the user.</summary>
    private object? NamedAfter(ILocalSymbol variable, object? value) =>
        WellKnown.IsTensor(variable.ContainingType) ? value : Named(value, variable.Name);

    /// <summary>Gives a tensor the name of the variable or field it is stored in.</summary>
    private object? Named(object? value, string name)
    {
        if (value is Value tensor)
        {
            Builder.Rename(tensor, name);
        }
        return value;
    }

    /// <summary>A network refuses its sizes: the exception's message is the diagnostic.</summary>
    private Poison EvaluateThrow(IThrowOperation thrown, Frame frame)
    {
        IOperation? exception = thrown.Exception;
        while (exception is IConversionOperation conversion)
        {
            exception = conversion.Operand;
        }
        string text = exception?.Type?.Name ?? "an exception";
        if (exception is IObjectCreationOperation creation)
        {
            IArgumentOperation? message =
                creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "message" && !argument.IsImplicit)
                ?? creation.Arguments.FirstOrDefault(argument =>
                    argument.Parameter?.Type.SpecialType == SpecialType.System_String && !argument.IsImplicit);
            if (message is not null && Evaluate(message.Value, frame) is string words)
            {
                text = words;
            }
        }
        log.Report(Descriptors.Refused, text, thrown, frame);
        throw new TraceAbandonedException();
    }
}
