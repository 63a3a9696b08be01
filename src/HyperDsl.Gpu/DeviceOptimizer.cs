using HyperDsl.Training;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>An optimiser's numbers on a device, and its steps.</summary>
internal sealed class DeviceOptimizer : IDisposable
{
    private readonly GpuDevice device;
    private readonly int length;
    private readonly MemoryBuffer1D<float, Stride1D.Dense>[] buffers;
    private readonly DeviceBuffer<float> parts;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> norm;
    private readonly float[] readNorm = new float[2];
    private readonly Action fetch;
    private long uploadedVersion = -1;

    public DeviceOptimizer(GpuDevice device, Optimizer optimizer, int length)
    {
        (this.device, Optimizer, this.length) = (device, optimizer, length);
        optimizer.Bind(length);
        buffers = [.. optimizer.Unrefreshed.Select(buffer => device.Allocate<float>(Math.Max(buffer.Values.Length, 1)))];
        parts = new DeviceBuffer<float>(device);
        norm = device.Allocate<float>(2);
        fetch = Fetch;
    }

    public Optimizer Optimizer { get; }

    /// <summary>Clips the gradient in place and takes a step.</summary>
    /// <exception cref="NotSupportedException">The optimiser is not one of the runtime's.</exception>
    /// <exception cref="NonFiniteGradientException">There is a bound of the norm and the norm is not finite; nothing was changed.</exception>
    public void Step(ArrayView<float> parameters, ArrayView<float> gradients, long step, ReadOnlySpan<Optimizer.Segment> segments)
    {
        UpdateFormula formula = Optimizer.FormulaOf(step) ?? throw new NotSupportedException(
            $"The optimiser '{Optimizer.Kind}' has no form for GPUs; Sgd, Adam and RmsProp have. Move the model back by model.To(null) to train it with "
            + "this one.");
        Upload();
        Clip(gradients, step, segments);
        foreach (Optimizer.Segment segment in segments)
        {
            Update(formula, parameters.SubView(segment.Start, segment.Length), gradients.SubView(segment.Start, segment.Length), segment);
        }

        if (buffers.Length > 0)
        {
            Optimizer.Host.BecomeStale(fetch);
            uploadedVersion = Optimizer.Host.Version;
        }
    }

    public void Dispose()
    {
        Optimizer.Host.Refresh();
        foreach (MemoryBuffer1D<float, Stride1D.Dense> buffer in buffers)
        {
            device.Release(buffer);
        }

        parts.Dispose();
        device.Release(norm);
    }

    private void Upload()
    {
        if (uploadedVersion == Optimizer.Host.Version)
        {
            return;
        }

        Optimizer.Host.Refresh();
        for (int index = 0; index < buffers.Length; index++)
        {
            device.CopyFromHost<float>(Optimizer.Unrefreshed[index].Values, buffers[index].View.BaseView);
        }

        uploadedVersion = Optimizer.Host.Version;
    }

    private void Fetch()
    {
        for (int index = 0; index < buffers.Length; index++)
        {
            device.CopyToHost(buffers[index].View.BaseView, Optimizer.Unrefreshed[index].Values.AsSpan());
        }
    }

    private void Clip(ArrayView<float> gradients, long step, ReadOnlySpan<Optimizer.Segment> segments)
    {
        bool byNorm = double.IsFinite(Optimizer.ClipNorm);
        if (!byNorm && !double.IsFinite(Optimizer.ClipValue))
        {
            return;
        }

        float limit = (float)Optimizer.ClipValue;
        int count = SumSquares(gradients, segments, limit);
        OptimizerKernels.NormKernel.Launch(device, 1, new OptimizerKernels.NormArguments
        {
            Parts = parts.All, Result = norm.View.BaseView, Count = count, Bound = (float)Optimizer.ClipNorm,
        });
        device.CountLaunch();
        Optimizer.TakeNorm(byNorm ? ReadNorm() : double.NaN, step);
        foreach (Optimizer.Segment segment in segments)
        {
            OptimizerKernels.ClipKernel.Launch(device, Groups(segment.Length), new OptimizerKernels.ClipArguments
            {
                Gradient = gradients.SubView(segment.Start, segment.Length), Norm = norm.View.BaseView, Length = segment.Length, Limit = limit,
            });
            device.CountLaunch();
        }
    }

