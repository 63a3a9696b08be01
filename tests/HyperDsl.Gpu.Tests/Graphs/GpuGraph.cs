using System.Reflection;
using System.Runtime.Loader;
using HyperDsl.Generator;
using HyperDsl.Generator.Emit;
using HyperDsl.Generator.Emit.Gpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Gpu.Tests;

/// <summary>Prints graphs as routines for GPUs, compiles the text and loads it.</summary>
internal static class GpuGraph
{
    private const string Usings =
        "#nullable enable\nusing System; using System.Runtime.CompilerServices; using HyperDsl.Gpu; using ILGPU; using ILGPU.Runtime.Cuda;\n";

    private static readonly MetadataReference[] References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "HyperDsl.Runtime.dll"
            or "netstandard.dll" or "HyperDsl.Gpu.dll" or "ILGPU.dll" or "System.Linq.dll")
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    public static RoutineProgram Program(Graph graph, EquatableArray<Parameter> parameters) => Scheduler.Run(
        Generator.Compiler.Machine(graph, CancellationToken.None, MachineCosts.Gpu), parameters, CancellationToken.None, MachineCosts.Gpu);

    /// <param name="program">The routine.</param>
    /// <param name="holder">Name of the class around everything.</param>
    /// <param name="tensorCores">Whether large products have a form for tensor cores.</param>
    public static string Text(RoutineProgram program, string holder, bool tensorCores = false)
    {
        SourceWriter writer = new();
        DeviceProgram routine = DeviceScheduler.Run(program, LoopForm.Automatic, tensorCores);
        KernelNames kernels = KernelNames.Of([routine], []);
        using (writer.Block("public static class " + holder))
        {
            DeviceRoutineEmitter.Emit(writer, routine, "Routine", "", kernels, "GpuKernels");
            DeviceModelEmitter.WriteKernels(writer, kernels);
        }

        return writer.ToString();
    }

    /// <summary>Compiles many routines at once: starting the compiler costs more than a routine does.</summary>
    public static GpuRoutine[] Load(IReadOnlyList<RoutineProgram> programs, bool tensorCores = false)
    {
        Assembly assembly = Compiled(programs.Select((program, index) => Text(program, "Holder" + index, tensorCores)));
        return programs.Select((_, index) =>
            (GpuRoutine)Activator.CreateInstance(assembly.GetType("Holder" + index + "+Routine")!)!).ToArray();
    }

    /// <summary>The kernels of a routine.</summary>
    public static GpuKernel[] Kernels(RoutineProgram program, bool tensorCores = false) => KernelsOf(Text(program, "Holder", tensorCores));

    /// <summary>Kernels that no routine launches.</summary>
    public static GpuKernel[] Kernels(IEnumerable<DeviceKernel> kernels)
    {
        SourceWriter writer = new();
        using (writer.Block("public static class Holder"))
        {
            DeviceModelEmitter.WriteKernels(writer, KernelNames.Of(kernels));
        }

        // Nothing in the text fills their arguments.
        return KernelsOf("#pragma warning disable CS0649\n" + writer);
    }

    private static GpuKernel[] KernelsOf(string text) => (GpuKernel[])Compiled([text]).GetType("Holder+GpuKernels")!
        .GetField("All", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

    private static Assembly Compiled(IEnumerable<string> texts)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "emitted",
            [CSharpSyntaxTree.ParseText(Usings + string.Concat(texts), new CSharpParseOptions(LanguageVersion.CSharp14))],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: Microsoft.CodeAnalysis.OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        Assert.True(
            result.Success && result.Diagnostics.All(d => d.Severity < DiagnosticSeverity.Warning),
            string.Join("\n", result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Take(20)));
        stream.Position = 0;
        return new AssemblyLoadContext("emitted", isCollectible: false).LoadFromStream(stream);
    }
}
