using HyperDsl;

namespace CharModel;

/// <summary>
/// How much the hidden-to-gate matrices change from step to step. A cell that rescales weights uses diag(d_t)·W_y at step t for gate y; the
/// change is the Frobenius norm ‖(diag(d_t) − diag(d_{t−1}))·W_y‖ = √(Σ_i (Δd_i)² ‖row i of W_y‖²), over all layers.
/// </summary>
public sealed class WeightChange
{
    private const string Scaling = "scaling";
    private readonly Watched watched = new();
    private readonly List<Layer> layers = [];
    private readonly int units;

    /// <summary>Looks for the cells that rescale weights.</summary>
    /// <param name="net">The model, with its weights.</param>
    /// <param name="step">The batch of one example and one step that will be predicted.</param>
    public WeightChange(CharNet net, Batch step)
    {
        units = net.Size.Units;
        Gates = GatesOf(net.Kind);
        if (Gates.Count > 0)
        {
            step.Watch(watched);
            foreach (string path in net.Weights.Select(weight => weight.Key).Where(name => name.EndsWith(".scale", StringComparison.Ordinal)
                || name.EndsWith(".stateScale", StringComparison.Ordinal)).Select(name => name[..(name.LastIndexOf('.') + 1)]))
            {
                layers.Add(new Layer(path + Scaling, SquaredRows(net.Parameters[path + "fromState"], units)));
            }
        }
    }

    /// <summary>The gates whose matrices are rescaled; none for a cell that keeps its weights.</summary>
    public IReadOnlyList<string> Gates { get; }

    /// <summary>The change of each gate's matrix by the step that was just predicted; null after the first.</summary>
    public double[]? Next()
    {
        if (Gates.Count == 0)
        {
            return null;
        }

        var squares = new double[Gates.Count];
        bool first = false;
        foreach (Layer layer in layers)
        {
            ReadOnlySpan<float> now = watched[layer.Name].At(0)[..(Gates.Count * units)];
            first |= layer.Before is null;
            for (int row = 0; layer.Before is not null && row < now.Length; row++)
            {
                double difference = now[row] - layer.Before[row];
                squares[row / units] += difference * difference * layer.SquaredRows[row];
            }

            layer.Before = now.ToArray();
        }

        return first ? null : Array.ConvertAll(squares, Math.Sqrt);
    }

    private static IReadOnlyList<string> GatesOf(CellKind kind) => kind switch
    {
        CellKind.HyperLstm or CellKind.LnHyperLstm => ["input", "candidate", "forget", "output"],
        CellKind.HyperGru => ["reset", "update", "candidate"],
        CellKind.HyperRnn => ["state"],
        _ => [],
    };

    private static double[] SquaredRows(ReadOnlySpan<float> matrix, int columns)
    {
        var squares = new double[matrix.Length / columns];
        for (int index = 0; index < matrix.Length; index++)
        {
            squares[index / columns] += (double)matrix[index] * matrix[index];
        }

        return squares;
    }

    private sealed class Layer(string name, double[] squaredRows)
    {
        public string Name => name;

        public double[] SquaredRows => squaredRows;

        public float[]? Before { get; set; }
    }
}
