using System.Globalization;
using System.Text;
using HyperDsl;
using HyperDsl.Data;

namespace CharModel;

/// <summary>A symbol of a sample.</summary>
/// <param name="Text">The symbol.</param>
/// <param name="Given">Whether it was given and not chosen.</param>
/// <param name="Change">
/// How much each gate's matrix changed at the step that chose it, the step that read the symbol before; null where nothing is known.
/// </param>
public readonly record struct SampleSymbol(string Text, bool Given, double[]? Change);

/// <summary>A text that a model wrote.</summary>
/// <param name="Symbols">Its symbols.</param>
/// <param name="Gates">Names of the gates whose matrices changed; none where the cell keeps its weights.</param>
/// <param name="Title">What wrote it and how.</param>
public sealed record SampleText(IReadOnlyList<SampleSymbol> Symbols, IReadOnlyList<string> Gates, string Title)
{
    // A few symbols, such as the first after the beginning, would otherwise leave all others pale.
    private const double Quantile = 0.98;

    /// <summary>For each gate the change that is drawn in full colour: 98 % of its changes are smaller.</summary>
    public IReadOnlyList<double> FullChanges { get; } = [.. Gates.Select((_, gate) => FullChange(Symbols, gate))];

    /// <summary>A change of a gate's matrix as a share of its <see cref="FullChanges"/>, at most 1.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="change">The change.</param>
    public double Strength(int gate, double change) => FullChanges[gate] > 0 ? Math.Min(1, change / FullChanges[gate]) : 0;

    private static double FullChange(IReadOnlyList<SampleSymbol> symbols, int gate)
    {
        double[] changes = [.. symbols.Where(symbol => symbol.Change is not null).Select(symbol => symbol.Change![gate]).Order()];
        return changes.Length == 0 ? 0 : changes[(int)(Quantile * (changes.Length - 1))];
    }
}

/// <summary>How a text is to be written.</summary>
/// <param name="Length">Symbols to choose.</param>
/// <param name="Temperature">By which scores are divided; 0 takes the likeliest symbol always.</param>
/// <param name="Prime">Where to begin; empty for the beginning of a line.</param>
/// <param name="Seed">Of the choices.</param>
public sealed record SampleSettings(int Length, double Temperature, string Prime, int Seed);

/// <summary>Lets a model write, one symbol a step.</summary>
/// <param name="net">The model.</param>
/// <param name="vocabulary">Its symbols.</param>
public sealed class TextGenerator(CharNet net, Vocabulary vocabulary)
{
    /// <summary>Writes a text.</summary>
    /// <param name="settings">How.</param>
    /// <param name="cancellation">Stops between two symbols.</param>
    /// <exception cref="UnknownSymbolException">The beginning has a symbol that the model does not know.</exception>
    /// <exception cref="InvalidDataException">The model's scores are infinite or no numbers.</exception>
    public SampleText Write(SampleSettings settings, CancellationToken cancellation = default)
    {
        int[] prime = vocabulary.Encode(settings.Prime);
        int[] begin = prime.Length > 0 ? prime : [Math.Max(0, vocabulary.IndexOf(new Rune('\n')))];
        int[] symbol = new int[1];
        float[] scores = new float[CharNet.Symbols];
        Batch step = new Batch(1).Add("text", symbol, steps: 1).Continue(net.NewState(1));
        var change = new WeightChange(net, step);
        var random = new RandomStream((ulong)settings.Seed, epoch: 0, example: 0);
        List<SampleSymbol> written = [];
        double[]? known = null;
        for (int place = 0; place < begin.Length + settings.Length; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool given = place < begin.Length;
            symbol[0] = given ? begin[place] : Choose(scores.AsSpan(0, vocabulary.Count), settings.Temperature, ref random);
            if (!given || prime.Length > 0)
            {
                written.Add(new SampleSymbol(vocabulary[symbol[0]].ToString(), given, known));
            }

            net.Predict(nameof(CharNet.Logits), step, scores);
            known = change.Next();
        }

        return new SampleText(written, change.Gates, Describe(settings));
    }

    private string Describe(SampleSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{net.GetType().Name}, temperature {settings.Temperature}, seed {settings.Seed}");

    /// <summary>Draws from the softmax of scores / temperature.</summary>
    /// <exception cref="InvalidDataException">A score is infinite or no number.</exception>
    private static int Choose(ReadOnlySpan<float> scores, double temperature, ref RandomStream random)
    {
        double largest = double.NegativeInfinity;
        int likeliest = 0;
        for (int index = 0; index < scores.Length; index++)
        {
            if (!float.IsFinite(scores[index]))
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model scores a symbol as {scores[index]}, so there is nothing to choose by: its weights are too large or no numbers. "
                    + $"Take weights of an earlier time, or train anew with a lower --rate."));
            }

            (largest, likeliest) = scores[index] > largest ? (scores[index], index) : (largest, likeliest);
        }

        if (temperature == 0)
        {
            return likeliest;
        }

        Span<double> shares = stackalloc double[CharNet.Symbols];
        double sum = 0;
        for (int index = 0; index < scores.Length; index++)
        {
            sum += Math.Exp((scores[index] - largest) / temperature);
            shares[index] = sum;
        }

        double drawn = random.NextDouble() * sum;
        int chosen = 0;
        while (chosen < scores.Length - 1 && shares[chosen] <= drawn)
        {
            chosen++;
        }

        return chosen;
    }
}
