using HyperDsl;
using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace StaticHyperNet;

/// <summary>Remembers the weights of the epoch with the lowest validation error, the first of equals.</summary>
/// <param name="model">The network in training.</param>
/// <param name="path">Where to keep them for a run that goes on later; null for nowhere.</param>
internal sealed class BestWeights(Model model, string? path)
{
    private float[] weights = [];
    private double error = double.PositiveInfinity;

    /// <summary>Reads what an interrupted run kept; the network is left with these weights.</summary>
    public void Resume(Trainer trainer, BatchSource validation, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            model.Load(path);
            error = trainer.Evaluate(validation, cancellation).Error;
            weights = model.Parameters.ReadOnlyValues.ToArray();
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
    public void Consider(double validationError)
    {
        if (validationError < error)
        {
            error = validationError;
            weights = model.Parameters.ReadOnlyValues.ToArray();
            if (path is not null)
            {
                model.Save(path);
            }
        }
    }

    /// <summary>Gives the best weights to the network.</summary>
    public void Restore() => weights.CopyTo(model.Parameters.Values);
}
