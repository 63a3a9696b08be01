using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;
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
            all[i] = all[i] with { Name = names.Numbered(Stem(all[i])) };
        }
    }

    /// <summary>
    /// Up to two values that a pass writes name it, such as <c>ComputeGates</c>; where its callers call them differently, up to three of its
    /// operations, such as <c>AddRelu</c>.
    /// </summary>
    private static string Stem(NamedRowProgram named)
    {
        string[] operations = Operations(named.Program);
        string[] columns = Written(named, instruction => instruction.Kind == RowInstructionKind.Store && !instruction.PerRow);
        string[] stored = columns.Length > 0 ? columns : Written(named, instruction => instruction.Kind == RowInstructionKind.Store);
        // Gradients of weights are added up, and numbers of a row stored, beside what the pass is for.
        string[] results = stored.Length > 0 ? stored : Written(named, instruction => instruction.Writes);
        if (results.Length > 0)
        {
            return Verb(named.Program, operations) + string.Join("And", results.Take(2)) + (results.Length > 2 ? "Etc" : "");
        }
        string stem = string.Concat(operations.Take(3).Select(Capitalised));
        return stem.Length == 0 ? "Move" : operations.Length > 3 ? stem + "Etc" : stem;
    }

    private static string Verb(RowProgram program, string[] operations) => operations switch
    {
        _ when program.Instructions.All(instruction => instruction.Kind != RowInstructionKind.Store) => "AddTo",
        [] when program.Instructions.All(instruction => instruction.Kind != RowInstructionKind.Load) => "Fill",
        [] => "Move",
        _ => "Compute",
    };

    /// <summary>The user's names of what some instructions write; names that were made of others' only where there is nothing else.</summary>
    private static string[] Written(NamedRowProgram named, Func<RowInstruction, bool> isMeant)
    {
        string[] labels = named.Program.Instructions
            .Where(isMeant)
            .Select(instruction => named.Words.Operands[instruction.Operand])
            .Where(label => label.IsGiven && label.Text.Length > 0)
            .Select(label => label.Text)
            .ToArray();
        string[] own = labels.Where(label => !ValueNames.IsMade(label)).ToArray();
        return (own.Length > 0 ? own : labels)
            .Select(label => Capitalised(UniqueNames.CamelCase(PassWords.Shortest(label))))
            .Distinct()
            .ToArray();
    }

    private static string[] Operations(RowProgram program) => program.Instructions
        .Select(instruction => instruction.Kind switch
        {
            RowInstructionKind.Apply when instruction.Operation is not Copy => instruction.Operation!.Name,
            RowInstructionKind.ReduceSum or RowInstructionKind.Accumulate => "sum",
            RowInstructionKind.ReduceMaximum => "max",
            _ => "",
        })
        .Where(name => name.Length > 0)
        .Distinct()
        .ToArray();

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
