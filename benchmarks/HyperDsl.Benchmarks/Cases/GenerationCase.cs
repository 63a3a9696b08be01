using HyperDsl.Benchmarks.Models;
using HyperDsl.Benchmarks.Rivals;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// One character of one sequence: from a symbol and the states to the logits of the next symbol. The second rival does nothing but read as
/// many bytes as a step has weights, on one thread: about what a step on one thread cannot take less than.
/// </summary>
public sealed class GenerationCase : BenchmarkCase
{
    // Behind so many steps the states are compared, too.
    private const int ComparedSteps = 20;

    private readonly int units;
    private readonly int hyperUnits;
    private readonly Dictionary<int, (CharacterModel Model, SequenceState State, Batch Batch)> models = [];
    private readonly int[] symbol = new int[1];
    private readonly float[] logits = new float[CharacterModel.Symbols];
    private readonly RecurrentRival owner;
    private readonly IStepRival rival;
    private readonly torch.Tensor readout;
    private readonly torch.Tensor readoutBias;
    private readonly MemoryRead reading;
    private float[] theirLogits = [];
    private float sum;

    private GenerationCase(Func<CharacterModel> make, int units, int hyperUnits = 0, int embedding = 0)
    {
        (this.units, this.hyperUnits) = (units, hyperUnits);
        foreach (int threads in ThreadCounts)
        {
            CharacterModel model = make();
            model.Threads = threads;
            RandomWeights.Set(model, seed: 1);
            SequenceState state = model.NewState(1);
            models.Add(threads, (model, state, new Batch(1).Add("symbol", symbol, 1).Continue(state)));
        }
        CharacterModel first = models[ThreadCounts[0]].Model;
        owner = hyperUnits == 0
            ? new NativeLstm(CharacterModel.Symbols, units, first.Parameters)
            : new EagerHyperLstm(first.Parameters, units, hyperUnits, embedding);
        rival = (IStepRival)owner;
        rival.Restart();
        readout = torch.tensor(first.Parameters["readout.weight"].ToArray()).reshape(CharacterModel.Symbols, units).t();
        readoutBias = torch.tensor(first.Parameters["readout.bias"].ToArray());
        reading = new MemoryRead(WeightsOfAStep(first));
    }

    /// <summary>The sizes of the training cases.</summary>
    public static IEnumerable<NamedCase> All { get; } =
    [
        new("generate-lstm-128", () => new GenerationCase(() => new CharacterLstm128(), 128)),
        new("generate-lstm-512", () => new GenerationCase(() => new CharacterLstm512(), 512)),
        new("generate-lstm-1000", () => new GenerationCase(() => new CharacterLstm1000(), 1000)),
        new("generate-hyperlstm-128", () => new GenerationCase(() => new CharacterHyperLstm128(), 128, 32, 4)),
        new("generate-hyperlstm-512", () => new GenerationCase(() => new CharacterHyperLstm512(), 512, 128, 16)),
        new("generate-hyperlstm-1000", () => new GenerationCase(() => new CharacterHyperLstm1000(), 1000, 128, 4)),
    ];

    /// <inheritdoc/>
    public override string Rival => rival.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<FurtherRival> FurtherRivals =>
        [new("reading the weights", () => sum += reading.Sum(), () => null) { ThreadCounts = [1] }];

    /// <inheritdoc/>
    public override double Operations => 2.0 * WeightsOfAStep(models[ThreadCounts[0]].Model);

    /// <inheritdoc/>
    public override void RunOurs(int threads)
    {
        (CharacterModel model, _, Batch batch) = models[threads];
        Advance();
        model.Predict("Logits", batch, logits);
    }

    /// <inheritdoc/>
    public override void RunRival()
    {
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        Advance();
        theirLogits = readoutBias.addmm(rival.Next(symbol[0]), readout).data<float>().ToArray();
    }

    /// <summary>Of the logits behind the same symbols from fresh states.</summary>
    public override double? RelativeDifference()
    {
        models[ThreadCounts[0]].State.Reset();
        rival.Restart();
        symbol[0] = 0;
        for (int step = 0; step < ComparedSteps; step++)
        {
            RunOurs(ThreadCounts[0]);
        }
        symbol[0] = 0;
        for (int step = 0; step < ComparedSteps; step++)
        {
            RunRival();
        }
        return logits.Zip(theirLogits).Max(pair => Math.Abs(pair.First - pair.Second)) / theirLogits.Max(Math.Abs);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        owner.Dispose();
        readout.Dispose();
        readoutBias.Dispose();
        reading.Dispose();
    }

    private void Advance() => symbol[0] = ((5 * symbol[0]) + 3) % CharacterModel.Symbols;

    /// <summary>Of the weights that meet the one-hot input a step needs one column only.</summary>
    private long WeightsOfAStep(CharacterModel model) =>
        model.ParameterCount - (4L * (units + hyperUnits) * (CharacterModel.Symbols - 1));
}
