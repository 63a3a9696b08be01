using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Prints one routine: a class with a method a phase, each a list of steps on named pointers.</summary>
internal sealed partial class RoutineEmitter
{
    private readonly SourceWriter writer;
    private readonly RoutineProgram program;
    private readonly Precision precision;
    private readonly RowProgramNames rowPrograms;
    private readonly ShapeConstants shapes;
    private readonly PhaseBodies bodies;

    private RoutineEmitter(
        SourceWriter writer, RoutineProgram program, Precision precision, RowProgramNames rowPrograms, ShapeConstants shapes)
    {
        this.writer = writer;
        this.program = program;
        this.precision = precision;
        this.rowPrograms = rowPrograms;
        this.shapes = shapes;
        bodies = PhaseBodies.Of(program);
    }

    /// <param name="writer">Where to.</param>
    /// <param name="program">The routine.</param>
    /// <param name="className">Name of the emitted class.</param>
    /// <param name="summary">What the routine computes, for the reader.</param>
    /// <param name="precision">Width of numbers.</param>
    /// <param name="rowPrograms">Names of the fused passes; those of this routine are added.</param>
    /// <param name="shapes">Constants; those of this routine are added.</param>
    public static void Emit(
        SourceWriter writer, RoutineProgram program, string className, string summary, Precision precision,
        RowProgramNames rowPrograms, ShapeConstants shapes)
    {
        RoutineEmitter emitter = new(writer, program, precision, rowPrograms, shapes);
        writer.Line("/// <summary>" + summary + "</summary>");
        using (writer.Block(
            "internal sealed unsafe class " + className + " : CompiledRoutine<" + precision.Type + ">"))
        {
            emitter.WriteSizes();
            emitter.WriteDispatch();
            foreach (int phase in emitter.bodies.FirstPhases)
            {
                emitter.WritePhase(phase);
            }
        }
    }

    private string FrameType => "Frame<" + precision.Type + ">";

    private void WriteSizes()
    {
        writer.Line("public override int SliceRows => " + Literal.Integer(program.SliceRows) + ";");
        writer.Line();
        writer.Line("public override int Phases => " + Literal.Integer(program.Phases.Count) + ";");
        writer.Line();
        writer.Line("public override long SharedSize => " + Literal.Integer(program.SharedSize) + ";");
        writer.Line();
        writer.Line("public override long BatchSizePerExample => " + Literal.Integer(program.BatchSize) + ";");
        writer.Line();
        if (program.BatchSequenceSize > 0)
        {
            writer.Line("public override long BatchSizePerStep => " + Literal.Integer(program.BatchSequenceSize) + ";");
            writer.Line();
        }
        writer.Line("public override long ScratchSize => " + Literal.Integer(program.ScratchSize) + ";");
        writer.Line();
        if (program.SequenceSize > 0)
        {
            writer.Line("public override long ScratchSizePerStep => " + Literal.Integer(program.SequenceSize) + ";");
            writer.Line();
        }
        writer.Line("public override long LaneSize => " + Literal.Integer(program.LaneSize) + ";");
        writer.Line();
        using (writer.Block("public override (long Offset, long Size) LaneRange(int phase) => phase switch", "};"))
        {
            for (int phase = 1; phase < program.Phases.Count; phase += 2)
            {
                Phase p = program.Phases[phase];
                writer.Line(Literal.Integer(phase) + " => (" + Literal.Integer(p.LaneOffset) + ", " + Literal.Integer(p.LaneSize) + "),");
            }
            writer.Line("_ => (0, 0),");
        }
        writer.Line();
    }

    private void WriteDispatch()
    {
        WriteSwitch("public override void Once(int phase, in " + FrameType + " frame)", 0, "Once", "frame");
        WriteSwitch(
            "public override void Slice(int phase, in " + FrameType + " frame, " + precision.Type + "* scratch, "
            + precision.Type + "* lane, int first, int rows)",
            1, "Slice", "frame, scratch, lane, first, rows");
    }

