using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Loops and the switch statement.</content>
internal sealed partial class Interpreter
{
    private Completion ExecuteFor(IForLoopOperation loop, Frame frame)
    {
        ExecuteAll(loop.Before, frame);
        while (loop.Condition is null || Condition(loop.Condition, frame))
        {
            Completion completion = Execute(loop.Body, frame);
            if (completion == Completion.Return)
            {
                return completion;
            }
            if (completion == Completion.Break)
            {
                break;
            }
            ExecuteAll(loop.AtLoopBottom, frame);
        }
        return Completion.Normal;
    }

    private Completion ExecuteWhile(IWhileLoopOperation loop, Frame frame)
    {
        bool first = true;
        while (true)
        {
            if ((loop.ConditionIsTop || !first) && loop.Condition is not null
                && Condition(loop.Condition, frame) == loop.ConditionIsUntil)
            {
                return Completion.Normal;
            }
            first = false;
            Completion completion = Execute(loop.Body, frame);
            if (completion == Completion.Return)
            {
                return completion;
            }
            if (completion == Completion.Break)
            {
                return Completion.Normal;
            }
        }
    }

    private Completion ExecuteForEach(IForEachLoopOperation loop, Frame frame)
    {
        IReadOnlyList<object?> items = Sequence(loop.Collection, frame) ?? throw new TraceAbandonedException();
        foreach (object? item in items)
        {
            BindLoopVariable(loop, item, frame);
            Completion completion = Execute(loop.Body, frame);
            if (completion == Completion.Return)
            {
                return completion;
            }
            if (completion == Completion.Break)
            {
                break;
            }
        }
        return Completion.Normal;
    }

    private void BindLoopVariable(IForEachLoopOperation loop, object? item, Frame frame)
    {
        if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator)
        {
            // The declared type may be wider than the sequence's: foreach (double x in integers).
            frame.Scope.Declare(
                declarator.Symbol, NamedAfter(declarator.Symbol, Copy(ConvertConstant(item, declarator.Symbol.Type))));
            return;
        }
        IMethodSymbol? method = loop.Syntax is ForEachVariableStatementSyntax syntax && loop.SemanticModel is { } model
            ? model.GetDeconstructionInfo(syntax).Method
            : null;
        Deconstruct(loop.LoopControlVariable, item, method, frame);
    }

    /// <summary>The items of anything that can be enumerated; null after a complaint.</summary>
    private IReadOnlyList<object?>? Sequence(IOperation operation, Frame frame)
    {
        object? value = Evaluate(operation, frame);
        switch (value)
        {
            case ListValue list:
                return list.Items.ToArray();
            case string text:
                return text.Select(character => (object?)character).ToArray();
            case Poison:
                return null;
            default:
                Report(
                    Descriptors.Unsupported,
                    $"'{ProblemLog.Excerpt(operation.Syntax)}' is {Describe(value)}: only arrays, lists and other sequences known at "
                    + "compile time can be enumerated.",
                    operation,
                    frame);
                return null;
        }
    }

    private Completion ExecuteSwitch(ISwitchOperation choice, Frame frame)
    {
        object? value = Evaluate(choice.Value, frame);
        ISwitchCaseOperation? chosen = choice.Cases.FirstOrDefault(
            section => section.Clauses.Any(clause => clause is not IDefaultCaseClauseOperation && ClauseMatches(clause, value, frame)));
        chosen ??= choice.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        if (chosen is null)
        {
            return Completion.Normal;
        }
        Completion completion = ExecuteAll(chosen.Body, frame);
        return completion == Completion.Break ? Completion.Normal : completion;
    }

    private bool ClauseMatches(ICaseClauseOperation clause, object? value, Frame frame) => clause switch
    {
        ISingleValueCaseClauseOperation single => ConstantsEqual(value, Evaluate(single.Value, frame), clause, frame),
        IPatternCaseClauseOperation pattern =>
            Matches(pattern.Pattern, value, frame) && (pattern.Guard is null || Condition(pattern.Guard, frame)),
        _ => false,
    };
}
