using System.Runtime.CompilerServices;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <summary>What evaluation at compile time may cost. Anything beyond is an endless loop or a mistake.</summary>
internal static class Bounds
{
    public const int Steps = 1_000_000;
    public const int Nodes = 50_000;
    public const int Depth = 200;
    public const int Length = 1_000_000;

    /// <summary>How many steps pass between two looks at the cancellation token.</summary>
    public const int TokenInterval = 1024;
}

/// <summary>
/// Evaluates C# bodies at compile time, walking the compiler's operation trees: integers, loops, lists and objects are computed,
/// tensor operations become nodes of a graph. One file of this class for each family of operations.
/// </summary>
internal sealed partial class Interpreter(Sources sources, ProblemLog log, CancellationToken token)
{
    private int steps;
    private int epoch;
    private int weightsMade;
    private int sites;
    private Frame? current;

    /// <summary>The graph that tensor operations are added to.</summary>
    public GraphBuilder Builder { get; private set; } = new();

    /// <summary>What <c>Mode.Training</c> is.</summary>
    public bool Training { get; private set; }

    /// <summary>Weights in order of creation.</summary>
    public List<WeightValue> Weights { get; } = [];

    /// <summary>Where each weight was made, for messages.</summary>
    public List<(IOperation? Operation, Frame? Frame)> WeightPlaces { get; } = [];

    /// <summary>New values given to untrained weights, in order.</summary>
    public List<(WeightValue Weight, Value Value)> Updates { get; } = [];

    /// <summary>Starts another entry point: objects made so far are frozen, nodes go to a new graph.</summary>
    public void BeginEntry(GraphBuilder builder, bool training)
    {
        epoch++;
        steps = 0;
        sites = 0;
        Builder = builder;
        Training = training;
        Updates.Clear();
        Generated.Clear();
        StepFlows.Clear();
        ForgetWatches();
        ForgetStatics();
    }

    /// <summary>The value of an expression.</summary>
    private object? Evaluate(IOperation operation, Frame frame)
    {
        Step(operation, frame);
        if (operation.ConstantValue is { HasValue: true } constant)
        {
            return constant.Value;
        }
        return operation switch
        {
            ILocalReferenceOperation local => EvaluateLocal(local, frame),
            IParameterReferenceOperation parameter => EvaluateParameter(parameter, frame),
            IFieldReferenceOperation field => EvaluateField(field, frame),
            IPropertyReferenceOperation property => EvaluateProperty(property, frame),
            IInstanceReferenceOperation instance => EvaluateInstance(instance, frame),
            IInvocationOperation call => EvaluateInvocation(call, frame),
            IConversionOperation conversion => EvaluateConversion(conversion, frame),
            IBinaryOperation binary => EvaluateBinary(binary, frame),
            IUnaryOperation unary => EvaluateUnary(unary, frame),
            IArrayElementReferenceOperation element => EvaluateArrayElement(element, frame),
            IObjectCreationOperation creation => EvaluateCreation(creation, frame),
            IAssignmentOperation assignment => EvaluateAssignment(assignment, frame),
            IIncrementOrDecrementOperation increment => EvaluateIncrement(increment, frame),
            IParenthesizedOperation parenthesized => Evaluate(parenthesized.Operand, frame),
            _ => EvaluateFurther(operation, frame),
        };
    }

    private object? EvaluateFurther(IOperation operation, Frame frame) => operation switch
    {
        IArrayCreationOperation array => EvaluateArrayCreation(array, frame),
        IArrayInitializerOperation initializer => NewList(initializer.ElementValues.Select(item => Evaluate(item, frame))),
        ICollectionExpressionOperation collection => EvaluateCollection(collection, frame),
        IImplicitIndexerReferenceOperation indexer => EvaluateImplicitIndexer(indexer, frame),
        IRangeOperation range => EvaluateRange(range, frame),
        IConditionalOperation conditional => EvaluateConditional(conditional, frame),
        ICoalesceOperation coalesce => EvaluateCoalesce(coalesce, frame),
        IConditionalAccessOperation access => EvaluateConditionalAccess(access, frame),
        IConditionalAccessInstanceOperation => frame.ConditionalReceiver,
        ITupleOperation tuple => new TupleValue(tuple.Elements.Select(item => Copy(Evaluate(item, frame))).ToArray()),
        IInterpolatedStringOperation text => EvaluateInterpolated(text, frame),
        IInterpolatedStringHandlerCreationOperation text => EvaluateHandler(text, frame),
        IDelegateCreationOperation creation => Evaluate(creation.Target, frame),
        IAnonymousFunctionOperation lambda => new FunctionValue(
            lambda.Symbol, lambda.Body, frame.Self, frame.Scope.Capture(), frame),
        IMethodReferenceOperation method => EvaluateMethodReference(method, frame),
        ITranslatedQueryOperation query => Evaluate(query.Operation, frame),
        IIsTypeOperation test => EvaluateIsType(test, frame),
        IIsPatternOperation test => EvaluateIsPattern(test, frame),
        ISwitchExpressionOperation choice => EvaluateSwitchExpression(choice, frame),
        IWithOperation with => EvaluateWith(with, frame),
        IDefaultValueOperation value => DefaultOf(value.Type, frame),
        ITypeParameterObjectCreationOperation creation => EvaluateTypeParameterCreation(creation, frame),
        IDeclarationExpressionOperation declaration => Evaluate(declaration.Expression, frame),
        IThrowOperation thrown => EvaluateThrow(thrown, frame),
        IInvalidOperation => Invalid(operation, frame),
        _ => Unsupported(operation, KindInWords(operation), frame),
    };

