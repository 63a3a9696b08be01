using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>What a kernel call computes, as a comment for the reader.</summary>
internal static class CallFormula
{
    public static string Of(CallStep step, string output, IReadOnlyList<string> inputs) => step.Operation switch
    {
        Gemm { OverExamples: true } => $"{output} += Σ over examples {inputs[0]} · {inputs[1]}",
        Gemm => $"{output} = {inputs[0]} · {inputs[1]}",
        Correlate => $"{output} = {inputs[0]} ⋆ {inputs[1]}",
        CorrelateKernelGradient => $"{output} += {inputs[0]} ⋆ {inputs[1]}",
        PackMatrix pack when pack.IsNarrow(step.InputShapes[0]) => $"{output} = {inputs[0]}, column after column",
        PackMatrix => $"{output} = {inputs[0]}, in panels of {PackMatrix.PanelColumns} columns",
        PackKernel { Flipped: true } => $"{output} = {inputs[0]}, turned by 180° with channels exchanged, packed",
        PackKernel => $"{output} = {inputs[0]}, packed",
        Gather => $"{output} = {inputs[0]}[{inputs[1]}]",
        ScatterRow or ScatterRowOverExamples => $"{output}[{inputs[1]}] += {inputs[0]}",
        OneHot => $"{output}[{inputs[0]}] = 1",
        _ => $"{output} = {step.Operation.Name}({string.Join(", ", inputs)})",
    };
}
