using System.Collections.Immutable;
using System.Globalization;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HyperDsl.Generator;

/// <summary>What one model became: its files, or the fault that stopped the compiler.</summary>
internal sealed record CompiledModel(string Model, EquatableArray<GeneratedFile> Files, string? Fault);

/// <summary>What reading a model gave: the model, or the fault that stopped the tracer.</summary>
internal sealed record ReadModel(string Name, TracedModel? Model, string? Fault);

/// <summary>The wiring: model classes → traced models → files; network classes → visitors; libraries → carried sources.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class HyperGenerator : IIncrementalGenerator
{
    /// <summary>Tracking name of the step that traces.</summary>
    internal const string ReadStep = "Read";

    /// <summary>Tracking name of the step that compiles a traced model.</summary>
    internal const string EmitStep = "Emit";

    /// <summary>Tracking name of the step that writes visitors.</summary>
    internal const string VisitStep = "Visit";

    /// <summary>Tracking name of the step that collects the sources a library carries.</summary>
    internal const string CarryStep = "Carry";

    private readonly Func<TracedModel, CancellationToken, EquatableArray<GeneratedFile>> compile;

    /// <summary>The generator as the compiler makes it.</summary>
    public HyperGenerator()
        : this(Compiler.Compile)
    {
    }

    internal HyperGenerator(Func<TracedModel, CancellationToken, EquatableArray<GeneratedFile>> compile) => this.compile = compile;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        WriteModels(context);
        WriteVisitors(context);
        WriteLibrary(context);
    }

    private void WriteModels(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<CompiledModel> compiled = context.SyntaxProvider
            .ForAttributeWithMetadataName(WellKnown.HyperModelAttribute, IsType, Read)
            .WithTrackingName(ReadStep)
            .Select(Emit)
            .WithTrackingName(EmitStep);
        context.RegisterSourceOutput(
            compiled.Combine(Ambiguous(compiled.Select((model, _) => model.Model))),
            (output, pair) => AddModel(output, pair.Left, pair.Right));
    }

    private static void WriteVisitors(IncrementalGeneratorInitializationContext context)
    {
        foreach (string attribute in new[] { WellKnown.NetworkAttribute, WellKnown.HyperModelAttribute })
        {
            IncrementalValuesProvider<GeneratedFile> visitors = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    attribute,
                    IsType,
                    (at, token) => at.TargetSymbol is INamedTypeSymbol type ? VisitorWriter.Write(type, token) : null)
                .Where(file => file is not null)
                .Select((file, _) => file!)
                .WithTrackingName(VisitStep);
            context.RegisterSourceOutput(
                visitors.Combine(Ambiguous(visitors.Select((file, _) => file.HintName))),
                (output, pair) => output.AddSource(Injective(pair.Left.HintName, pair.Left.HintName, pair.Right), pair.Left.Text));
        }
    }

    private static void WriteLibrary(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<bool> isLibrary = context.CompilationProvider
            .Select((compilation, _) => compilation.Options.OutputKind is OutputKind.DynamicallyLinkedLibrary);
        IncrementalValueProvider<EquatableArray<CarriedFile>> networks = Carried(context, WellKnown.NetworkAttribute);
        IncrementalValueProvider<EquatableArray<CarriedFile>> operations = Carried(context, WellKnown.LibraryAttribute);
        IncrementalValueProvider<EquatableArray<string>> usings = context.SyntaxProvider
            .CreateSyntaxProvider(
                (node, _) => node is UsingDirectiveSyntax directive && directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword),
                (at, _) => at.Node.ToString())
            .Collect()
            .Select((lines, _) => lines.OrderBy(line => line, StringComparer.Ordinal).ToEquatable());
        IncrementalValueProvider<string> text = networks.Combine(operations).Combine(usings).Combine(isLibrary)
            .Select((input, _) =>
            {
                (((EquatableArray<CarriedFile> first, EquatableArray<CarriedFile> second), EquatableArray<string> lines), bool library) = input;
                return library && first.Count + second.Count > 0 ? LibraryWriter.Write(first.Concat(second), lines) : "";
            })
            .WithTrackingName(CarryStep);
        context.RegisterSourceOutput(text, (output, source) =>
        {
            if (source.Length > 0)
            {
                output.AddSource(LibraryWriter.Hint, source);
            }
        });
    }

    private static IncrementalValueProvider<EquatableArray<CarriedFile>> Carried(
        IncrementalGeneratorInitializationContext context, string attribute) => context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                IsType,
                (at, token) => at.SemanticModel.Compilation.Options.OutputKind is OutputKind.DynamicallyLinkedLibrary
                    && at.TargetSymbol is INamedTypeSymbol type
                        ? LibraryWriter.FilesOf(type, token)
                        : EquatableArray<CarriedFile>.Empty)
            .Collect()
            .Select((files, _) => files.SelectMany(list => list).Distinct().ToEquatable());

    private static bool IsType(SyntaxNode node, CancellationToken token) => node is TypeDeclarationSyntax;

    private static ReadModel Read(GeneratorAttributeSyntaxContext context, CancellationToken token)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.TargetSymbol;
        string name = TypePlaces.MetadataName(type);
        try
        {
            Compilation compilation = context.SemanticModel.Compilation;
            TraceOutcome outcome = ModelTracer.Trace(type, compilation, placed: false, token);
            if (outcome.Silenced && WithVisitors.Of(compilation, token) is Compilation whole
                && whole.Assembly.GetTypeByMetadataName(name) is INamedTypeSymbol again)
            {
                outcome = ModelTracer.Trace(again, whole, placed: false, token);
            }
            bool gpu = compilation.GetTypeByMetadataName(WellKnown.GpuRoutine) is not null;
            return new ReadModel(name, outcome.Silenced ? null : outcome.Model with { Gpu = gpu }, null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return new ReadModel(name, null, InWords(fault));
        }
    }

    private CompiledModel Emit(ReadModel read, CancellationToken token)
    {
        if (read.Model is not TracedModel model || model.Problems.Any(problem => problem.IsError))
        {
            return new CompiledModel(read.Name, EquatableArray<GeneratedFile>.Empty, read.Fault);
        }
        try
        {
            return new CompiledModel(read.Name, compile(model, token), null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return new CompiledModel(read.Name, EquatableArray<GeneratedFile>.Empty, InWords(fault));
        }
    }

    private static void AddModel(SourceProductionContext output, CompiledModel model, EquatableArray<string> ambiguous)
    {
        foreach (GeneratedFile file in model.Files)
        {
            output.AddSource(Injective(file.HintName, model.Model, ambiguous), file.Text);
        }
        if (model.Fault is not null)
        {
            output.ReportDiagnostic(Diagnostic.Create(
                Descriptors.InternalFault,
                Location.None,
                $"The compiler failed on the model '{model.Model}', so no code was written for it: {model.Fault} This is a fault of "
                + "HyperDsl, please report it."));
        }
    }

    private static string InWords(Exception fault) =>
        fault.GetType().Name + ": " + fault.Message.Replace("\r", "").Replace('\n', ' ')
        + (fault.StackTrace is string trace ? " (" + trace.Split('\n')[0].Trim() + ")." : ".");

    /// <summary>Names that differ in case only: files of a compilation are told apart without it.</summary>
    private static IncrementalValueProvider<EquatableArray<string>> Ambiguous(IncrementalValuesProvider<string> names) => names
        .Collect()
        .Select((all, _) => all.Distinct(StringComparer.Ordinal)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .OrderBy(name => name, StringComparer.Ordinal)
            .ToEquatable());

    private static string Injective(string hint, string name, EquatableArray<string> ambiguous)
    {
        int place = ambiguous.ToList().IndexOf(name);
        return place < 0 ? hint : hint.Replace(".g.cs", "-" + place.ToString(CultureInfo.InvariantCulture) + ".g.cs");
    }
}