    /// <summary>Counts a step against the bounds and looks at the token now and then.</summary>
    private void Step(IOperation operation, Frame frame)
    {
        current = frame;
        if (++steps % Bounds.TokenInterval == 0)
        {
            token.ThrowIfCancellationRequested();
        }
        if (steps > Bounds.Steps)
        {
            log.Report(
                Descriptors.TooMuch,
                $"Tracing took more than {Literal.Integer(Bounds.Steps)} steps: a loop does not end, or does work that belongs into tensors.",
                operation,
                frame);
            throw new TraceAbandonedException();
        }
        if (Builder.Count > Bounds.Nodes)
        {
            log.Report(
                Descriptors.TooMuch,
                $"The graph has more than {Literal.Integer(Bounds.Nodes)} operations: a loop repeats tensor operations too often.",
                operation,
                frame);
            throw new TraceAbandonedException();
        }
    }

    private Poison Report(DiagnosticDescriptor descriptor, string text, IOperation at, Frame frame)
    {
        log.Report(descriptor, text, at, frame);
        return Poison.Instance;
    }

    private Poison Unsupported(IOperation operation, string what, Frame frame) => Report(
        Descriptors.Unsupported,
        operation.Syntax is StatementSyntax
            ? $"A statement of the kind '{what}' cannot be used in a network."
            : $"'{ProblemLog.Excerpt(operation.Syntax)}': {what} cannot be used in a network.",
        operation,
        frame);

    private Poison Fails(IOperation operation, string why, Frame frame) =>
        Report(Descriptors.EvaluationFailed, $"'{ProblemLog.Excerpt(operation.Syntax)}' fails at compile time: {why}.", operation, frame);

    /// <summary>
    /// Code that does not compile. The compiler complains about the user's own; about a library's nobody does.
    /// </summary>
    private Poison Invalid(IOperation operation, Frame frame)
    {
        if (sources.IsInLibrary(operation))
        {
            log.Report(
                Descriptors.LibraryMismatch,
                $"'{ProblemLog.Excerpt(operation.Syntax)}' of a library does not compile against this project's references: "
                + "versions do not match, or the library's code uses something that its carried source lacks.",
                operation,
                frame);
        }
        else
        {
            Silenced = true;
        }
        throw new TraceAbandonedException();
    }

    /// <summary>Whether a trace stopped at code that the C# compiler itself complains about.</summary>
    public bool Silenced { get; private set; }

    private static string KindInWords(IOperation operation) => operation switch
    {
        IAwaitOperation => "await",
        ILockOperation => "lock",
        ITryOperation => "try",
        IUsingOperation or IUsingDeclarationOperation => "using",
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation => "dynamic",
        IAddressOfOperation => "an address",
        ISizeOfOperation => "sizeof",
        ITypeOfOperation => "typeof",
        IEventReferenceOperation or IEventAssignmentOperation => "an event",
        IAnonymousObjectCreationOperation => "an anonymous object",
        ILabeledOperation => "a label",
        _ => "this construct (" + operation.Kind + ")",
    };

    private void Bound(int length, IOperation at, Frame frame)
    {
        if (length > Bounds.Length)
        {
            log.Report(
                Descriptors.TooMuch,
                $"A list or string grows beyond {Literal.Integer(Bounds.Length)} items at compile time.",
                at,
                frame);
            throw new TraceAbandonedException();
        }
    }

    /// <summary>Stops the trace in silence where control depends on something already complained about.</summary>
    private bool Condition(IOperation operation, Frame frame)
    {
        object? value = Evaluate(operation, frame);
        switch (value)
        {
            case bool known:
                return known;
            case Poison:
                throw new TraceAbandonedException();
            default:
                Report(
                    Descriptors.NotConstant,
                    $"'{ProblemLog.Excerpt(operation.Syntax)}' decides what code runs and must be known at compile time, but it is "
                    + Describe(value) + ". To choose between values by tensors, use 'Select'.",
                    operation,
                    frame);
                throw new TraceAbandonedException();
        }
    }

    /// <summary>A value in words, for messages.</summary>
    private string Describe(object? value) => value switch
    {
        null => "null",
        Value tensor => "a tensor of shape " + Builder[tensor].Shape,
        WeightValue weight => "a weight of shape " + weight.Shape,
        ListValue list => $"a list of {Literal.Integer(list.Items.Count)} items",
        ObjectValue item => "an object of " + item.Type.Definition.Name,
        FunctionValue => "a function",
        TupleValue => "a tuple",
        OpaqueValue => "an initialiser",
        _ => FormatConstant(value),
    };

    private int NextSite() => sites++;

    private static void EnsureStack() => RuntimeHelpers.EnsureSufficientExecutionStack();
}
