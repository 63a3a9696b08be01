using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Emit.Cpu;
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

/// <summary>An entry point's routines.</summary>
internal sealed record CompiledEntry(
    Entry Entry,
    Shape OutputShape,
    bool OutputSteps,
    CompiledProgram Evaluate,
    CompiledProgram? Train,
    EquatableArray<Parameter> BakedParameters,
    CompiledProgram? Generate,
    CompiledProgram? PredictBaked,
    EntryExplanation Explanation);

/// <summary>From a traced model to the text of its compiled form: the stages behind the front end, in their order.</summary>
internal static class Compiler
{
    public static EquatableArray<GeneratedFile> Compile(TracedModel model, CancellationToken token)
    {
        CompiledEntry[] entries = model.Entries.Select(entry => Schedule(model, entry, token)).ToArray();
        return ModelEmitter.Emit(model, entries, token).ToEquatable();
    }

    private static CompiledEntry Schedule(TracedModel model, Entry entry, CancellationToken token)
    {
        Graph written = Simplify.Run(entry.Evaluation, token);
        Dictionary<object, ProductCost> chosen = new(ReferenceComparer.Instance);
        Graph evaluation = Reorder(written, token, chosen);
        Result result = evaluation.Results.First(r => r.Kind is ResultKind.Prediction or ResultKind.Loss);
        Shape shape = evaluation[result.Node].Shape;
        BakedGraphs? baked = entry.IsLoss ? null : Bake.Run(Simplify.Run(evaluation, token), model.Parameters);
        return new CompiledEntry(
            entry,
            shape,
            (evaluation[result.Node].Varies & Varies.Time) != 0,
            Routine(
                entry.Name + "Evaluation", $"<c>{entry.Name}</c> without gradients.",
                entry.IsLoss ? Differentiate.MeanLoss(evaluation) : evaluation, model.Parameters, token),
            entry.Training is Graph training
                ? Routine(
                    entry.Name + "Training", $"<c>{entry.Name}</c>, the mean over the batch, with the gradients of all parameters.",
                    Differentiate.Run(Prepare(training, token), model.Parameters, token), model.Parameters, token)
                : null,
            baked?.Parameters ?? EquatableArray<Parameter>.Empty,
            baked is null ? null : Routine(
                entry.Name + "Generation", $"The weights that a deployed <c>{entry.Name}</c> stores.",
                baked.Generate, model.Parameters, token),
            baked is null ? null : Routine(
                entry.Name + "Deployed", $"<c>{entry.Name}</c> from stored weights, without the generators.",
                baked.Predict, baked.Parameters, token),
            GeneratedWeights.Explain(entry.Name, written, model.Parameters, chosen));
    }

    /// <summary>What happens to a graph before it is differentiated.</summary>
    internal static Graph Prepare(Graph graph, CancellationToken token) => Reorder(Simplify.Run(graph, token), token, null);

    private static Graph Reorder(Graph graph, CancellationToken token, Dictionary<object, ProductCost>? chosen) =>
        SliceEarly.Run(HoistFromScan.Run(Reassociate.Run(graph, token, chosen), token), token);

    private static CompiledProgram Routine(
        string className, string summary, Graph graph, EquatableArray<Parameter> parameters, CancellationToken token) =>
        new(className, summary, Scheduler.Run(Machine(graph, token), parameters, token));

    /// <summary>The passes from a differentiated graph to one that kernels can run.</summary>
    internal static Graph Machine(Graph graph, CancellationToken token) =>
        Materialise.Run(
            Keep.Run(
                Lower.Run(OpenScans.Run(HoistFromScan.Run(SliceEarly.Run(Simplify.Run(graph, token), token), token), token), token), token), token);
}
