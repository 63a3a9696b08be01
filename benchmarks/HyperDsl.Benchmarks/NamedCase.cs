namespace HyperDsl.Benchmarks;

/// <summary>A case that can be asked for by name; making it allocates its data.</summary>
/// <param name="Name">The case's name: its family, a hyphen, its sizes.</param>
/// <param name="Make">Makes the case.</param>
public sealed record NamedCase(string Name, Func<BenchmarkCase> Make)
{
    /// <summary>Whether the case is the one asked for, or of the family asked for.</summary>
    /// <param name="request">A case's name or its beginning up to a hyphen.</param>
    public bool Answers(string request) =>
        Name == request || Name.StartsWith(request + "-", StringComparison.Ordinal);
}
