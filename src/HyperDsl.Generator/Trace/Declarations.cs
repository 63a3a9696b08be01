using HyperDsl.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HyperDsl.Generator.Trace;

/// <summary>What can be said of a class from its declaration alone.</summary>
internal static class Declarations
{
    /// <summary>Checks a model class; false if it cannot be traced.</summary>
    public static bool CheckModel(INamedTypeSymbol model, Compilation compilation, ProblemLog log, CancellationToken token)
    {
        Location? place = model.Locations.FirstOrDefault(location => location.IsInSource);
        bool complete = CheckExtensible(model, log, token);
        if (!WellKnown.DerivesFrom(model, WellKnown.IsModel))
        {
            log.ReportAt(
                Descriptors.NotAModel,
                $"'{model.Name}' is marked [HyperModel] but does not derive from Model. Declare it as 'partial class {model.Name} : Model'.",
                place);
            complete = false;
        }
        for (INamedTypeSymbol? type = model; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
            {
                log.ReportAt(
                    Descriptors.GenericModel,
                    $"'{model.Name}' is generic, or inside a generic class: its code cannot be written at compile time. Put what varies "
                    + "into a generic network, and use that with its types in a model that is not generic.",
                    place);
                complete = false;
                break;
            }
        }
        complete &= CheckSlice(model, log, token);
        if (compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
        {
            log.ReportAt(
                Descriptors.UnsafeNotAllowed,
                "Compiled models use pointers. Add <AllowUnsafeBlocks>true</AllowUnsafeBlocks> to a PropertyGroup of the project file.",
                place);
        }
        return complete;
    }

    /// <summary>Checks how many examples a worker is to take at a time.</summary>
    private static bool CheckSlice(INamedTypeSymbol model, ProblemLog log, CancellationToken token)
    {
        const int Most = 256;
        AttributeData? mark = WellKnown.Attribute(model, "HyperModelAttribute");
        object? examples = mark?.NamedArguments.FirstOrDefault(argument => argument.Key == "SliceExamples").Value.Value;
        if (examples is not int number || (number >= 0 && number <= Most))
        {
            return true;
        }
        SyntaxNode? written = mark!.ApplicationSyntaxReference?.GetSyntax(token);
        SyntaxNode? argument = (written as AttributeSyntax)?.ArgumentList?.Arguments
            .FirstOrDefault(given => given.NameEquals?.Name.Identifier.ValueText == "SliceExamples");
        log.ReportAt(
            Descriptors.BadSlice,
            $"A worker cannot take {number} examples at a time. Give SliceExamples a number from 1 to {Most}, or leave it out to let sizes decide.",
            (argument ?? written)?.GetLocation());
        return false;
    }

    /// <summary>Checks that generated parts can be added to a class.</summary>
    public static bool CheckExtensible(INamedTypeSymbol type, ProblemLog log, CancellationToken token)
    {
        if (IsFileLocal(type))
        {
            log.ReportAt(
                Descriptors.FileLocal,
                $"'{type.Name}' is visible in its file only ('file'), so the compiler cannot add a part to it. Make it internal.",
                type.Locations.FirstOrDefault(location => location.IsInSource));
            return false;
        }
        if (NotPartial(type, token) is not INamedTypeSymbol culprit)
        {
            return true;
        }
        string why = SymbolEqualityComparer.Default.Equals(culprit, type) ? "" : $" because '{type.Name}' is inside it";
        log.ReportAt(
            Descriptors.NotPartial,
            $"'{culprit.Name}' must be declared 'partial'{why}: the compiler adds a part to it.",
            type.Locations.FirstOrDefault(location => location.IsInSource));
        return false;
    }

    /// <summary>Whether generated parts can be added to a class.</summary>
    public static bool IsExtensible(INamedTypeSymbol type, CancellationToken token) => !IsFileLocal(type) && NotPartial(type, token) is null;

    private static bool IsFileLocal(INamedTypeSymbol type) =>
        type.IsFileLocal || (type.ContainingType is INamedTypeSymbol outer && IsFileLocal(outer));

    /// <summary>The class itself, or one around it, that is not partial.</summary>
    private static INamedTypeSymbol? NotPartial(INamedTypeSymbol type, CancellationToken token)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            bool partial = at.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax(token) is TypeDeclarationSyntax syntax
                    && syntax.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.PartialKeyword)));
            if (!partial)
            {
                return at;
            }
        }
        return null;
    }
}
