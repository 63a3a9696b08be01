using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>A name for a row program after what it computes.</summary>
internal static class RowProgramStem
{
    /// <summary>Up to three different operations name a pass, such as <c>AddRelu</c>.</summary>
    public static string Of(RowProgram program) => PassStem.Joined(program.Instructions
        .Select(instruction => instruction.Kind switch
        {
            RowInstructionKind.Apply => instruction.Operation!.Name,
            RowInstructionKind.ReduceSum => "sum",
            RowInstructionKind.ReduceMaximum => "max",
            _ => "",
        })
        .Where(name => name.Length > 0)
        .Distinct()
        .ToArray());
}
