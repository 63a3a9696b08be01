namespace HyperDsl;

/// <summary>A field marked <c>[State]</c>.</summary>
/// <param name="Name">Path through the fields from the cell that was walked.</param>
/// <param name="Read">The value it holds.</param>
/// <param name="Write">Stores another.</param>
internal sealed record StateField(string Name, Func<Tensor?> Read, Action<Tensor> Write);
