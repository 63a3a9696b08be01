using HyperDsl.Execution;

namespace HyperDsl;

/// <content>Calls of the compiled entry points in double precision, for gradient checks.</content>
public abstract partial class Model
{
    /// <summary>As <see cref="Loss"/>, in double precision.</summary>
    /// <param name="entry">Name of a method marked <c>[Loss]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <param name="parameters">Parameters in the layout of <see cref="Parameters"/>; the model's own when empty.</param>
    /// <exception cref="ArgumentException">There is no such entry, or batch or parameters do not fit it.</exception>
    /// <exception cref="InvalidOperationException">There is no code in double precision, or the entry is no loss.</exception>
    public double Loss64(string entry, Batch batch, ReadOnlySpan<double> parameters = default)
    {
        CompiledEntry found = Find(entry, isLoss: true);
        return Run64(found.Evaluate64(Threads), found, batch, parameters, default, default, 0);
    }

    /// <summary>As <see cref="LossAndGradient"/>, in double precision; updates nothing.</summary>
    /// <param name="entry">Name of a method marked <c>[Loss]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <param name="gradients">Receives the gradient in the layout of <see cref="Parameters"/>.</param>
    /// <param name="parameters">Parameters in that layout; the model's own when empty.</param>
    /// <param name="randomKey">The key of the step's random numbers.</param>
    /// <exception cref="ArgumentException">There is no such entry, or batch, gradients or parameters do not fit.</exception>
    /// <exception cref="InvalidOperationException">There is no code in double precision, or the entry is no loss.</exception>
    public double LossAndGradient64(
        string entry, Batch batch, Span<double> gradients, ReadOnlySpan<double> parameters = default, ulong randomKey = 0)
    {
        CheckLength("gradients", gradients.Length);
        CompiledEntry found = Find(entry, isLoss: true);
        return Run64(found.Train64(Threads), found, batch, parameters, gradients, default, randomKey);
    }

    /// <summary>As <see cref="Predict(string, Batch)"/>, in double precision.</summary>
    /// <param name="entry">Name of a method marked <c>[Predict]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <param name="parameters">Parameters in the layout of <see cref="Parameters"/>; the model's own when empty.</param>
    /// <returns>[example, shape], row-major.</returns>
    /// <exception cref="ArgumentException">There is no such entry, or batch or parameters do not fit it.</exception>
    /// <exception cref="InvalidOperationException">There is no code in double precision, or the entry is a loss.</exception>
    public double[] Predict64(string entry, Batch batch, ReadOnlySpan<double> parameters = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CompiledEntry found = Find(entry, isLoss: false);
        double[] predictions = new double[found.PredictionSize(batch)];
        Run64(found.Evaluate64(Threads), found, batch, parameters, default, predictions, 0);
        return predictions;
    }

    private double Run64(
        RoutineRunner<double> runner,
        CompiledEntry entry,
        Batch batch,
        ReadOnlySpan<double> parameters,
        Span<double> gradients,
        Memory<double> predictions,
        ulong randomKey)
    {
        using AlignedBuffer<double> values = new(Parameters.Length);
        using AlignedBuffer<double> gradient = new(Parameters.Length);
        using AlignedBuffer<double> unused = new(Parameters.Length);
        if (parameters.IsEmpty)
        {
            Span<double> to = values.Span;
            ReadOnlySpan<float> from = Parameters.ReadOnlyValues;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i];
            }
        }
        else
        {
            CheckLength("parameters", parameters.Length);
            parameters.CopyTo(values.Span);
        }
        double loss = runner.Run(new RoutineArguments<double>
        {
            Parameters = values,
            ParametersVersion = -1,
            Gradients = gradients.IsEmpty ? null : gradient,
            Updates = unused,
            Inputs = entry.Inputs64(batch),
            Outputs = entry.Outputs64(predictions),
            Examples = batch.Count,
            Steps = batch.Steps,
            RandomKey = randomKey,
        });
        if (!gradients.IsEmpty)
        {
            gradient.Span.CopyTo(gradients);
        }
        return loss;
    }

    private void CheckLength(string what, int length)
    {
        if (length != Parameters.Length)
        {
            throw new ArgumentException(
                $"There are {length} {what}, but the model's flat buffer has {Parameters.Length} elements, gaps included.");
        }
    }
}
