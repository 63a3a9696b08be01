using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu.Calls;

/// <summary>What a kernel call is printed from: the step and the names of its pointers.</summary>
/// <param name="Writer">Where to.</param>
/// <param name="Step">The step.</param>
/// <param name="Inputs">Pointer expressions of the inputs' first elements, for the first example of the slice.</param>
/// <param name="InputSteps">Elements between examples of each input, 0 where all examples share one.</param>
/// <param name="Output">Pointer expression of the output.</param>
/// <param name="OutputStep">Elements between examples of the output, 0 where examples are added up or share one.</param>
/// <param name="Rows">How many examples the call is for, <c>null</c> if it does not run over slices.</param>
/// <param name="Precision">Width of numbers.</param>
/// <param name="Shapes">Gives a constant for the sizes of a convolution or pooling.</param>
internal sealed record CallContext(
    SourceWriter Writer,
    CallStep Step,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<int> InputSteps,
    string Output,
    int OutputStep,
    string? Rows,
    Precision Precision,
    ShapeConstants Shapes)
{
    /// <summary>An input of the example <c>r</c>.</summary>
    public string InputAt(int index) => At(Inputs[index], InputSteps[index]);

    /// <summary>The output of the example <c>r</c>.</summary>
    public string OutputAt => At(Output, OutputStep);

    private static string At(string pointer, int step) =>
        step == 0 ? pointer : pointer + " + ((nint)r * " + Literal.Integer(step) + ")";

    /// <summary>Writes a call for each example of the slice, or once.</summary>
    public void ForEachExample(string call)
    {
        if (Rows is null)
        {
            Writer.Line(call);
            return;
        }
        using (Writer.Block("for (int r = 0; r < " + Rows + "; r++)"))
        {
            Writer.Line(call);
        }
    }
}

/// <summary>Prints kernel calls; one method an operation, the larger ones in files of their own.</summary>
internal static class CallEmitter
{
    public static void Emit(CallContext call)
    {
        switch (call.Step.Operation)
        {
            case Gemm gemm:
                GemmCall.Emit(call, gemm);
                break;
            case PackMatrix pack:
                GemmCall.EmitPacking(call, pack);
                break;
            case PackKernel pack:
                EmitPackKernel(call, pack);
                break;
            case Correlate correlate:
                call.ForEachExample(
                    $"Convolution.Correlate({call.Shapes.Correlation(correlate.Sizes)}, {call.InputAt(0)}, {call.InputAt(1)}, "
                    + $"{call.OutputAt}, accumulate: false);");
                break;
            case CorrelateKernelGradient gradient:
                call.ForEachExample(
                    $"Convolution.KernelGradient({call.Shapes.Correlation(gradient.Sizes)}, {call.InputAt(0)}, {call.InputAt(1)}, "
                    + $"{call.OutputAt});");
                break;
            case MaxPool or MaxPoolGradient or AveragePool or AveragePoolGradient:
                EmitPooling(call);
                break;
            default:
                EmitRows(call);
                break;
        }
    }

    private static void EmitPackKernel(CallContext call, PackKernel pack)
    {
        // The flipped kernel is packed from the forward kernel, whose channels are exchanged against this correlation's.
        CorrelationSizes sizes = pack.Flipped
            ? new CorrelationSizes(
                pack.Sizes.KernelHeight, pack.Sizes.KernelWidth, pack.Sizes.OutputChannels, pack.Sizes.InputChannels,
                pack.Sizes.KernelHeight, pack.Sizes.KernelWidth, 1, 1, pack.Sizes.Groups)
            : pack.Sizes;
        string method = pack.Flipped ? "PackKernelFlipped" : "PackKernel";
        call.ForEachExample(
            $"Convolution.{method}({call.Shapes.Correlation(sizes)}, {call.InputAt(0)}, {call.OutputAt});");
    }

    private static void EmitPooling(CallContext call)
    {
        (string method, Window window, Shape image) = call.Step.Operation switch
        {
            MaxPool pool => ("MaxPool", WindowOf(pool), call.Step.InputShapes[0]),
            MaxPoolGradient pool => ("MaxPoolGradient", WindowOf(pool), call.Step.InputShapes[0]),
            AveragePool pool => ("AveragePool", WindowOf(pool), call.Step.InputShapes[0]),
            AveragePoolGradient pool => ("AveragePoolGradient", WindowOf(pool), call.Step.OutputShape),
            _ => throw new InvalidOperationException("not a pooling"),
        };
        string inputs = string.Join(", ", Enumerable.Range(0, call.Inputs.Count).Select(call.InputAt));
        call.ForEachExample($"Pooling.{method}({call.Shapes.Pool(image, window)}, {inputs}, {call.OutputAt});");
    }

    private static Window WindowOf(MaxPool p) =>
        new(p.SizeY, p.SizeX, p.StrideY, p.StrideX, p.Top, p.Bottom, p.Left, p.Right);

    private static Window WindowOf(MaxPoolGradient p) =>
        new(p.SizeY, p.SizeX, p.StrideY, p.StrideX, p.Top, p.Bottom, p.Left, p.Right);

    private static Window WindowOf(AveragePool p) =>
        new(p.SizeY, p.SizeX, p.StrideY, p.StrideX, p.Top, p.Bottom, p.Left, p.Right);

    private static Window WindowOf(AveragePoolGradient p) =>
        new(p.SizeY, p.SizeX, p.StrideY, p.StrideX, p.Top, p.Bottom, p.Left, p.Right);

    private static void EmitRows(CallContext call)
    {
        switch (call.Step.Operation)
        {
            case Gather:
                string rows = Literal.Integer(call.Step.InputShapes[0][0]);
                string width = Literal.Integer(call.Step.OutputShape.Count);
                call.ForEachExample(
                    $"Gathering.GatherRow({call.InputAt(0)}, {rows}, {Label(call, 1)}, {width}, {call.OutputAt});");
                break;
            case ScatterRow or ScatterRowOverExamples:
                string tableRows = Literal.Integer(call.Step.OutputShape[0]);
                string rowWidth = Literal.Integer(call.Step.InputShapes[0].Count);
                call.ForEachExample(
                    $"Gathering.AddToRow({call.OutputAt}, {tableRows}, {Label(call, 1)}, {rowWidth}, {call.InputAt(0)});");
                break;
            case OneHot:
                string target = call.OutputStep == 0
                    ? Label(call, 0)
                    : "((nint)r * " + Literal.Integer(call.OutputStep) + ") + " + Label(call, 0);
                call.ForEachExample($"({call.Output})[{target}] = 1;");
                break;
            default:
                throw new InvalidOperationException(
                    $"Operation '{call.Step.Operation.Name}' has no CPU kernel.");
        }
    }

    private static string Label(CallContext call, int index) => $"({call.Inputs[index]})[r]";
}
