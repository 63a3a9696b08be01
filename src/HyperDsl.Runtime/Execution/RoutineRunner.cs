namespace HyperDsl.Execution;

/// <summary>Owns a routine's memory and runs its phases over a batch. (Skeleton; filled in by the execution part.)</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public sealed class RoutineRunner<T>
    where T : unmanaged;
