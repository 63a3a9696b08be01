using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints one routine for GPUs: a class with a method a phase, each a list of launches on named buffers.</summary>
internal sealed class DeviceRoutineEmitter
{
    private readonly SourceWriter writer;
    private readonly DeviceProgram program;
    private readonly KernelNames kernels;
    private readonly string holder;

    private DeviceRoutineEmitter(SourceWriter writer, DeviceProgram program, KernelNames kernels, string holder)
    {
        (this.writer, this.program, this.kernels, this.holder) = (writer, program, kernels, holder);
    }

    private RoutineProgram Source => program.Source;

    /// <param name="writer">Where to.</param>
    /// <param name="program">The routine.</param>
    /// <param name="className">Name of the emitted class.</param>
    /// <param name="summary">What the routine computes, for the reader.</param>
    /// <param name="kernels">Names of the kernels.</param>
    /// <param name="holder">The class that holds the kernels.</param>
    public static void Emit(
        SourceWriter writer, DeviceProgram program, string className, string summary, KernelNames kernels, string holder)
    {
        DeviceRoutineEmitter emitter = new(writer, program, kernels, holder);
        writer.Line("/// <summary>" + summary + "</summary>");
        using (writer.Block("internal sealed class " + className + " : GpuRoutine"))
        {
            emitter.WriteSizes();
            emitter.WriteDispatch();
            for (int phase = 0; phase < program.Phases.Count; phase++)
            {
                emitter.WritePhase(phase);
            }
        }
    }

    private void WriteSizes()
    {
        void Size(string name, long value)
        {
            writer.Line("public override long " + name + " => " + Literal.Integer(value) + ";");
            writer.Line();
        }
        writer.Line("public override int Phases => " + Literal.Integer(program.Phases.Count) + ";");
        writer.Line();
        writer.Line("public override bool Updates => " + (Source.Storages.Any(storage => storage.Place == Place.Update) ? "true" : "false") + ";");
        writer.Line();
        Size("SharedSize", Source.SharedSize);
        Size("LaneSize", Source.LaneSize);
        Size("BatchSizePerExample", Source.BatchSize);
        if (Source.BatchSequenceSize > 0)
        {
            Size("BatchSizePerStep", Source.BatchSequenceSize);
        }
        Size("ScratchSizePerExample", Source.ScratchSize / Source.SliceRows);
        Size("SequenceSizePerExample", Source.SequenceSize / Source.SliceRows);
    }

    private void WriteDispatch()
    {
        using (writer.Block("public override void Run(int phase, GpuRun run)"))
        {
            int[] phases = Enumerable.Range(0, program.Phases.Count).Where(phase => !IsEmpty(phase)).ToArray();
            if (phases.Length == 0)
            {
                writer.Line("// nothing to do");
            }
            else
            {
                using SourceWriter.Scope cases = writer.Block("switch (phase)");
                foreach (int phase in phases)
                {
                    writer.Line("case " + Literal.Integer(phase) + ":");
                    using (writer.Indent())
                    {
                        writer.Line("Phase" + Literal.Integer(phase) + "(run);");
                        writer.Line("break;");
                    }
                }
            }
        }
        writer.Line();
    }

    private bool IsEmpty(int phase) => program.Phases[phase].Steps.Count == 0 && program.Phases[phase].LaneSize == 0;

    private void WritePhase(int phase)
    {
        if (IsEmpty(phase))
        {
            return;
        }
        DevicePhase source = program.Phases[phase];
        using (writer.Block("private static void Phase" + Literal.Integer(phase) + "(GpuRun run)"))
        {
            if (source.LaneSize > 0)
            {
                writer.Line("run.ClearLanes(" + Literal.Integer(source.LaneOffset) + ", " + Literal.Integer(source.LaneSize) + ");");
            }
            foreach (int storage in source.Steps.SelectMany(StoragesOf).Distinct())
            {
                WriteBuffer(Source.Storages[storage]);
            }
            foreach (DeviceStep step in source.Steps)
            {
                WriteStep(step);
            }
        }
        writer.Line();
    }

