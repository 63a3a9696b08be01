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
            Lowest = measure(trainer.Evaluate(validation, cancellation));
            weights = model.Parameters.ReadOnlyValues.ToArray();
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
    /// <param name="validation">Their result.</param>
    public void Consider(EvaluationResult validation)
    {
        double result = measure(validation);
        if (result < Lowest)
        {
            Lowest = result;
            weights = model.Parameters.ReadOnlyValues.ToArray();
            if (path is not null)
            {
                model.Save(path, notes);
            }
        }
    }

    /// <summary>Gives the best weights to the network; without any it keeps its own.</summary>
    public void Restore()
    {
        if (weights.Length > 0)
        {
            weights.CopyTo(model.Parameters.Values);
        }
    }
}