    private int SumSquares(ArrayView<float> gradients, ReadOnlySpan<Optimizer.Segment> segments, float limit)
    {
        int count = 0;
        ArrayView<float> target = parts.Of((long)segments.Length * OptimizerKernels.MostParts);
        foreach (Optimizer.Segment segment in segments)
        {
            int wanted = Math.Clamp(segment.Length / (OptimizerKernels.Threads * 16), 1, OptimizerKernels.MostParts);
            int chunk = GpuRun.Parts(segment.Length, wanted);
            int groups = GpuRun.Parts(segment.Length, chunk);
            OptimizerKernels.SumOfSquaresKernel.Launch(device, groups, new OptimizerKernels.SquaresArguments
            {
                Gradient = gradients.SubView(segment.Start, segment.Length), Parts = target, Length = segment.Length, Chunk = chunk,
                FirstPart = count, Limit = limit,
            });
            device.CountLaunch();
            count += groups;
        }

        return count;
    }

    /// <summary>
    /// Waits for the norm, so that a step with one that is not finite is not taken. The host has just waited for the loss: nothing else is
    /// under way.
    /// </summary>
    private double ReadNorm()
    {
        device.CopyToHost(norm.View.BaseView, readNorm.AsSpan());
        return readNorm[0];
    }

    private static int Groups(int elements) => GpuRun.Parts(elements, OptimizerKernels.Threads);

    private ArrayView<float> State(int buffer, Optimizer.Segment segment) =>
        buffers[buffer].View.BaseView.SubView(segment.Start, Math.Min(segment.Length, length - segment.Start));

    private void Update(UpdateFormula formula, ArrayView<float> parameter, ArrayView<float> gradient, Optimizer.Segment segment)
    {
        device.CountLaunch();
        int groups = Groups(segment.Length);
        switch (formula)
        {
            case SgdFormula sgd:
                OptimizerKernels.SgdKernel.Launch(device, groups, new OptimizerKernels.SgdArguments
                {
                    Parameter = parameter, Gradient = gradient, Velocity = buffers.Length > 0 ? State(0, segment) : gradient,
                    Length = segment.Length, Rate = sgd.Rate, Momentum = sgd.Momentum, WeightDecay = sgd.WeightDecay,
                    Nesterov = sgd.Nesterov ? 1 : 0,
                });
                break;
            case AdamFormula adam:
                OptimizerKernels.AdamKernel.Launch(device, groups, new OptimizerKernels.AdamArguments
                {
                    Parameter = parameter, Gradient = gradient, Mean = State(0, segment), Square = State(1, segment), Length = segment.Length,
                    StepSize = adam.StepSize, Beta2 = adam.Beta2, NewMean = adam.NewMean, NewSquare = adam.NewSquare,
                    InverseCorrection = adam.InverseCorrection, Epsilon = adam.Epsilon, Decay = adam.Decay, Shrink = adam.Shrink,
                });
                break;
            case RmsPropFormula rms:
                OptimizerKernels.RmsPropKernel.Launch(device, groups, new OptimizerKernels.RmsPropArguments
                {
                    Parameter = parameter, Gradient = gradient, Square = State(0, segment), Mean = State(1, segment),
                    Velocity = State(2, segment), Length = segment.Length, Rate = rms.Rate, Decay = rms.Decay, NewSquare = rms.NewSquare,
                    Momentum = rms.Momentum, Epsilon = rms.Epsilon, Centred = rms.Centred ? 1 : 0, Graves = rms.Graves ? 1 : 0,
                });
                break;
        }
    }
}
