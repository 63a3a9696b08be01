using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>A fused pass under the name it is printed with, and the words in which all its callers agree.</summary>
internal sealed record NamedRowProgram(RowProgram Program, Precision Precision, string Name, PassWords Words);

/// <summary>The fused passes of a model, each printed once however many routines and layers call it.</summary>
internal sealed class RowProgramNames
{
    private readonly string holder;
    private readonly SharedWords<(RowProgram Program, Precision Precision), PassWords> passes = new((one, other) => one.CommonWith(other));
    private readonly List<NamedRowProgram> all = [];

    private RowProgramNames(string holder) => this.holder = holder;

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<NamedRowProgram> All => all;

    /// <param name="holder">The class of the passes.</param>
    /// <param name="routines">All routines that call them.</param>
    /// <param name="watched">Routines that give watched values as well.</param>
    public static RowProgramNames Of(
        string holder, IEnumerable<(RoutineProgram Program, Precision Precision)> routines, IEnumerable<RoutineProgram> watched)
    {
        RowProgramNames names = new(holder);
        names.AddAll(routines);
        names.passes.Settle();
        names.AddAll(watched.Select(program => (program, Precision.Single)));
        UniqueNames given = new(separator: "");
        names.all.AddRange(names.passes.All.Select(pass => new NamedRowProgram(
            pass.Key.Program, pass.Key.Precision, given.Numbered(PassStem.Of(pass.Key.Program, pass.Words.Operands)), pass.Words)));
        return names;
    }

    public string NameOf(RowProgram program, Precision precision) => holder + "." + all[passes.PlaceOf((program, precision))].Name;

    private static IEnumerable<RowStep> Calls(Step step) => step switch
    {
        RowStep row => [row],
        LoopStep loop => loop.Body.SelectMany(Calls),
        _ => [],
    };

    private void AddAll(IEnumerable<(RoutineProgram Program, Precision Precision)> routines)
    {
        foreach ((RoutineProgram program, Precision precision) in routines)
        {
            foreach (RowStep call in program.Phases.SelectMany(phase => phase.Steps).SelectMany(Calls))
            {
                passes.Add((program.RowPrograms[call.Program], precision), PassWords.Of(program, call));
            }
        }
    }
}