    private void WriteSwitch(string signature, int from, string method, string arguments)
    {
        using (writer.Block(signature))
        {
            // A switch without cases is a warning.
            if (!bodies.FirstPhases.Any(phase => phase % 2 == from))
            {
                writer.Line("// no such phase");
            }
            else
            {
                using SourceWriter.Scope cases = writer.Block("switch (phase)");
                for (int phase = from; phase < program.Phases.Count; phase += 2)
                {
                    if (program.Phases[phase].Steps.Count > 0)
                    {
                        int body = bodies.FirstPhaseLike(phase);
                        string offsets = bodies.IsShared(body)
                            ? ", " + Table(method + Literal.Integer(body), PhasesLike(body).IndexOf(phase))
                            : "";
                        writer.Line("case " + Literal.Integer(phase) + ":");
                        using (writer.Indent())
                        {
                            writer.Line(method + Literal.Integer(body) + "(" + arguments + offsets + ");");
                            writer.Line("break;");
                        }
                    }
                }
            }
        }
        writer.Line();
    }

    private List<int> PhasesLike(int body) =>
        Enumerable.Range(0, program.Phases.Count)
            .Where(phase => program.Phases[phase].Steps.Count > 0 && bodies.FirstPhaseLike(phase) == body)
            .ToList();

    private static string Table(string method, int row) => method + "Offsets[" + Literal.Integer(row) + "]";

    private string Offsets(IEnumerable<Step> steps) =>
        "[" + string.Join(", ", StepBody.OffsetsOf(program, steps).Select(offset => Literal.Integer(offset))) + "]";

    private string Signature(string name, bool slices, bool shared) =>
        "private static void " + name + "(in " + FrameType + " frame"
        + (slices ? ", " + precision.Type + "* scratch, " + precision.Type + "* lane, int first, int rows" : "")
        + (shared ? ", int[] at)" : ")");

    private void WritePhase(int phase)
    {
        bool slices = phase % 2 == 1;
        string name = (slices ? "Slice" : "Once") + Literal.Integer(phase);
        EquatableArray<Step> steps = program.Phases[phase].Steps;
        if (bodies.IsShared(phase))
        {
            WriteSharedMethod(name, slices, PhasesLike(phase).Select(like => program.Phases[like].Steps.ToArray()).ToArray());
            return;
        }
        List<(string Name, Step[][] Turns)> repeated = [];
        using (writer.Block(Signature(name, slices, shared: false)))
        {
            HashSet<int> declared = [];
            foreach (StepRun run in StepRepeats.Find(program, slices, steps))
            {
                if (run.Turns == 1)
                {
                    WriteSteps(steps.Skip(run.First).Take(run.Length), slices, shared: false, declared);
                    continue;
                }
                string method = name + "Repeat" + Literal.Integer(repeated.Count + 1);
                repeated.Add((method, Enumerable.Range(0, run.Turns)
                    .Select(turn => steps.Skip(run.First + (turn * run.Length)).Take(run.Length).ToArray())
                    .ToArray()));
                for (int turn = 0; turn < run.Turns; turn++)
                {
                    writer.Line(
                        method + "(frame" + (slices ? ", scratch, lane, first, rows" : "") + ", " + Table(method, turn) + ");");
                }
            }
        }
        writer.Line();
        foreach ((string method, Step[][] turns) in repeated)
        {
            WriteSharedMethod(method, slices, turns);
        }
    }

    private void WriteSharedMethod(string name, bool slices, Step[][] turns)
    {
        // A field, since a span of constants allocates in code that is not optimised.
        writer.Line("private static readonly int[][] " + name + "Offsets =");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (Step[] turn in turns)
            {
                writer.Line(Offsets(turn) + ",");
            }
        }
        writer.Line("];");
        writer.Line();
        writer.Line("// The same work for several layers; names are those of the first, offsets come from the caller.");
        using (writer.Block(Signature(name, slices, shared: true)))
        {
            WriteSteps(turns[0], slices, shared: true, []);
        }
        writer.Line();
    }
}
