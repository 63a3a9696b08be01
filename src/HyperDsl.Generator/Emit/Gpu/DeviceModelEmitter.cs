using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a model's form for GPUs: a file a routine, one of kernels that they share, and the plan that names them.</summary>
internal static class DeviceModelEmitter
{
    private const string Holder = "GpuKernels";

    public static IEnumerable<GeneratedFile> Emit(TracedModel model, CompiledEntry[] entries, CancellationToken token)
    {
        (CompiledProgram Program, DeviceProgram Routine)[] Scheduled(Func<DevicePrograms, IEnumerable<CompiledProgram>> which) => entries
            .SelectMany(entry => which(entry.OnGpu!))
            .Select(program =>
            {
                token.ThrowIfCancellationRequested();
                return (program, DeviceScheduler.Run(program.Program, model.Loops, model.TensorCores));
            })
            .ToArray();
        var routines = Scheduled(programs => programs.Plain);
        var watched = Scheduled(programs => programs.Watched);
        KernelNames kernels = KernelNames.Of(routines.Select(routine => routine.Routine), watched.Select(routine => routine.Routine));
        List<GeneratedFile> files = [];
        foreach ((CompiledProgram program, DeviceProgram routine) in routines.Concat(watched))
        {
            token.ThrowIfCancellationRequested();
            files.Add(File(model, "Gpu." + program.ClassName, writer =>
                DeviceRoutineEmitter.Emit(writer, routine, ClassName(program), program.Summary, kernels, Holder)));
        }
        files.Add(File(model, "Gpu.Kernels", writer => WriteKernels(writer, kernels)));
        files.Add(DevicePlanEmitter.Emit(model, entries));
        return files;
    }

    public static string ClassName(CompiledProgram program) => program.ClassName + "OnGpu";

    public static string KernelsOf(TracedModel model) => "global::" + Cpu.ModelEmitter.RoutineNamespace(model) + "." + Holder;

    /// <summary>Prints the class of all kernels, with the list that tests walk.</summary>
    public static void WriteKernels(SourceWriter writer, KernelNames kernels)
    {
        writer.Line("/// <summary>Kernels for GPUs, shared by all routines of the model.</summary>");
        using (writer.Block("internal static class " + Holder))
        {
            foreach (NamedKernel named in kernels.All)
            {
                KernelEmitter.Emit(writer, named);
                writer.Line();
            }
            writer.Line("internal static readonly GpuKernel[] All =");
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (NamedKernel named in kernels.All)
                {
                    writer.Line(named.Field + ",");
                }
            }
            writer.Line("];");
        }
    }

    private static GeneratedFile File(TracedModel model, string part, Action<SourceWriter> write)
    {
        SourceWriter writer = Cpu.ModelEmitter.Begin(model);
        using (writer.Block("namespace " + Cpu.ModelEmitter.RoutineNamespace(model)))
        {
            writer.Line("using System;");
            writer.Line("using System.Runtime.CompilerServices;");
            writer.Line("using HyperDsl.Gpu;");
            writer.Line("using ILGPU;");
            if (model.TensorCores)
            {
                writer.Line("using ILGPU.Runtime.Cuda;");
            }
            writer.Line();
            write(writer);
        }
        return new GeneratedFile(model.Type.MetadataName + "." + part + ".g.cs", writer.ToString());
    }
}
