using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace HyperDsl.Samples;

/// <summary>A run cannot go on from a checkpoint: it is of a run with other settings, or no whole checkpoint.</summary>
/// <param name="message">Why.</param>
/// <param name="cause">The complaint.</param>
public sealed class UnfitCheckpointException(string message, Exception cause) : Exception(message, cause);

/// <summary>Checkpoints of samples.</summary>
public static class Checkpoint
{
    /// <summary>Lets a run go on from a checkpoint.</summary>
    /// <param name="trainer">A fresh trainer.</param>
    /// <param name="batches">What it will train on.</param>
    /// <param name="path">The checkpoint.</param>
    /// <param name="settings">The options that must be the same, for the message.</param>
    /// <exception cref="UnfitCheckpointException">It is of another run, or no checkpoint; nothing was changed.</exception>
    public static void Load(Trainer trainer, BatchSource batches, string path, string settings)
    {
        try
        {
            trainer.Data = batches;
            trainer.Load(path);
        }
        catch (Exception error) when (error is InvalidOperationException or ModelMismatchException)
        {
            string details = error is ModelMismatchException ? Environment.NewLine + error.Message : "";
            throw new UnfitCheckpointException($"{path} is of a run with {settings}: give the same ones, or another --out.{details}", error);
        }
        catch (FileFormatException error)
        {
            throw new UnfitCheckpointException(
                $"{path} is no checkpoint that a run can go on from: it may be damaged, or a file of weights. {error.Message}", error);
        }
    }
}
