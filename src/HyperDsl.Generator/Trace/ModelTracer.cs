using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>What tracing a model gives.</summary>
/// <param name="Model">The model as a value; its problems are among those of <paramref name="Problems"/>.</param>
/// <param name="Problems">Problems with their places, where asked for.</param>
/// <param name="Silenced">Whether the C# compiler itself complains about the code, so that nothing else should.</param>
internal sealed record TraceOutcome(TracedModel Model, IReadOnlyList<PlacedProblem> Problems, bool Silenced);

/// <summary>Runs a model's constructor and its entry points at compile time.</summary>
internal sealed class ModelTracer
{
    private readonly INamedTypeSymbol model;
    private readonly Sources sources;
    private readonly ProblemLog log;
    private readonly Interpreter interpreter;
    private readonly WeightWalk walk;
    private readonly CancellationToken token;
    private readonly List<HyperUsage> usage = [];
    private readonly bool placed;

    private ModelTracer(INamedTypeSymbol model, Compilation compilation, bool placed, CancellationToken token)
    {
        this.model = model;
        this.placed = placed;
        this.token = token;
        sources = new Sources(compilation, sharedModels: placed, token);
        log = new ProblemLog(model, placed);
        interpreter = new Interpreter(sources, log, token);
        walk = new WeightWalk(sources, interpreter);
    }

    /// <param name="model">A class marked <c>[HyperModel]</c>.</param>
    /// <param name="compilation">Its project.</param>
    /// <param name="placed">Whether problems get places, and warnings about the finished graphs are looked for: the analyzer's way.</param>
    /// <param name="token">Stops the work.</param>
    public static TraceOutcome Trace(INamedTypeSymbol model, Compilation compilation, bool placed, CancellationToken token) =>
        new ModelTracer(model, compilation, placed, token).Trace();

    private TraceOutcome Trace()
    {
        List<Entry> entries = [];
        if (Declarations.CheckModel(model, sources.Compilation, log, token))
        {
            List<EntryPoint> points = EntryPoints.Find(model, sources, log);
            if (points.Count > 0 && Construct() is ObjectValue item)
            {
                GraphBuilder constructed = interpreter.Builder;
                foreach (EntryPoint point in points)
                {
                    if (TraceEntry(point, item, constructed) is Entry entry)
                    {
                        entries.Add(entry);
                    }
                }
                if (placed && log.Problems.Count == 0 && !interpreter.Silenced && entries.Count == points.Count)
                {
                    GradientReach.Report(entries, walk.Parameters, interpreter.Weights, interpreter.WeightPlaces, log);
                    HyperUse.Report(usage, walk.HyperFields, log);
                }
            }
        }
        IReadOnlyList<PlacedProblem> problems = interpreter.Silenced ? [] : log.Problems;
        TracedModel traced = new(
            TypePlaces.Of(model),
            walk.Parameters.ToEquatable(),
            entries.ToEquatable(),
            Argument("Float64") is true,
            interpreter.Silenced ? EquatableArray<Problem>.Empty : log.WithoutPlaces(),
            Loops: Argument("GpuLoops") is int loops ? (LoopForm)loops : LoopForm.Automatic,
            TensorCores: Argument("GpuTensorCores") is true,
            SliceExamples: Argument("SliceExamples") is int examples ? examples : 0);
        return new TraceOutcome(traced, problems, interpreter.Silenced);
    }

    /// <summary>What the attribute that marks the model says under a name.</summary>
    private object? Argument(string name) => WellKnown.Attribute(model, "HyperModelAttribute")?.NamedArguments
        .Where(argument => argument.Key == name).Select(argument => argument.Value.Value).FirstOrDefault();

    private ObjectValue? Construct()
    {
        IMethodSymbol? constructor = model.InstanceConstructors
            .Where(candidate => candidate.Parameters.All(parameter => parameter.HasExplicitDefaultValue))
            .OrderBy(candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null || model.IsAbstract)
        {
            log.ReportAt(
                Descriptors.BadConstructor,
                model.IsAbstract
                    ? $"'{model.Name}' is abstract: mark the classes that derive from it with [HyperModel], and itself with [Network]."
                    : $"'{model.Name}' has no constructor that can be called without arguments. Sizes are compile-time constants: fix "
                        + "them in the class, or derive one model for each choice.",
                model.Locations.FirstOrDefault(location => location.IsInSource));
            return null;
        }
        try
        {
            ObjectValue item = interpreter.Construct(model, constructor, null);
            walk.Walk(item);
            CheckWeightsAreReached();
            return log.Problems.Any(problem => problem.Descriptor != Descriptors.UnsafeNotAllowed) ? null : item;
        }
        catch (TraceAbandonedException)
        {
            return null;
        }
    }

