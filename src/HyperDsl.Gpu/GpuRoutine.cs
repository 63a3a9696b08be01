namespace HyperDsl.Gpu;

/// <summary>
/// A compiled entry point as launches of kernels. Phases are those of the routine for the CPU; the whole batch is one slice. Emitted code
/// derives from it.
/// </summary>
public abstract class GpuRoutine
{
    /// <summary>The number of phases.</summary>
    public abstract int Phases { get; }

    /// <summary>Whether it computes new values of parameters that are not trained.</summary>
    public abstract bool Updates { get; }

    /// <summary>Elements that do not vary with the example.</summary>
    public abstract long SharedSize { get; }

    /// <summary>Elements of sums over examples.</summary>
    public abstract long LaneSize { get; }

    /// <summary>Elements an example that outlive a phase.</summary>
    public abstract long BatchSizePerExample { get; }

    /// <summary>Elements for each step of each example that outlive a phase.</summary>
    public virtual long BatchSizePerStep => 0;

    /// <summary>Elements an example of temporary memory.</summary>
    public abstract long ScratchSizePerExample { get; }

    /// <summary>Elements of temporary memory for each step of each example.</summary>
    public abstract long SequenceSizePerExample { get; }

    /// <summary>Launches the kernels of a phase.</summary>
    public abstract void Run(int phase, GpuRun run);
}