    private static IEnumerable<int> StoragesOf(DeviceStep step) => step switch
    {
        DeviceLoop loop => loop.Body.SelectMany(StoragesOf),
        Launch { Kernel: LoopKernel kernel } launch => launch.Operands
            .Where((_, i) => kernel.Buffers[i].Memory == LoopMemory.Argument).Select(operand => operand.Storage),
        Launch { Kernel: ProductsKernel { HasRows: false } } => [],
        Launch launch => launch.Operands.Concat(launch.Target is DeviceOperand target ? [target] : [])
            .Where(operand => !operand.IsTemporary).Select(operand => operand.Storage),
        _ => [],
    };

    /// <summary>Names a buffer, with its shape beside it.</summary>
    private void WriteBuffer(Storage storage)
    {
        string offset = Literal.Integer(storage.Offset);
        string size = Literal.Integer(storage.Size);
        string view = storage.Place switch
        {
            Place.Parameter => "run.Parameters(" + offset + ", " + size + ")",
            Place.Gradient => "run.Gradients(" + offset + ", " + size + ")",
            Place.Update => "run.Updates(" + offset + ", " + size + ")",
            Place.RealInput => "run.Real(" + offset + ")",
            Place.IndexInput => "run.Index(" + offset + ")",
            Place.Output => "run.Output(" + offset + ")",
            Place.Loss => "run.Loss",
            Place.Shared => "run.Shared(" + offset + ", " + size + ")",
            Place.Batch => "run.Batch(" + offset + ", " + size + ")",
            Place.BatchSequence => "run.BatchSteps(" + offset + ", " + size + ")",
            Place.Lane or Place.LaneTotal => "run.Lanes(" + offset + ", " + size + ")",
            Place.Sequence => "run.Sequence(" + offset + ", " + size + ")",
            _ => "run.Scratch(" + offset + ", " + size + ")",
        };
        string type = storage.Place == Place.IndexInput ? "int" : "float";
        string shape = (storage.PerStep ? "[steps] × " : "") + (storage.PerExample ? "[examples] × " : "") + storage.Shape;
        writer.Line("ArrayView<" + type + "> " + storage.Name + " = " + view + "; // " + shape);
    }

    private void WriteStep(DeviceStep step)
    {
        if (step is DeviceLoop loop)
        {
            string header = loop.FromLast ? "for (int t = run.Steps - 1; t >= 0; t--)" : "for (int t = 0; t < run.Steps; t++)";
            using (writer.Block(header))
            {
                foreach (DeviceStep inner in loop.Body)
                {
                    WriteLaunch((Launch)inner, atStep: true);
                }
            }
            return;
        }
        WriteLaunch((Launch)step, atStep: false);
    }

    private void WriteLaunch(Launch launch, bool atStep)
    {
        NamedKernel named = kernels.Of(launch.Kernel);
        string rows = LaunchShape.RowsOf(launch.Kernel is PassesKernel passes ? PassesKernelEmitter.RowsOf(passes) : launch.Rows);
        foreach (string line in launch.Comment.Split('\n'))
        {
            writer.Comment(line);
        }
        if (launch.Kernel is ProductsKernel { HasRows: false })
        {
            ProductsKernelEmitter.WriteLaunch(writer, holder + ".", named, launch, Source);
            return;
        }
        for (int i = 0; i < launch.Temporaries.Count; i++)
        {
            writer.Line("run.MakeTemporary(" + Literal.Integer(i) + ", " + rows + " * " + Literal.Integer(launch.Temporaries[i]) + ");");
        }
        if (launch.Kernel is LoopKernel { RoomSize: > 0 } loop)
        {
            writer.Line("run.MakeTemporary(0, GpuRun.Parts(" + rows + ", " + Literal.Integer(loop.GroupRows) + ") * "
                + Literal.Integer(checked(loop.RoomSize * loop.GroupRows)) + ");");
        }
        if (launch.Kernel is ProductSumsKernel products)
        {
            ProductSumsKernelEmitter.WriteLaunch(writer, holder + ".", named, kernels.Of(products.Adding), launch, operand => View(operand, atStep));
            return;
        }
        if (launch.Kernel is SumsKernel sums)
        {
            WriteSums(launch, sums, named, rows, atStep);
            return;
        }
        string method = LaunchShape.Of(launch.Kernel, rows, out string sizes);
        string target = launch.Target is DeviceOperand operand
            ? View(operand, atStep) + ", " + (launch.AddsRowsUp ? "" : rows + " * ") + Literal.Integer(launch.TargetSize) + ", adds: " + (launch.Adds ? "true" : "false") + ", "
            : "";
        writer.Line("run." + method + "(" + holder + "." + named.Field + ", " + sizes + ", " + target
            + "new " + holder + "." + named.Arguments + " { " + string.Join(", ", Fields(launch, named, rows, atStep)) + " });");
    }

