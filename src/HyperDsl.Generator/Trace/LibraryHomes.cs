using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// Compilations of referenced libraries' sources. Made once per reference and kept as long as the reference lives, so that a
/// library's bodies are bound once in a process and not at every edit.
/// </summary>
internal static class LibraryHomes
{
    private const string Suffix = ".HyperSource";

    private static readonly ConditionalWeakTable<object, SourceHome> Homes = new();

    /// <summary>The library an assembly's name stands for: itself, or the one whose carried sources it was made of.</summary>
    public static string LibraryOf(string assemblyName) =>
        assemblyName.EndsWith(Suffix, StringComparison.Ordinal)
            ? assemblyName.Substring(0, assemblyName.Length - Suffix.Length)
            : assemblyName;

    public static SourceHome? Find(Compilation user, string libraryName, CancellationToken token)
    {
        foreach (MetadataReference reference in user.References)
        {
            if (user.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly && assembly.Name == libraryName)
            {
                return reference is CompilationReference project ? HomeOf(project) : HomeOf(user, reference, assembly, token);
            }
        }
        return null;
    }

    private static SourceHome HomeOf(CompilationReference project) =>
        Homes.GetValue(project.Compilation, key => new SourceHome((Compilation)key, sharedModels: false));

    private static SourceHome? HomeOf(Compilation user, MetadataReference reference, IAssemblySymbol assembly, CancellationToken token)
    {
        if (Homes.TryGetValue(reference, out SourceHome? known))
        {
            return known;
        }
        List<SyntaxTree> trees = ReadSources(assembly, token);
        if (trees.Count == 0)
        {
            return null;
        }
        CSharpCompilation side = CSharpCompilation.Create(
            assembly.Name + Suffix,
            trees,
            user.References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return Homes.GetValue(reference, _ => new SourceHome(side, sharedModels: false));
    }

    private static List<SyntaxTree> ReadSources(IAssemblySymbol assembly, CancellationToken token)
    {
        CSharpParseOptions options = new(LanguageVersion.Latest, DocumentationMode.None);
        List<SyntaxTree> trees = [];
        foreach (AttributeData attribute in assembly.GetAttributes())
        {
            if (WellKnown.IsOurs(attribute.AttributeClass, "HyperSourceAttribute")
                && attribute.ConstructorArguments is { Length: 2 } arguments
                && arguments[0].Value is string path
                && arguments[1].Value is string text)
            {
                trees.Add(CSharpSyntaxTree.ParseText(text, options, path, cancellationToken: token));
            }
        }
        return trees;
    }
}
