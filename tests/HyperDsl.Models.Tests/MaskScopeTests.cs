namespace HyperDsl.Models;

/// <summary>
/// For how long the masks of each cell stay the same in compiled training. Weights are such that masks can be read off: gates are shut to
/// what was before, so an h is nothing but its dropped candidate, which is the same number at every step, or 0 where the mask is 0.
/// </summary>
public sealed class MaskScopeTests
{
    private const int Examples = 18;
    private const int Steps = 5;
    private const ulong Key = 21;

    /// <summary>σ(−59) is about 2e-26: of a state before, no more is left than that.</summary>
    private const float Shut = -60;

    private static readonly Dictionary<string, Func<MaskedCells>> Makes = new()
    {
        [nameof(MaskedLstm)] = () => new MaskedLstm(),
        [nameof(MaskedGru)] = () => new MaskedGru(),
        [nameof(MaskedHyperLstm)] = () => new MaskedHyperLstm(),
        [nameof(MaskedHyperGru)] = () => new MaskedHyperGru(),
    };

    /// <summary>The model, and which gate lets through what was before: f of i, g, f, o, or u of r, u, n.</summary>
    public static TheoryData<string, int> Main => new()
    {
        { nameof(MaskedLstm), 2 }, { nameof(MaskedGru), 1 }, { nameof(MaskedHyperLstm), 2 }, { nameof(MaskedHyperGru), 1 },
    };

    public static TheoryData<string, int> Hyper => new() { { nameof(MaskedHyperLstm), 2 }, { nameof(MaskedHyperGru), 1 } };

    [Theory]
    [MemberData(nameof(Main))]
    public void The_main_cells_mask_is_drawn_once_a_sequence_or_at_every_step(string name, int past) => Check(name, part =>
    {
        MaskedCells model = Makes[name]();
        model.Parameters.Values.Clear();
        Open(model.Parameters[part + ".bias"], past);
        return Masks(model, $"{part}.h", CellModel.Units, Enumerable.Range(0, CellModel.Units));
    });

    /// <summary>Each ĥ is one of the first scalings of a gate, the only one that its z makes.</summary>
    [Theory]
    [MemberData(nameof(Hyper))]
    public void The_hyper_cells_mask_is_drawn_once_a_sequence_or_at_every_step(string name, int past) => Check(name, part =>
    {
        MaskedCells model = Makes[name]();
        model.Parameters.Values.Clear();
        Open(model.Parameters[part + ".hyper.bias"], past);
        for (int product = 0; product < CellModel.HyperUnits; product++)
        {
            // [product, embedding, ĥ] and [product, unit, embedding].
            model.Parameters[part + ".scaleEmbedding.weight"][(product * CellModel.Embedding * CellModel.HyperUnits) + product] = 1;
            model.Parameters[part + ".scale"][product * CellModel.Units * CellModel.Embedding] = 1;
        }
        int width = model.Parameters.Plan(part + ".scale").Shape[0] * CellModel.Units;
        return Masks(model, $"{part}.scaling", width, Enumerable.Range(0, CellModel.HyperUnits).Select(product => product * CellModel.Units));
    });

    /// <param name="name">The model.</param>
    /// <param name="masks">Masks of the cell of a scope, for each example at each step what was kept.</param>
    private static void Check(string name, Func<string, string[][]> masks)
    {
        string[][] drawn = masks("step");
        string[][] shared = masks("sequence");
        Assert.All(shared, steps => Assert.Single(steps.Distinct()));
        Assert.True(shared.Select(steps => steps[0]).Distinct().Count() > 1, $"{name}: one mask for all examples.");
        for (int step = 1; step < Steps; step++)
        {
            for (int before = 0; before < step; before++)
            {
                Assert.Contains(drawn, steps => steps[step] != steps[before]);
            }
        }
        Assert.All(new[] { drawn, shared }, each => Assert.All("01", bit => Assert.Contains(each, steps => steps[0].Contains(bit))));
    }

    /// <summary>Every gate at 1, but for one.</summary>
    private static void Open(Span<float> bias, int past)
    {
        bias.Fill(1);
        int units = bias.Length / (past == 2 ? 4 : 3);
        bias.Slice(past * units, units).Fill(Shut);
    }

    /// <summary>For each example at each step a digit an element: 0 where the value is none.</summary>
    private static string[][] Masks(MaskedCells model, string watched, int width, IEnumerable<int> elements)
    {
        Watched seen = new();
        Batch batch = new Batch(Examples).Add("x", new float[Examples * Steps * CellModel.Inputs], Steps).Watch(seen);
        model.LossAndGradient(nameof(MaskedCells.Loss), batch, new GradientStore(model.Parameters), Key);
        WatchedValue value = seen[watched];
        Assert.Equal((Examples, Steps, width), (value.Examples, value.Steps, value.Shape[0]));
        return
        [
            .. Enumerable.Range(0, Examples).Select(example => Enumerable.Range(0, Steps).Select(step => string.Concat(
                elements.Select(element => Math.Abs(value.At(example, step)[element]) < 1e-20 ? '0' : '1'))).ToArray()),
        ];
    }
}
