using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>A fused pass under the name it is printed with.</summary>
internal sealed record NamedRowProgram(RowProgram Program, Precision Precision, string Name);

/// <summary>The fused passes of a model, each printed once however many routines and layers call it.</summary>
internal sealed class RowProgramNames(string holder)
{
    private readonly Dictionary<(RowProgram Program, Precision Precision), string> names = [];
    private readonly List<NamedRowProgram> all = [];
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<NamedRowProgram> All => all;

    public string NameOf(RowProgram program, Precision precision)
    {
        if (!names.TryGetValue((program, precision), out string? name))
        {
            string stem = Stem(program);
            name = stem;
            for (int number = 2; !given.Add(name); number++)
            {
                name = stem + Literal.Integer(number);
            }
            names.Add((program, precision), name);
            all.Add(new NamedRowProgram(program, precision, name));
        }
        return holder + "." + name;
    }

    /// <summary>Up to three different operations name a pass, such as <c>AddRelu</c>.</summary>
    private static string Stem(RowProgram program)
    {
        string[] operations = program.Instructions
            .Select(instruction => instruction.Kind switch
            {
                RowInstructionKind.Apply => instruction.Operation!.Name,
                RowInstructionKind.ReduceSum or RowInstructionKind.Accumulate => "sum",
                RowInstructionKind.ReduceMaximum => "max",
                _ => "",
            })
            .Where(name => name.Length > 0)
            .Distinct()
            .ToArray();
        string stem = string.Concat(operations.Take(3).Select(name => char.ToUpperInvariant(name[0]) + name.Substring(1)));
        return stem.Length == 0 ? "Move" : operations.Length > 3 ? stem + "Etc" : stem;
    }
}
