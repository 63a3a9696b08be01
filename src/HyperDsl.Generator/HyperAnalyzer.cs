using System.Collections.Immutable;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Trace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HyperDsl.Generator;

/// <summary>
/// Traces models while the user types and says what does not fit at the very expression. It shares the generator's front end.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HyperAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.NotPartial, Descriptors.NotAModel, Descriptors.DuplicateEntry, Descriptors.MissingShape,
        Descriptors.MissingClasses, Descriptors.NoEntry, Descriptors.GenericModel, Descriptors.UnsafeNotAllowed,
        Descriptors.UnreachableWeight, Descriptors.BadEntry, Descriptors.BadConstructor, Descriptors.DuplicateWeight,
        Descriptors.FileLocal, Descriptors.BadSlice,
        Descriptors.Unsupported, Descriptors.NotConstant, Descriptors.Refused, Descriptors.EvaluationFailed,
        Descriptors.TooMuch, Descriptors.NoBody, Descriptors.ChangedState, Descriptors.LibraryMismatch,
        Descriptors.ShapeMismatch, Descriptors.LossNotScalar, Descriptors.BadWeightShape,
        Descriptors.NoGradient, Descriptors.NotUsedAsWeight, Descriptors.BadUpdate,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        if (WellKnown.HasAttribute(type, "HyperModelAttribute"))
        {
            Report(context, TraceProblems(type, context));
        }
        else if (WellKnown.HasAttribute(type, "NetworkAttribute"))
        {
            ProblemLog log = new(type, placed: true);
            Declarations.CheckExtensible(type, log, context.CancellationToken);
            Report(context, log.Problems);
        }
    }

    private static IReadOnlyList<PlacedProblem> TraceProblems(INamedTypeSymbol type, SymbolAnalysisContext context)
    {
        try
        {
            return ModelTracer.Trace(type, context.Compilation, placed: true, context.CancellationToken).Problems;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The generator meets the same fault and reports it (HDSL901).
            return [];
        }
    }

    private static void Report(SymbolAnalysisContext context, IReadOnlyList<PlacedProblem> problems)
    {
        foreach (PlacedProblem problem in problems)
        {
            context.ReportDiagnostic(Diagnostic.Create(problem.Descriptor, problem.Place ?? Location.None, problem.Text + problem.Chain));
        }
    }
}
