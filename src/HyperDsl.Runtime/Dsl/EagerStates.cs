namespace HyperDsl;

/// <summary>Carried states in eager code: finds those of a cell by its path in the model.</summary>
internal sealed class EagerStates(Model model, SequenceState state)
{
    private readonly IReadOnlyDictionary<INetwork, string> networks = WeightVisitor.Walk(model).Networks;
    private readonly Dictionary<string, int> scans = new(StringComparer.Ordinal);

    /// <summary>Names of a cell's states at its next scan of this evaluation, as the compiler names them.</summary>
    public string[] Begin(Cell cell, IReadOnlyList<StateField> fields)
    {
        string path = networks.TryGetValue(cell, out string? found) && found.Length > 0 ? found + "." : "";
        return [.. fields.Select(field => Numbered(path + field.Name))];
    }

    /// <summary>What a state begins with.</summary>
    public Tensor Initial(string name, Tensor declared)
    {
        if (!state.Names.Contains(name))
        {
            return declared;
        }
        StateValues values = state.Get(name);
        Tensor before = Batched(values.Current, state.Rows, [.. values.Plan.Shape]);
        return TensorMath.Select(Batched(values.Fresh, state.Rows, []), declared, before);
    }

    /// <summary>Keeps what a state ends with.</summary>
    public void Leave(string name, Tensor final)
    {
        if (!state.Names.Contains(name))
        {
            return;
        }
        StateValues values = state.Get(name);
        float[] left = values.Values;
        for (int row = 0; row < state.Rows; row++)
        {
            for (int i = 0; i < values.Size; i++)
            {
                left[(row * values.Size) + i] = (float)final.Values[(final.Examples is null ? 0 : row * values.Size) + i];
            }
        }
        values.Fresh.AsSpan().Clear();
    }

    private static Tensor Batched(float[] values, int rows, int[] shape) =>
        Tensor.OfBatch(rows, Array.ConvertAll(values, value => (double)value), shape);

    private string Numbered(string name)
    {
        scans[name] = scans.TryGetValue(name, out int before) ? before + 1 : 1;
        return scans[name] == 1 ? name : FormattableString.Invariant($"{name}#{scans[name]}");
    }
}
