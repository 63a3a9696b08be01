using System.Globalization;
using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace HyperDsl.Samples;

/// <summary>Remembers the weights of the epoch with the lowest validation result, the first of equals.</summary>
/// <param name="model">The network in training.</param>
/// <param name="path">Where to keep them for a run that goes on later; null for nowhere.</param>
/// <param name="measure">What is to be low.</param>
/// <param name="notes">Texts for the file's header.</param>
public sealed class BestWeights(
    Model model, string? path, Func<EvaluationResult, double> measure, IEnumerable<KeyValuePair<string, string>>? notes = null)
{
    private float[] weights = [];

    /// <summary>The lowest result; infinite before the first.</summary>
    public double Lowest { get; private set; } = double.PositiveInfinity;

    /// <summary>Reads what an interrupted run kept; the network is left with these weights.</summary>
    /// <param name="trainer">Evaluates them.</param>
    /// <param name="validation">The examples to choose by.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <exception cref="UnfitCheckpointException">They are damaged, or of another network.</exception>
    public void Resume(Trainer trainer, BatchSource validation, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            Load(path);
            Remember(trainer.Evaluate(validation, cancellation));
        }
    }

    private void Load(string kept)
    {
        try
        {
            model.Load(kept);
        }
        catch (Exception error) when (error is FileFormatException or ModelMismatchException)
        {
            throw new UnfitCheckpointException(
                $"{kept}, where the run keeps its best weights, cannot be read: {error.Message} Delete the file to go on without what was best "
                + "so far, or give another --out.",
                error);
        }
    }

    /// <summary>Removes what another run kept.</summary>
    public void Forget()
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Remembers the network's weights if they are better than any before.</summary>
    /// <param name="validation">Their result; one whose loss is not finite is never the best.</param>
    public void Consider(EvaluationResult validation)
    {
        if (Remember(validation) && path is not null)
        {
            model.Save(path, notes);
        }
    }

    /// <summary>
    /// Gives the best weights to the network. Where there are none, as in a finished run whose file was deleted, it keeps its own, which are
    /// evaluated.
    /// </summary>
    /// <param name="trainer">Evaluates them.</param>
    /// <param name="validation">The examples to choose by.</param>
    /// <param name="advice">What to do when training failed, a sentence.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <exception cref="FailedTrainingException">There is no validation result whose loss is finite.</exception>
    public void Restore(Trainer trainer, BatchSource validation, string advice, CancellationToken cancellation)
    {
        if (weights.Length > 0)
        {
            weights.CopyTo(model.Parameters.Values);
            return;
        }

        EvaluationResult own = trainer.Evaluate(validation, cancellation);
        Consider(own);
        if (weights.Length == 0)
        {
            throw new FailedTrainingException(string.Create(
                CultureInfo.InvariantCulture,
                $"Training failed: after {trainer.Steps} steps the validation loss is {own.Loss}, not a finite number, and no earlier weights are "
                + $"better. The weights have become too large, or no numbers. {advice}"));
        }
    }

    private bool Remember(EvaluationResult validation)
    {
        double result = measure(validation);
        if (!double.IsFinite(validation.Loss) || !(result < Lowest))
        {
            return false;
        }

        Lowest = result;
        weights = model.Parameters.ReadOnlyValues.ToArray();
        return true;
    }
}
