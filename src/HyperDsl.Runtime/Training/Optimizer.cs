using HyperDsl.Execution;

namespace HyperDsl.Training;

/// <summary>Numbers an optimiser keeps for every parameter between steps; part of a checkpoint.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="Values">Laid out as the parameters.</param>
public sealed record OptimizerBuffer(string Name, float[] Values);

/// <summary>
/// Changes parameters by their gradient. Works on flat spans, allocates nothing in a step, and computes each element by the
/// same sequence of roundings (fused multiply-adds included) whatever the machine and however the parameters are cut.
/// </summary>
public abstract class Optimizer
{
    /// <summary>Elements that are updated together; state is padded to it.</summary>
    internal const int Lanes = 16;
    private readonly string[] bufferNames;
    private OptimizerBuffer[]? buffers;
    private int length;

    /// <summary>For derived classes.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="bufferNames">Names of the buffers it needs.</param>
    protected Optimizer(Schedule rate, params string[] bufferNames)
    {
        ArgumentNullException.ThrowIfNull(rate);
        Rate = rate;
        this.bufferNames = bufferNames;
    }

    /// <summary>Its name in checkpoints.</summary>
    public abstract string Kind { get; }

    /// <summary>The learning rate.</summary>
    public Schedule Rate { get; }

    /// <summary>
    /// The bound of the norm of all gradients together; infinite for none. Applied after <see cref="ClipValue"/>. Where there is a bound, a
    /// norm that is not finite ends a step before it changes anything; without one gradients are not looked at, since that would be one
    /// more pass over them, and those that are infinite or no numbers spoil the parameters.
    /// </summary>
    public double ClipNorm
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The bound is positive.");
    } = double.PositiveInfinity;

    /// <summary>The bound of each element of the gradient; infinite for none.</summary>
    public double ClipValue
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The bound is positive.");
    } = double.PositiveInfinity;

    /// <summary>
    /// The norm of the last step's gradient before it was clipped by norm; NaN unless <see cref="ClipNorm"/> is finite.
    /// </summary>
    public double LastNorm { get; private set; } = double.NaN;

    /// <summary>What it keeps between steps; empty before <see cref="Bind"/>.</summary>
    public IReadOnlyList<OptimizerBuffer> Buffers
    {
        get
        {
            Host.Use();
            return buffers ?? [];
        }
    }

    /// <summary>Whether a device has newer numbers than <see cref="Buffers"/>.</summary>
    internal HostCopy Host { get; } = new();

    /// <summary>The buffers as they are, whatever a device has.</summary>
    internal IReadOnlyList<OptimizerBuffer> Unrefreshed => buffers ?? [];

    /// <summary>Makes the buffers, all zero, for so many parameters.</summary>
    /// <exception cref="InvalidOperationException">It already serves another number of parameters.</exception>
    public void Bind(int parameterCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameterCount);
        if (buffers is not null)
        {
            if (parameterCount != length)
            {
                throw new InvalidOperationException(
                    $"This optimiser already serves {length} parameters; make another one for {parameterCount}.");
            }

            return;
        }

        length = parameterCount;
        int padded = checked(parameterCount + Lanes - 1) / Lanes * Lanes;
        buffers = new OptimizerBuffer[bufferNames.Length];
        for (int index = 0; index < buffers.Length; index++)
        {
            buffers[index] = new OptimizerBuffer(bufferNames[index], new float[padded]);
        }
    }

    /// <summary>Takes a step with all parameters.</summary>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradients">Laid out as the parameters; clipping changes them in place.</param>
    /// <param name="step">Steps taken before.</param>
    /// <exception cref="NonFiniteGradientException">
    /// There is a <see cref="ClipNorm"/> and the norm is not finite; parameters and buffers are as before.
    /// </exception>
    public void Step(Span<float> parameters, Span<float> gradients, long step) =>
        Step(parameters, gradients, step, [new Segment(0, parameters.Length)]);

    /// <summary>Takes a step with some parameters.</summary>
    internal void Step(Span<float> parameters, Span<float> gradients, long step, ReadOnlySpan<Segment> segments)
    {
        if (gradients.Length != parameters.Length)
        {
            throw new ArgumentException(
                $"{parameters.Length} parameters have as many gradients, not {gradients.Length}.", nameof(gradients));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(step);
        Bind(parameters.Length);
        Clip(gradients, step, segments);
        Prepare(Rate.At(step), step);
        foreach (Segment segment in segments)
        {
            UpdateSegment(
                parameters.Slice(segment.Start, segment.Length), gradients.Slice(segment.Start, segment.Length), segment.Start);
        }
    }

    /// <summary>A step with all its numbers, to be taken elsewhere; null for an optimiser that only this processor knows.</summary>
    /// <param name="step">Steps taken before.</param>
    internal UpdateFormula? FormulaOf(long step)
    {
        Prepare(Rate.At(step), step);
        return Formula;
    }

    /// <summary>The step that was prepared last.</summary>
    private protected virtual UpdateFormula? Formula => null;

    /// <summary>Keeps the norm of a step, NaN where none was computed, before the step changes anything.</summary>
    /// <exception cref="NonFiniteGradientException">It was computed and is not finite.</exception>
    internal void TakeNorm(double value, long step)
    {
        LastNorm = value;
        if (double.IsFinite(ClipNorm) && !double.IsFinite(value))
        {
            throw new NonFiniteGradientException(step + 1, value);
        }
    }

    /// <summary>Computes what is the same for all elements.</summary>
    /// <param name="rate">This step's learning rate.</param>
    /// <param name="step">Steps taken before.</param>
    protected abstract void Prepare(double rate, long step);

    /// <summary>Updates elements; the number of them is a multiple of 16.</summary>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="offset">Where their state begins in the buffers.</param>
    protected abstract void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset);

    private void Clip(Span<float> gradients, long step, ReadOnlySpan<Segment> segments)
    {
        double squares = 0;
        foreach (Segment segment in segments)
        {
            Span<float> part = gradients.Slice(segment.Start, segment.Length);
            if (double.IsFinite(ClipValue))
            {
                Clipping.ByValue(part, ClipValue);
            }

            squares += double.IsFinite(ClipNorm) ? Clipping.SumOfSquares(part) : double.NaN;
        }

        TakeNorm(Math.Sqrt(squares), step);
        if (LastNorm > ClipNorm)
        {
            foreach (Segment segment in segments)
            {
                Clipping.Scale(gradients.Slice(segment.Start, segment.Length), (float)(ClipNorm / LastNorm));
            }
        }
    }

    private void UpdateSegment(Span<float> parameters, ReadOnlySpan<float> gradients, int offset)
    {
        int whole = parameters.Length / Lanes * Lanes;
        Update(parameters[..whole], gradients[..whole], offset);
        if (whole == parameters.Length)
        {
            return;
        }

        Span<float> lastParameters = stackalloc float[Lanes];
        Span<float> lastGradients = stackalloc float[Lanes];
        lastParameters.Clear();
        lastGradients.Clear();
        parameters[whole..].CopyTo(lastParameters);
        gradients[whole..].CopyTo(lastGradients);
        Update(lastParameters, lastGradients, offset + whole);
        lastParameters[..(parameters.Length - whole)].CopyTo(parameters[whole..]);
    }

    /// <summary>
    /// A stretch of the flat buffer; begins at a multiple of 16, and nothing else lies before the next multiple after its end.
    /// </summary>
    internal readonly record struct Segment(int Start, int Length);
}
