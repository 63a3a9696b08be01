using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Prints the table of parameters and entry points.</summary>
internal static class PlanEmitter
{
    private const string Execution = "global::HyperDsl.Execution.";

    public static void Emit(SourceWriter writer, TracedModel model, CompiledEntry[] entries)
    {
        writer.Line("private static readonly " + Execution + "ModelPlan CompiledPlan = new(");
        using (writer.Indent())
        {
            WriteParameters(writer, model.Parameters, ",");
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (CompiledEntry entry in entries)
                {
                    WriteEntry(writer, model, entry);
                }
            }
            writer.Line("],");
            ExplanationEmitter.WriteValue(writer, model, [.. entries.Select(entry => entry.Explanation)], ");");
        }
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override " + Execution + "ModelPlan? Plan => CompiledPlan;");
    }

    private static void WriteParameters(SourceWriter writer, EquatableArray<Parameter> parameters, string end)
    {
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (Parameter p in parameters)
            {
                writer.Line("new " + Execution + "ParameterPlan(" + Literal.Text(p.Name) + ", " + Sizes(p.Shape) + ", "
                    + Literal.Integer(p.Offset) + ", " + (p.Trained ? "true" : "false")
                    + (p.HyperOwner is null ? "" : ", IsHyper: true") + "),");
            }
        }
        writer.Line("]" + end);
    }

    private static void WriteEntry(SourceWriter writer, TracedModel model, CompiledEntry compiled)
    {
        Entry entry = compiled.Entry;
        string routines = ModelEmitter.RoutineNamespace(model);
        List<string> further = Further(routines, compiled);
        string end = further.Count > 0 ? ")" : "),";
        writer.Line("new " + Execution + "EntryPlan(");
        using (writer.Indent())
        {
            writer.Line(Literal.Text(entry.Name) + ",");
            writer.Line((entry.IsLoss ? "true" : "false") + ",");
            writer.Line("[" + string.Join(", ", entry.Inputs.Select(input =>
                "new " + Execution + "InputPlan(" + Literal.Text(input.Name) + ", " + Sizes(input.Shape) + ", "
                + Literal.Integer(input.Classes) + (input.Steps ? ", Steps: true" : "") + ")")) + "],");
            writer.Line(Sizes(compiled.OutputShape) + ",");
            writer.Line(Factory(routines, compiled.Evaluate, "") + ",");
            writer.Line(Factory(routines, compiled.Train, "") + ",");
            writer.Line((model.Float64 ? Factory(routines, compiled.Evaluate, "64") : "null") + ",");
            writer.Line((model.Float64 ? Factory(routines, compiled.Train, "64") : "null") + ",");
            if (compiled.Generate is null)
            {
                writer.Line("null" + end);
            }
            else
            {
                writer.Line("new " + Execution + "BakedPlan(");
                using (writer.Indent())
                {
                    WriteParameters(writer, compiled.BakedParameters, ",");
                    writer.Line(Factory(routines, compiled.Generate, "") + ",");
                    writer.Line(Factory(routines, compiled.PredictBaked, "") + ")" + end);
                }
            }
        }
        if (further.Count > 0)
        {
            writer.Line("{");
            using (writer.Indent())
            {
                further.ForEach(writer.Line);
            }
            writer.Line("},");
        }
    }

    /// <summary>What most entries do without.</summary>
    private static List<string> Further(string routines, CompiledEntry compiled)
    {
        List<string> lines = [];
        if (compiled.OutputSteps)
        {
            lines.Add("OutputSteps = true,");
        }
        if (compiled.States.Count > 0)
        {
            lines.Add("States = [" + string.Join(", ", compiled.States.Select(state => Output(state.Name, state.Shape, false))) + "],");
        }
        AddWatched(lines, "WatchEvaluate", routines, compiled.WatchEvaluate);
        AddWatched(lines, "WatchTrain", routines, compiled.WatchTrain);
        return lines;
    }

    private static void AddWatched(List<string> lines, string property, string routines, WatchedProgram? watched)
    {
        if (watched is not null)
        {
            lines.Add(property + " = new " + Execution + "WatchPlan(["
                + string.Join(", ", watched.Watched.Select(output => Output(output.Name, output.Shape, output.Steps))) + "], "
                + Factory(routines, watched.Program, "") + "),");
        }
    }

    private static string Output(string name, Shape shape, bool steps) =>
        "new " + Execution + "OutputPlan(" + Literal.Text(name) + ", " + Sizes(shape) + (steps ? ", Steps: true" : "") + ")";

    private static string Factory(string routines, CompiledProgram? program, string suffix) =>
        program is null ? "null" : "static () => new global::" + routines + "." + program.ClassName + suffix + "()";

    public static string Sizes(Shape shape) => "[" + string.Join(", ", shape.Sizes.Select(size => Literal.Integer(size))) + "]";
}
