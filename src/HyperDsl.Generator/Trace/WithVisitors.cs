using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// The project as it will be once visitors are written. A generator does not see its own output, so code that uses a
/// <c>[Network]</c> class of the project as an <c>INetwork</c> does not bind in what it is given. Making this compilation costs
/// binding everything again; it is made only where a trace met code that does not bind.
/// </summary>
internal static class WithVisitors
{
    /// <summary>The enlarged project, or null if there is nothing to add.</summary>
    public static Compilation? Of(Compilation compilation, CancellationToken token)
    {
        List<SyntaxTree> trees = [];
        if (compilation.SyntaxTrees.FirstOrDefault()?.Options is not CSharpParseOptions options)
        {
            return null;
        }
        foreach (INamedTypeSymbol type in TypesIn(compilation.Assembly.GlobalNamespace))
        {
            token.ThrowIfCancellationRequested();
            if (WellKnown.HasAttribute(type, "NetworkAttribute") && VisitorWriter.Write(type, token) is GeneratedFile file)
            {
                trees.Add(CSharpSyntaxTree.ParseText(file.Text, options, file.HintName, cancellationToken: token));
            }
        }
        return trees.Count == 0 ? null : compilation.AddSyntaxTrees(trees);
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(
        member => member switch
        {
            INamespaceSymbol space => TypesIn(space),
            INamedTypeSymbol type => TypesIn(type).Prepend(type),
            _ => [],
        });
}