    /// <summary>Sums in parts, and the kernel that adds the parts to where they belong.</summary>
    private void WriteSums(Launch launch, SumsKernel sums, NamedKernel named, string rows, bool atStep)
    {
        NamedKernel adding = kernels.Of(sums.Adding);
        IEnumerable<string> targets = adding.Fields.Select((name, i) => name + " = " + View(launch.Operands[sums.Inputs + i], atStep));
        int summands = SumsKernel.SummandsOfRow(sums.Sums[0]);
        writer.Line("run.Sums(" + holder + "." + named.Field + ", elements: " + string.Join(" + ", sums.Sums.Select(sum => Literal.Integer(SumsKernel.Elements(sum))))
            + ", elementsOfGroup: " + Literal.Integer(SumKernelEmitter.MostElements) + ", length: " + rows + (summands == 1 ? "" : " * " + Literal.Integer(summands))
            + ", new " + holder + "." + named.Arguments + " { " + string.Join(", ", Fields(launch, named, rows, atStep)) + " }, "
            + holder + "." + adding.Field + ", new " + holder + "." + adding.Arguments + " { " + string.Join(", ", targets) + " });");
    }

    private IEnumerable<string> Fields(Launch launch, NamedKernel named, string rows, bool atStep)
    {
        if (launch.Kernel is LoopKernel loop)
        {
            foreach (string field in LoopFields(loop, launch))
            {
                yield return field;
            }
            yield break;
        }
        for (int i = 0; i < named.Fields.Count; i++)
        {
            yield return named.Fields[i] + " = " + View(launch.Operands[i], atStep);
        }
        yield return "Rows = " + rows;
        if (PassesKernelEmitter.HasBothRows(launch.Kernel))
        {
            yield return PassesKernelEmitter.RowsOfSteps + " = run.Rows";
        }
        if (KernelEmitter.HasMask(launch.Kernel))
        {
            yield return "Key = run.RandomKey";
            yield return "First = " + (atStep ? "t * run.Examples" : "0");
        }
        if (KernelEmitter.HasExampleCount(launch.Kernel))
        {
            yield return "Examples = run.Examples";
        }
        if (KernelEmitter.HasStepCount(launch.Kernel))
        {
            yield return "Steps = run.Steps";
        }
    }

    private IEnumerable<string> LoopFields(LoopKernel kernel, Launch launch)
    {
        foreach (LoopMemory arena in kernel.Arenas)
        {
            yield return arena + " = " + (arena == LoopMemory.Room ? "run.Temporary(0)" : "run.All" + arena);
        }
        for (int i = 0; i < launch.Operands.Count; i++)
        {
            if (kernel.Buffers[i].Memory == LoopMemory.Argument)
            {
                yield return kernel.Buffers[i].Name + " = " + View(launch.Operands[i], atStep: false);
            }
        }
        if (KernelEmitter.HasMask(kernel))
        {
            yield return "Key = run.RandomKey";
        }
        yield return "Examples = run.Examples";
        yield return "Steps = run.Steps";
        if (kernel is { Order: StepOrder.Single, NeedsStep: true })
        {
            yield return "Step = t";
        }
    }

    /// <summary>An operand's buffer from its first element on, at the present step of time where it has one for each.</summary>
    private string View(DeviceOperand operand, bool atStep)
    {
        if (operand.IsTemporary)
        {
            return "run.Temporary(" + Literal.Integer(operand.Offset) + ")";
        }
        Storage storage = Source.Storages[operand.Storage];
        List<string> terms = [];
        if (atStep && storage.PerStep)
        {
            terms.Add("t * run.Examples" + (storage.Place == Place.IndexInput ? "" : " * " + Literal.Integer(storage.Size)));
        }
        if (operand.Offset != 0)
        {
            terms.Add(Literal.Integer(operand.Offset));
        }
        return terms.Count == 0 ? storage.Name : "GpuRun.From(" + storage.Name + ", " + string.Join(" + ", terms) + ")";
    }
}