    private void CheckWeightsAreReached()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < interpreter.Weights.Count; i++)
        {
            WeightValue weight = interpreter.Weights[i];
            (IOperation? at, Frame? frame) = interpreter.WeightPlaces[i];
            if (weight.Index >= 0 && !names.Add(weight.Name))
            {
                log.Report(
                    Descriptors.DuplicateWeight,
                    $"Two weights are named '{weight.Name}': a class and a base class of it have fields of that name. Rename one field.",
                    at,
                    frame);
            }
            if (weight.Index < 0)
            {
                log.Report(
                    Descriptors.UnreachableWeight,
                    $"No field of the model leads to this weight of shape {weight.Shape}. Keep weights in fields, and networks with "
                    + "weights in fields (or lists in fields) whose type is marked [Network].",
                    at,
                    frame);
            }
        }
    }

    private Entry? TraceEntry(EntryPoint point, ObjectValue item, GraphBuilder constructed)
    {
        Graph? evaluation = TraceGraph(point, item, constructed, training: false);
        Graph? training = point.IsLoss && evaluation is not null ? TraceGraph(point, item, constructed, training: true) : null;
        return evaluation is null || (point.IsLoss && training is null)
            ? null
            : new Entry(point.Method.Name, point.IsLoss, point.Inputs, evaluation, training);
    }

    private Graph? TraceGraph(EntryPoint point, ObjectValue item, GraphBuilder constructed, bool training)
    {
        GraphBuilder builder = new();
        Replay(constructed, builder);
        interpreter.BeginEntry(builder, training);
        foreach ((int field, WeightValue weight) in walk.HyperWeights)
        {
            interpreter.Generated.Add(
                (field, builder.Add(new ParameterLeaf(weight.Index, weight.Shape, weight.Trained), weight.Name)));
        }
        object?[] inputs = point.Inputs
            .Select((input, index) => (object?)builder.Add(new InputLeaf(index, input.Shape, input.Classes, input.Steps), input.Name))
            .ToArray();
        object? result;
        try
        {
            result = interpreter.CallEntry(item, point.Method, inputs);
        }
        catch (TraceAbandonedException)
        {
            return null;
        }
        return Finish(point, builder, result);
    }

    private Graph? Finish(EntryPoint point, GraphBuilder builder, object? result)
    {
        if (result is not Value value)
        {
            if (result is not Poison)
            {
                log.ReportAt(
                    Descriptors.EvaluationFailed, $"'{point.Method.Name}' returns null.", point.Method.Locations.FirstOrDefault());
            }
            return null;
        }
        if (point.IsLoss && builder[value].Shape != Shape.Scalar)
        {
            log.ReportAt(
                Descriptors.LossNotScalar,
                $"The loss '{point.Method.Name}' has the shape {builder[value].Shape} for one example, but must be a scalar. Use 'Sum' or "
                + "'Mean' over all axes; the mean over the batch is taken by the compiler.",
                point.Method.Locations.FirstOrDefault(location => location.IsInSource));
            return null;
        }
        if (point.IsLoss && (builder[value].Varies & Varies.Time) != 0)
        {
            log.ReportAt(
                Descriptors.LossNotScalar,
                $"The loss '{point.Method.Name}' has one value at each step of time, but must be one number for an example. Use "
                + "'MeanOverSteps' or 'SumOverSteps'.",
                point.Method.Locations.FirstOrDefault(location => location.IsInSource));
            return null;
        }
        List<Result> results =
        [
            new Result(point.IsLoss ? ResultKind.Loss : ResultKind.Prediction, point.Method.Name, 0, value.Id),
            .. interpreter.Updates.Select(update =>
                new Result(ResultKind.Update, update.Weight.Name, update.Weight.Index, update.Value.Id)),
        ];
        if (!CheckStepsAreLeft(builder, results, point))
        {
            return null;
        }
        if (placed)
        {
            usage.Add(HyperUsage.Of(builder, results, [.. interpreter.Generated], interpreter.StepFlows));
        }
        return builder.Build(
            [.. results, .. interpreter.Watches.Select((watch, index) => new Result(ResultKind.Watched, watch.Name, index, watch.Value.Id))]);
    }

    /// <summary>Whether no value of inside a step is used outside of its scan, through a variable that outlives the step.</summary>
    private bool CheckStepsAreLeft(GraphBuilder builder, IReadOnlyList<Result> results, EntryPoint point)
    {
        foreach (Node node in builder.Build(results).Nodes)
        {
            if (node.Operation is BlockArgument)
            {
                log.ReportAt(
                    Descriptors.ChangedState,
                    $"'{point.Method.Name}' uses a value that was computed inside of 'Step' outside of its 'Scan'. Return it from 'Step', or "
                    + "keep it in a field marked [State].",
                    point.Method.Locations.FirstOrDefault(location => location.IsInSource));
                return false;
            }
        }
        return true;
    }

    /// <summary>Nodes that field initialisers made come first in every entry, with weights by their final numbers.</summary>
    private void Replay(GraphBuilder constructed, GraphBuilder builder)
    {
        for (int id = 0; id < constructed.Count; id++)
        {
            Node node = constructed[id];
            Operation operation = node.Operation;
            string name = node.Name;
            if (operation is ParameterLeaf leaf)
            {
                WeightValue weight = interpreter.Weights[leaf.Index];
                operation = leaf with { Index = weight.Index, Trained = weight.Trained };
                name = weight.Name;
            }
            Value copy = builder.Add(operation, name, node.Inputs.Select(input => new Value(input)).ToArray());
            if (copy.Id != id)
            {
                throw new InvalidOperationException("A node of a field initialiser changed its number.");
            }
        }
    }
}
