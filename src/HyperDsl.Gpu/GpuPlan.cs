using HyperDsl.Execution;

namespace HyperDsl.Gpu;

/// <summary>An entry point's routines for GPUs.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Evaluate">Makes the routine without gradients.</param>
/// <param name="Train">Makes the routine with gradients; losses only.</param>
/// <param name="WatchEvaluate">Makes the routine without gradients that gives watched values as well; null where nothing is watched.</param>
/// <param name="WatchTrain">Makes that with gradients.</param>
public sealed record GpuEntry(
    string Name,
    Func<GpuRoutine> Evaluate,
    Func<GpuRoutine>? Train,
    Func<GpuRoutine>? WatchEvaluate = null,
    Func<GpuRoutine>? WatchTrain = null);

/// <summary>What the compiler wrote of a model for GPUs.</summary>
/// <param name="entries">Entry points.</param>
/// <param name="kernels">All kernels that the routines launch.</param>
public sealed class GpuPlan(IReadOnlyList<GpuEntry> entries, IReadOnlyList<GpuKernel> kernels) : DevicePlan
{
    /// <summary>Entry points.</summary>
    public IReadOnlyList<GpuEntry> Entries => entries;

    /// <summary>All kernels that the routines launch.</summary>
    public IReadOnlyList<GpuKernel> Kernels => kernels;

    /// <summary>An entry by its name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public GpuEntry Find(string name) => entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ArgumentException($"There is no entry '{name}' for GPUs. There are: {string.Join(", ", entries.Select(entry => entry.Name))}.");
}
