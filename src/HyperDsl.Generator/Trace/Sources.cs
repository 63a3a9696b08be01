using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// Where the bodies are. Code of the project itself is in its own compilation, code of a referenced library either in the
/// library's compilation (an editor's project reference) or in a side compilation made of the texts it carries in
/// <c>HyperSource</c> attributes. Symbols of libraries are looked up there by documentation id.
/// </summary>
internal sealed class Sources
{
    private readonly Compilation compilation;
    private readonly SourceHome own;
    private readonly CancellationToken token;
    private readonly Dictionary<IAssemblySymbol, SourceHome?> homes = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, ISymbol> definitions = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<string, SourceHome?> homesByName = new(StringComparer.Ordinal);

    /// <param name="compilation">The project.</param>
    /// <param name="sharedModels">
    /// Whether semantic models are those the compiler shares with all analyzers; else they are made without nullable analysis,
    /// which halves the time for binding.
    /// </param>
    /// <param name="token">Stops the work.</param>
    public Sources(Compilation compilation, bool sharedModels, CancellationToken token)
    {
        this.compilation = compilation;
        this.token = token;
        own = new SourceHome(compilation, sharedModels);
        homes.Add(compilation.Assembly, own);
    }

    public Compilation Compilation => compilation;

    /// <summary>The definition of a symbol where its source is, or its plain definition if no source is known.</summary>
    public T Definition<T>(T symbol)
        where T : class, ISymbol
    {
        if (definitions.TryGetValue(symbol, out ISymbol? known))
        {
            return (T)known;
        }
        ISymbol definition = symbol.OriginalDefinition;
        if (definition is IMethodSymbol { PartialImplementationPart: { } implementation })
        {
            definition = implementation;
        }
        SourceHome? home = HomeOf(definition);
        if (home is not null && home != own && !SymbolEqualityComparer.Default.Equals(definition.ContainingAssembly, home.Compilation.Assembly))
        {
            definition = home.Find(definition) ?? definition;
        }
        definitions.Add(symbol, definition);
        return definition as T ?? symbol;
    }

    /// <summary>Whether a definition's source is at hand.</summary>
    public bool HasSource(ISymbol definition) =>
        definition.Locations.Any(location => location.IsInSource) && HomeOf(definition) is not null;

    public bool IsInLibrary(IOperation operation) => operation.SemanticModel?.Compilation != compilation;

    /// <summary>The operation of a body or initialiser.</summary>
    public IOperation? OperationOf(ISymbol owner, SyntaxNode syntax) => HomeOf(owner)?.OperationOf(syntax, token);

    public SemanticModel? ModelOf(ISymbol owner, SyntaxTree tree) => HomeOf(owner)?.ModelOf(tree);

    private SourceHome? HomeOf(ISymbol symbol)
    {
        if (symbol.ContainingAssembly is not IAssemblySymbol assembly)
        {
            return null;
        }
        if (!homes.TryGetValue(assembly, out SourceHome? home))
        {
            home = FindHome(assembly);
            homes.Add(assembly, home);
        }
        return home;
    }

    private SourceHome? FindHome(IAssemblySymbol assembly)
    {
        string name = LibraryHomes.LibraryOf(assembly.Name);
        if (name == compilation.AssemblyName)
        {
            return own;
        }
        if (!homesByName.TryGetValue(name, out SourceHome? home))
        {
            home = LibraryHomes.Find(compilation, name, token);
            homesByName.Add(name, home);
        }
        return home;
    }
}

/// <summary>A compilation whose bodies are traced.</summary>
internal sealed class SourceHome(Compilation compilation, bool sharedModels)
{
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> models = new();
    private readonly ConcurrentDictionary<SyntaxNode, IOperation?> operations = new();
    private readonly ConcurrentDictionary<string, ISymbol?> found = new(StringComparer.Ordinal);

    public Compilation Compilation { get; } = compilation;

    public SemanticModel ModelOf(SyntaxTree tree) => models.GetOrAdd(
        tree,
        at => sharedModels ? Compilation.GetSemanticModel(at) : SemanticModels.WithoutNullableAnalysis(Compilation, at));

    public IOperation? OperationOf(SyntaxNode syntax, CancellationToken token)
    {
        if (!operations.TryGetValue(syntax, out IOperation? operation))
        {
            operation = ModelOf(syntax.SyntaxTree).GetOperation(syntax, token);
            operations.TryAdd(syntax, operation);
        }
        return operation;
    }

    /// <summary>The symbol of this compilation's source with the same documentation id.</summary>
    public ISymbol? Find(ISymbol definition)
    {
        if (definition is ITypeParameterSymbol parameter)
        {
            return FindTypeParameter(parameter);
        }
        if (definition is IParameterSymbol { ContainingSymbol: IMethodSymbol method } argument)
        {
            return Find(method.OriginalDefinition) is IMethodSymbol other && argument.Ordinal < other.Parameters.Length
                ? other.Parameters[argument.Ordinal]
                : null;
        }
        string? id = definition.GetDocumentationCommentId();
        if (id is null)
        {
            return null;
        }
        return found.GetOrAdd(id, key => DocumentationCommentId.GetSymbolsForDeclarationId(key, Compilation)
            .FirstOrDefault(symbol => symbol.Locations.Any(location => location.IsInSource)));
    }

    private ITypeParameterSymbol? FindTypeParameter(ITypeParameterSymbol parameter) => Find(parameter.ContainingSymbol) switch
    {
        INamedTypeSymbol type => type.TypeParameters[parameter.Ordinal],
        IMethodSymbol method => method.TypeParameters[parameter.Ordinal],
        _ => null,
    };
}

/// <summary>The one place that asks for the experimental kind of semantic model.</summary>
internal static class SemanticModels
{
    private static readonly bool Available = typeof(SemanticModel).Assembly
        .GetType("Microsoft.CodeAnalysis.SemanticModelOptions") is not null;

    public static SemanticModel WithoutNullableAnalysis(Compilation compilation, SyntaxTree tree) =>
        Available ? Ask(compilation, tree) : compilation.GetSemanticModel(tree);

    // Inlined into its caller, a missing method would be met before the check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SemanticModel Ask(Compilation compilation, SyntaxTree tree) =>
#pragma warning disable RSEXPERIMENTAL001 // marked experimental; guarded above
        compilation.GetSemanticModel(tree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
}
