using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>Sizes of a correlation without padding: what every convolution, and its input gradient, becomes.</summary>
internal sealed record CorrelationSizes(
    int InputHeight,
    int InputWidth,
    int InputChannels,
    int OutputChannels,
    int KernelHeight,
    int KernelWidth,
    int StrideY,
    int StrideX,
    int Groups)
{
    public int OutputHeight => ((InputHeight - KernelHeight) / StrideY) + 1;

    public int OutputWidth => ((InputWidth - KernelWidth) / StrideX) + 1;

    public Shape Output => Shape.Of(OutputHeight, OutputWidth, OutputChannels);

    public Shape Kernel => Shape.Of(KernelHeight, KernelWidth, InputChannels / Groups, OutputChannels);

    /// <summary>Room of the packed kernel: output channels of each group are filled up to whole vectors.</summary>
    public int PackedSize =>
        Groups * KernelHeight * KernelWidth * PackMatrix.PackedSize(InputChannels / Groups, OutputChannels / Groups);

    public long MultiplyAdds =>
        (long)OutputHeight * OutputWidth * OutputChannels * KernelHeight * KernelWidth * (InputChannels / Groups);

    public override string ToString() =>
        FormattableString.Invariant($"input=[{InputHeight}, {InputWidth}, {InputChannels}] outputs={OutputChannels} ")
        + FormattableString.Invariant($"kernel=[{KernelHeight}, {KernelWidth}] stride=[{StrideY}, {StrideX}] groups={Groups}");
}

/// <summary>A convolution kernel in the layout that <see cref="Correlate"/> streams.</summary>
/// <param name="Sizes">The correlation that reads it.</param>
/// <param name="Flipped">
/// Whether the kernel is that of the input gradient: turned by 180° with input and output channels exchanged. The node's input
/// is the forward kernel in either case.
/// </param>
internal sealed record PackKernel(CorrelationSizes Sizes, bool Flipped) : Operation
{
    public override string Name => "packKernel";

    public override string Attributes => Sizes + (Flipped ? " flipped" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Shape.Of(Sizes.PackedSize);
}

/// <summary>Correlation of an image that is padded already with a packed kernel.</summary>
internal sealed record Correlate(CorrelationSizes Sizes) : Operation
{
    public override string Name => "correlate";

    public override string Attributes => Sizes.ToString();

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes.Output;

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => Sizes.MultiplyAdds;
}

/// <summary>The gradient of a correlation's kernel: padded image and output gradient in, plain kernel layout out.</summary>
internal sealed record CorrelateKernelGradient(CorrelationSizes Sizes, bool OverExamples) : Operation, ISumsOverExamples
{
    public override string Name => "correlateKernelGradient";

    public override string Attributes => Sizes + (OverExamples ? " overExamples" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes.Kernel;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) =>
        OverExamples ? Varies.Nothing : base.InferVaries(inputs);

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => Sizes.MultiplyAdds;
}
