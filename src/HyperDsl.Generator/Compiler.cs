using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Emit.Cpu;
using HyperDsl.Generator.Emit.Gpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator;

/// <summary>A file to add to the user's compilation.</summary>
internal sealed record GeneratedFile(string HintName, string Text);

/// <summary>A routine with all decisions taken.</summary>
/// <param name="ClassName">Name of the emitted class.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Program">The program.</param>
internal sealed record CompiledProgram(string ClassName, string Summary, RoutineProgram Program);

/// <summary>A value that a routine gives for each example.</summary>
/// <param name="Name">Name of the entry, state or watched value.</param>
/// <param name="Shape">Its shape for one example.</param>
/// <param name="Steps">Whether there is one for each step of time.</param>
internal sealed record CompiledOutput(string Name, Shape Shape, bool Steps);

/// <summary>A routine that gives watched values as well.</summary>
internal sealed record WatchedProgram(CompiledProgram Program, EquatableArray<CompiledOutput> Watched);

/// <summary>
/// An entry point's routines for GPUs, compiled from the same graphs by what GPUs prefer; baked predictions and double precision
/// stay on the processor.
/// </summary>
internal sealed record DevicePrograms(
    CompiledProgram Evaluate, CompiledProgram? Train, CompiledProgram? WatchEvaluate, CompiledProgram? WatchTrain)
{
    /// <summary>Those that give no watched values.</summary>
    public IEnumerable<CompiledProgram> Plain => new[] { Evaluate, Train }.OfType<CompiledProgram>();

    public IEnumerable<CompiledProgram> Watched => new[] { WatchEvaluate, WatchTrain }.OfType<CompiledProgram>();
}

/// <summary>An entry point's routines.</summary>
internal sealed record CompiledEntry(
    Entry Entry,
    Shape OutputShape,
    bool OutputSteps,
    EquatableArray<CarriedState> States,
    CompiledProgram Evaluate,
    CompiledProgram? Train,
    WatchedProgram? WatchEvaluate,
    WatchedProgram? WatchTrain,
    EquatableArray<Parameter> BakedParameters,
    CompiledProgram? Generate,
    CompiledProgram? PredictBaked,
    EntryExplanation Explanation,
    DevicePrograms? OnGpu)
{
    /// <summary>Routines for which a model may ask in double precision too.</summary>
    public IEnumerable<CompiledProgram> InBothPrecisions => new[] { Evaluate, Train }.OfType<CompiledProgram>();

    /// <summary>Routines of deployed models.</summary>
    public IEnumerable<CompiledProgram> Deployed => new[] { Generate, PredictBaked }.OfType<CompiledProgram>();

    /// <summary>Routines that give watched values as well.</summary>
    public IEnumerable<CompiledProgram> Watched => new[] { WatchEvaluate?.Program, WatchTrain?.Program }.OfType<CompiledProgram>();
}

/// <summary>From a traced model to the text of its compiled form: the stages behind the front end, in their order.</summary>
internal static class Compiler
{
    public static EquatableArray<GeneratedFile> Compile(TracedModel model, CancellationToken token)
    {
        CompiledEntry[] entries = model.Entries.Select(entry => Schedule(model, entry, token)).ToArray();
        IEnumerable<GeneratedFile> files = ModelEmitter.Emit(model, entries, token);
        return TellApart(model.Gpu ? files.Concat(DeviceModelEmitter.Emit(model, entries, token)) : files).ToEquatable();
    }

    /// <summary>
    /// Files of a compilation are told apart without case, routines of entry points with it: whoever comes later gets a number.
    /// </summary>
    private static IEnumerable<GeneratedFile> TellApart(IEnumerable<GeneratedFile> files)
    {
        const string End = ".g.cs";
        Dictionary<string, int> times = new(StringComparer.OrdinalIgnoreCase);
        foreach (GeneratedFile file in files)
        {
            times[file.HintName] = times.TryGetValue(file.HintName, out int before) ? before + 1 : 0;
            yield return times[file.HintName] == 0 ? file : file with
            {
                HintName = file.HintName.Substring(0, file.HintName.Length - End.Length) + "-" + Literal.Integer(times[file.HintName]) + End,
            };
        }
    }

