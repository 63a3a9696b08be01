using System.Text.RegularExpressions;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HyperDsl.Generator.Trace;

/// <summary>A problem and, where the analyzer asked for it, its place.</summary>
internal sealed record PlacedProblem(DiagnosticDescriptor Descriptor, string Text, Location? Place, string Chain);

/// <summary>
/// Collects problems. Places are worked out only for the analyzer, and only when something is said. The place is the innermost
/// expression inside the model class, or inside a base class that stands in the same file; what lies deeper goes into a chain of
/// "while tracing" parts, because editors drop diagnostics that are placed in a file that does not declare the model.
/// </summary>
internal sealed class ProblemLog(INamedTypeSymbol model, bool placed)
{
    private const int LongestExcerpt = 80;

    private readonly List<PlacedProblem> problems = [];

    public IReadOnlyList<PlacedProblem> Problems => problems;

    public void Report(DiagnosticDescriptor descriptor, string text, IOperation? at, Frame? frame)
    {
        Location? place = placed ? ModelPlace() : null;
        List<string> chain = [];
        IOperation? operation = at;
        for (Frame? level = frame; placed && operation is not null; level = level.Caller)
        {
            if (IsInModel(operation.Syntax))
            {
                place = PlaceOf(operation.Syntax);
                break;
            }
            // Below the outermost frame there is only the compiler itself.
            if (level is null or { Caller: null, Method: null })
            {
                break;
            }
            chain.Add(ChainLine(level, operation));
            operation = level.CallSite;
        }
        Add(new PlacedProblem(descriptor, OneLine(text), place, string.Concat(chain.Select(line => " — " + line))));
    }

    public void ReportAt(DiagnosticDescriptor descriptor, string text, Location? place) =>
        Add(new PlacedProblem(descriptor, text, placed ? (IsInFileOfModel(place?.SourceTree) ? place : ModelPlace()) : null, ""));

    public EquatableArray<Problem> WithoutPlaces() => problems
        .Select(problem => new Problem(
            problem.Descriptor.Id, problem.Text, problem.Descriptor.DefaultSeverity == DiagnosticSeverity.Error))
        .Distinct()
        .ToEquatable();

    // Training and evaluation run the same code, so most problems are met twice.
    private void Add(PlacedProblem problem)
    {
        bool known = problems.Any(other =>
            other.Descriptor.Id == problem.Descriptor.Id && other.Text == problem.Text && Equals(other.Place, problem.Place));
        if (!known)
        {
            problems.Add(problem);
        }
    }

    private Location ModelPlace() => model.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None;

    private bool IsInFileOfModel(SyntaxTree? tree) =>
        tree is not null && model.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == tree);

    private bool IsInModel(SyntaxNode syntax)
    {
        if (!IsInFileOfModel(syntax.SyntaxTree))
        {
            return false;
        }
        for (INamedTypeSymbol? type = model; type is not null; type = type.BaseType)
        {
            if (type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == syntax.SyntaxTree && part.Span.Contains(syntax.Span)))
            {
                return true;
            }
        }
        return false;
    }

    // Of a statement the keyword is enough: nobody wants a whole loop underlined.
    private static Location PlaceOf(SyntaxNode syntax) =>
        syntax is StatementSyntax ? syntax.GetFirstToken().GetLocation() : syntax.GetLocation();

    private static string ChainLine(Frame? frame, IOperation operation)
    {
        string where = frame?.Method switch
        {
            null => "an initialiser",
            { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } constructor => "new " + constructor.ContainingType.Name,
            { AssociatedSymbol: IPropertySymbol property } => property.ContainingType.Name + "." + property.Name,
            { MethodKind: MethodKind.AnonymousFunction } => "a lambda",
            { ContainingType: { Name.Length: > 0 } type } method => type.Name + "." + method.Name,
            { } method => method.Name,
        };
        FileLinePositionSpan span = operation.Syntax.GetLocation().GetLineSpan();
        return $"while tracing {where}, line {Literal.Integer(span.StartLinePosition.Line + 1)}: {Excerpt(operation.Syntax)}";
    }

    // Builds on the command line show the first line of a message only.
    private static string OneLine(string text) =>
        Regex.Replace(Regex.Replace(text.Trim(), @"(?<=[(\[])\s*\n\s*|\s*\n\s*(?=[)\]])", ""), @"\s*\n\s*", " ");

    public static string Excerpt(SyntaxNode syntax)
    {
        string line = OneLine(syntax.ToString());
        return line.Length <= LongestExcerpt ? line : line.Substring(0, LongestExcerpt - 1) + "…";
    }
}
