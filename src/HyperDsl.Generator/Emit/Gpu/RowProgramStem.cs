using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>A name for a row program after what it computes.</summary>
internal static class RowProgramStem
{
    /// <summary>Up to three different operations name a pass, such as <c>AddRelu</c>.</summary>
    public static string Of(RowProgram program)
    {
        string[] operations = program.Instructions
            .Select(instruction => instruction.Kind switch
            {
                RowInstructionKind.Apply => instruction.Operation!.Name,
                RowInstructionKind.ReduceSum => "sum",
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