    private static CompiledEntry Schedule(TracedModel model, Entry entry, CancellationToken token)
    {
        EquatableArray<CarriedState> states = CarryStates.Find(entry);
        Graph evaluation = Carried(entry, entry.Evaluation, states);
        Graph? training = entry.Training is Graph traced ? Carried(entry, traced, states) : null;
        Result result = evaluation.Results.First(r => r.Kind is ResultKind.Prediction or ResultKind.Loss);
        BakedGraphs? baked = entry.IsLoss
            ? null
            : Bake.Run(Simplify.Run(Reorder(Unwatch.Run(evaluation), token), token), model.Parameters);
        MachineCosts costs = MachineCosts.Processor with { SliceExamples = model.SliceExamples };
        CompiledProgram? Routine(string suffix, string summary, Graph? graph, EquatableArray<Parameter> parameters) => graph is null
            ? null
            : new(entry.Name + suffix, summary, Scheduler.Run(Machine(graph, token), parameters, token, costs));
        Graph Evaluation(Graph graph) => entry.IsLoss ? Differentiate.MeanLoss(Prepare(graph, token)) : Prepare(graph, token);
        Graph Training(Graph graph) => Differentiate.Run(Prepare(graph, token), model.Parameters, token);
        WatchedProgram? Watched(string suffix, string summary, Graph? graph, Func<Graph, Graph> compile) =>
            graph is null || !Unwatch.IsWatched(graph)
                ? null
                : new(Routine(suffix, summary, compile(graph), model.Parameters)!, WatchedOutputs(graph));
        string name = "<c>" + entry.Name + "</c>";
        return new CompiledEntry(
            entry,
            evaluation[result.Node].Shape,
            (evaluation[result.Node].Varies & Varies.Time) != 0,
            states,
            Routine("Evaluation", name + " without gradients.", Evaluation(Unwatch.Run(evaluation)), model.Parameters)!,
            Routine(
                "Training", name + ", the mean over the batch, with the gradients of all parameters.",
                training is null ? null : Training(Unwatch.Run(training)), model.Parameters),
            Watched("EvaluationWatched", name + " without gradients, and the values that are watched.", evaluation, Evaluation),
            Watched("TrainingWatched", name + " with gradients, and the values that are watched.", training, Training),
            baked?.Parameters ?? EquatableArray<Parameter>.Empty,
            Routine("Generation", "The weights that a deployed " + name + " stores.", baked?.Generate, model.Parameters),
            Routine("Deployed", name + " from stored weights, without the generators.", baked?.Predict, baked?.Parameters ?? model.Parameters),
            Explain(entry.Name, Unwatch.Run(evaluation), model.Parameters, token),
            model.Gpu ? OnGpu(model, entry, evaluation, training, token) : null);
    }

    private static DevicePrograms OnGpu(TracedModel model, Entry entry, Graph evaluation, Graph? training, CancellationToken token)
    {
        MachineCosts costs = MachineCosts.Gpu;
        CompiledProgram Routine(string suffix, string summary, Graph graph) => new(
            entry.Name + suffix, "<c>" + entry.Name + "</c>" + summary, Scheduler.Run(Machine(graph, token, costs), model.Parameters, token, costs));
        CompiledProgram Evaluation(string suffix, string summary, Graph graph)
        {
            Graph prepared = Prepare(graph, token, costs);
            return Routine(suffix, " without gradients" + summary, entry.IsLoss ? Differentiate.MeanLoss(prepared) : prepared);
        }
        CompiledProgram? Training(string suffix, string summary, Graph? graph) => graph is null ? null : Routine(
            suffix, summary, Differentiate.Run(Prepare(graph, token, costs), model.Parameters, token, costs));
        return new DevicePrograms(
            Evaluation("Evaluation", ".", Unwatch.Run(evaluation)),
            Training("Training", ", the mean over the batch, with the gradients of all parameters.", training is null ? null : Unwatch.Run(training)),
            Unwatch.IsWatched(evaluation) ? Evaluation("EvaluationWatched", ", and the values that are watched.", evaluation) : null,
            training is not null && Unwatch.IsWatched(training)
                ? Training("TrainingWatched", " with gradients, and the values that are watched.", training)
                : null);
    }

    private static Graph Carried(Entry entry, Graph graph, EquatableArray<CarriedState> states) =>
        CarryStates.Run(graph, entry.Inputs.Count, states);

    private static EquatableArray<CompiledOutput> WatchedOutputs(Graph graph) => graph.Results
        .Where(result => result.Kind == ResultKind.Watched)
        .Select(result => new CompiledOutput(result.Name, graph[result.Node].Shape, (graph[result.Node].Varies & Varies.Time) != 0))
        .ToEquatable();

    /// <summary>What is said of an entry: the products of its graph, and what becomes of them.</summary>
    internal static EntryExplanation Explain(string entry, Graph graph, EquatableArray<Parameter> parameters, CancellationToken token)
    {
        Graph written = Simplify.Run(graph, token);
        Dictionary<object, ProductCost> chosen = new(ReferenceComparer.Instance);
        Reassociate.Run(written, token, chosen);
        return GeneratedWeights.Explain(entry, written, parameters, chosen);
    }

    /// <summary>What happens to a graph before it is differentiated; by default, for a processor.</summary>
    internal static Graph Prepare(Graph graph, CancellationToken token, MachineCosts? costs = null) =>
        NameValues.Run(Reorder(graph, token, costs), token);

    /// <summary>
    /// As <see cref="Prepare"/>, with no names but the user's: those of baked values stand in files, where they must last.
    /// </summary>
    private static Graph Reorder(Graph graph, CancellationToken token, MachineCosts? costs = null)
    {
        graph = SplitProducts.Run(Reassociate.Run(Simplify.Run(graph, token), token), token);
        return SliceEarly.Run(HoistFromScan.Run(graph, token, costs ?? MachineCosts.Processor), token);
    }

    /// <summary>The passes from a differentiated graph to one that kernels can run; by default, those of a processor.</summary>
    internal static Graph Machine(Graph graph, CancellationToken token, MachineCosts? costs = null)
    {
        costs ??= MachineCosts.Processor;
        graph = Simplify.Run(graph, token);
        if (costs.ExpandedProducts > 0)
        {
            // What is expanded is flat where its readers are flat: only one shape lets them share a pass.
            graph = ReshapeLate.Run(ExpandProducts.Run(graph, token, costs), token);
        }
        graph = SumProductsApart.Run(HoistFromScan.Run(SliceEarly.Run(graph, token), token, costs), token);
        graph = AccumulateInLoops.Run(Lower.Run(OpenScans.Run(graph, token), token), token, costs);
        return NameValues.Run(Materialise.Run(Keep.Run(graph, token), token), token);
    }
}
