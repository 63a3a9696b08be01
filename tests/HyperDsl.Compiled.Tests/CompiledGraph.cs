using System.Reflection;
using System.Runtime.Loader;
using HyperDsl.Execution;
using HyperDsl.Generator.Emit;
using HyperDsl.Generator.Emit.Cpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Compiled.Tests;

/// <summary>Prints a graph as a routine, compiles the text and loads it.</summary>
internal static class CompiledGraph
{
    private static readonly MetadataReference[] References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll"
            or "HyperDsl.Runtime.dll" or "System.Runtime.Intrinsics.dll" or "netstandard.dll" or "HyperDsl.Attributes.dll"
            or "System.Collections.dll" or "System.Memory.dll" or "System.Linq.dll")
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    public static string Text(Graph graph, EquatableArray<Parameter> parameters, bool single)
    {
        RoutineProgram program = Scheduler.Run(
            Generator.Compiler.Machine(graph, CancellationToken.None), parameters, CancellationToken.None);
        Precision precision = single ? Precision.Single : Precision.Double;
        RowProgramNames names = new("Passes");
        ShapeConstants shapes = new("Passes");
        SourceWriter writer = new();
        writer.Line("using System; using System.Runtime.CompilerServices; using System.Runtime.Intrinsics; using HyperDsl.Cpu;");
        using (writer.Block("public static class Holder"))
        {
            RoutineEmitter.Emit(writer, program, "Routine", "", precision, names, shapes);
            using (writer.Block("private static unsafe class Passes"))
            {
                foreach (string declaration in shapes.Declarations)
                {
                    writer.Line(declaration);
                }
                foreach (NamedRowProgram named in names.All)
                {
                    RowProgramEmitter.Emit(writer, named.Program, named.Name, named.Precision);
                }
            }
        }
        return writer.ToString();
    }

    public static CompiledRoutine<T> Load<T>(Graph graph, EquatableArray<Parameter> parameters)
        where T : unmanaged
    {
        string text = Text(graph, parameters, typeof(T) == typeof(float));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "emitted",
            [CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp14))],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        Assert.True(
            result.Success && result.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Warning),
            string.Join("\n", result.Diagnostics) + "\n" + text);
        stream.Position = 0;
        AssemblyLoadContext context = new("emitted", isCollectible: true);
        Type type = context.LoadFromStream(stream).GetType("Holder+Routine")!;
        return (CompiledRoutine<T>)Activator.CreateInstance(type)!;
    }
}
