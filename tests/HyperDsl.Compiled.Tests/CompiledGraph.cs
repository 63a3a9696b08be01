using System.Runtime.Loader;
using HyperDsl.Execution;
using HyperDsl.Generator;
using HyperDsl.Generator.Emit;
using HyperDsl.Generator.Emit.Cpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Compiled.Tests;

/// <summary>Prints graphs as routines, compiles the text and loads it.</summary>
internal static class CompiledGraph
{
    private const string Usings =
        "#nullable enable\n"
        + "using System; using System.Runtime.CompilerServices; using System.Runtime.Intrinsics; using HyperDsl.Cpu; using HyperDsl.Execution;\n";

    private static readonly MetadataReference[] References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll"
            or "HyperDsl.Runtime.dll" or "System.Runtime.Intrinsics.dll" or "netstandard.dll" or "HyperDsl.Attributes.dll"
            or "System.Collections.dll" or "System.Memory.dll" or "System.Linq.dll")
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    public static RoutineProgram Program(Graph graph, EquatableArray<Parameter> parameters) => Scheduler.Run(
        Generator.Compiler.Machine(graph, CancellationToken.None), parameters, CancellationToken.None, MachineCosts.Processor);

    public static string Text(Graph graph, EquatableArray<Parameter> parameters, bool single) =>
        Usings + Holder(Program(graph, parameters), single, "Holder");

    public static CompiledRoutine<T> Load<T>(Graph graph, EquatableArray<Parameter> parameters)
        where T : unmanaged => Load<T>([Program(graph, parameters)])[0];

    /// <summary>Compiles many routines at once: starting the compiler costs more than a routine does.</summary>
    public static CompiledRoutine<T>[] Load<T>(IReadOnlyList<RoutineProgram> programs)
        where T : unmanaged
    {
        string text = Usings + string.Concat(
            programs.Select((program, index) => Holder(program, typeof(T) == typeof(float), "Holder" + index)));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "emitted",
            [CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp14))],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        Assert.True(
            result.Success && result.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Warning),
            string.Join("\n", result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Take(20))
            + "\n" + (programs.Count == 1 ? text : ""));
        stream.Position = 0;
        System.Reflection.Assembly assembly = new AssemblyLoadContext("emitted", isCollectible: true).LoadFromStream(stream);
        return programs.Select((_, index) =>
            (CompiledRoutine<T>)Activator.CreateInstance(assembly.GetType("Holder" + index + "+Routine")!)!).ToArray();
    }

    private static string Holder(RoutineProgram program, bool single, string name)
    {
        Precision precision = single ? Precision.Single : Precision.Double;
        RowProgramNames names = RowProgramNames.Of("Passes", [(program, precision)], []);
        ShapeConstants shapes = new("Passes");
        SourceWriter writer = new();
        using (writer.Block("public static class " + name))
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
                    RowProgramEmitter.Emit(writer, named);
                }
            }
        }
        return writer.ToString();
    }
}
