using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>A fused pass under the name it is printed with, and the words in which all its callers agree.</summary>
internal sealed record NamedRowProgram(RowProgram Program, Precision Precision, string Name, PassWords Words);

/// <summary>The fused passes of a model, each printed once however many routines and layers call it.</summary>
internal sealed class RowProgramNames
{
    private readonly string holder;
    private readonly Dictionary<(RowProgram Program, Precision Precision), int> places = [];
    private readonly List<NamedRowProgram> all = [];

    private RowProgramNames(string holder) => this.holder = holder;

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<NamedRowProgram> All => all;

    /// <param name="holder">The class of the passes.</param>
    /// <param name="routines">All routines that call them.</param>
    /// <param name="watched">
    /// Routines that give watched values as well. They call what others call as those do: who watches a value finds the other routines as they were.
    /// </param>
    public static RowProgramNames Of(
        string holder, IEnumerable<(RoutineProgram Program, Precision Precision)> routines, IEnumerable<RoutineProgram> watched)
    {
        RowProgramNames names = new(holder);
        names.AddAll(routines);
        int called = names.all.Count;
        names.AddAll(watched.Select(program => (program, Precision.Single)), from: called);
        names.GiveNames();
        return names;
    }

    public string NameOf(RowProgram program, Precision precision) => holder + "." + all[places[(program, precision)]].Name;

    private static IEnumerable<RowStep> Calls(Step step) => step switch
    {
        RowStep row => [row],
        LoopStep loop => loop.Body.SelectMany(Calls),
        _ => [],
    };

    /// <param name="routines">Whose passes to add.</param>
    /// <param name="from">The first pass that takes part in finding common words.</param>
    private void AddAll(IEnumerable<(RoutineProgram Program, Precision Precision)> routines, int from = 0)
    {
        foreach ((RoutineProgram program, Precision precision) in routines)
        {
            foreach (RowStep call in program.Phases.SelectMany(phase => phase.Steps).SelectMany(Calls))
            {
                Add(program.RowPrograms[call.Program], precision, PassWords.Of(program, call), from);
            }
        }
    }

    private void Add(RowProgram program, Precision precision, PassWords words, int from)
    {
        if (!places.TryGetValue((program, precision), out int place))
        {
            places.Add((program, precision), all.Count);
            all.Add(new NamedRowProgram(program, precision, "", words));
        }
        else if (place >= from)
        {
            all[place] = all[place] with { Words = all[place].Words.CommonWith(words) };
        }
    }

    private void GiveNames()
    {
        UniqueNames names = new(separator: "");
        for (int i = 0; i < all.Count; i++)
        {
            all[i] = all[i] with { Name = names.Numbered(PassStem.Of(all[i].Program, all[i].Words.Operands)) };
        }
    }
}
