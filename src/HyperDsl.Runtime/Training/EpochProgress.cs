using HyperDsl.Data;

namespace HyperDsl.Training;

/// <summary>What the report of the epoch that <see cref="Trainer.Fit"/> is in needs of the steps so far; part of a checkpoint.</summary>
/// <param name="Place">The place in the batches after these steps.</param>
/// <param name="Steps">How many there were; 0 where no epoch has begun.</param>
/// <param name="Loss">The sum of their losses.</param>
/// <param name="Unreported">Whether the epoch is over, but was not evaluated and reported yet.</param>
internal readonly record struct EpochProgress(DataPosition Place, int Steps, double Loss, bool Unreported)
{
    /// <summary>The epoch, counted from 0; there is one where there are steps.</summary>
    public long Epoch => Place.Batch == 0 ? Place.Epoch - 1 : Place.Epoch;
}
