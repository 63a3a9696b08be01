using HyperDsl.Generator.Emit.Cpu;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints the part of the model's class that names its routines for GPUs.</summary>
internal static class DevicePlanEmitter
{
    private const string Gpu = "global::HyperDsl.Gpu.";

    public static GeneratedFile Emit(TracedModel model, CompiledEntry[] entries)
    {
        SourceWriter writer = ModelEmitter.Begin(model);
        List<SourceWriter.Scope> scopes = ModelEmitter.OpenType(writer, model);
        writer.Line("private static readonly " + Gpu + "GpuPlan CompiledGpuPlan = new(");
        using (writer.Indent())
        {
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (CompiledEntry entry in entries)
                {
                    writer.Line("new " + Gpu + "GpuEntry(\"" + entry.Entry.Name + "\", " + Factory(model, entry.OnGpu!.Evaluate) + ", "
                        + Factory(model, entry.OnGpu.Train) + Watching(model, entry.OnGpu) + "),");
                }
            }
            writer.Line("],");
            writer.Line(DeviceModelEmitter.KernelsOf(model) + ".All);");
        }
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override global::HyperDsl.Execution.DevicePlan? DevicePlan => CompiledGpuPlan;");
        for (int i = scopes.Count - 1; i >= 0; i--)
        {
            scopes[i].Dispose();
        }
        return new GeneratedFile(model.Type.MetadataName + ".GpuPlan.g.cs", writer.ToString());
    }

    private static string Watching(TracedModel model, DevicePrograms programs) => programs is { WatchEvaluate: null, WatchTrain: null }
        ? ""
        : ", " + Factory(model, programs.WatchEvaluate) + ", " + Factory(model, programs.WatchTrain);

    private static string Factory(TracedModel model, CompiledProgram? program) => program is null
        ? "null"
        : "static () => new global::" + ModelEmitter.RoutineNamespace(model) + "." + DeviceModelEmitter.ClassName(program) + "()";
}
