using TorchSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Grows a random program statement by statement; the seed alone decides.</summary>
/// <param name="seed">The seed.</param>
public sealed class ProgramBuilder(int seed)
{
    // Beyond this a value is squashed, so that exponentials and products of products stay tame.
    private const double LargestBound = 8;

    private readonly List<ProgramValue> statements = [];
    private readonly List<ProgramValue> weights = [];
    private readonly List<ProgramValue> inputs = [];

    /// <summary>The source of all choices.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>Statements so far.</summary>
    public IReadOnlyList<ProgramValue> Statements => statements;

    /// <summary>Weights so far.</summary>
    public IReadOnlyList<ProgramValue> Weights => weights;

    /// <summary>Inputs so far.</summary>
    public IReadOnlyList<ProgramValue> Inputs => inputs;

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => Random.Next(least, most + 1);

    /// <summary>One of several.</summary>
    public T Choose<T>(params IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    /// <summary>A new input of numbers from −1 to 1.</summary>
    public ProgramValue Input(params int[] shape)
    {
        var value = new ProgramValue($"x{inputs.Count}", shape, 1, "", [], null, 1);
        inputs.Add(value);
        return value;
    }

    /// <summary>A new weight of numbers from −1 to 1.</summary>
    public ProgramValue Weight(params int[] shape)
    {
        var value = new ProgramValue($"w{weights.Count}", shape, 1, "", [], null, 1);
        weights.Add(value);
        return value;
    }

    /// <summary>An input or result that fits, rather a late one; null if there is none.</summary>
    public ProgramValue? Pick(Func<ProgramValue, bool> fits)
    {
        ProgramValue[] candidates = [.. inputs.Concat(statements).Where(fits)];
        return candidates.Length == 0 ? null : candidates[Math.Max(Random.Next(candidates.Length), Random.Next(candidates.Length))];
    }

    /// <summary>Any input or result.</summary>
    public ProgramValue Any() => Pick(_ => true)!;

    /// <summary>Appends a statement; a result that may be large is squashed by another.</summary>
    /// <param name="code">The expression, with the operands' names.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="bound">Bound of its magnitude.</param>
    /// <param name="operands">What it reads.</param>
    /// <param name="theirs">The same in libtorch.</param>
    /// <param name="length">Terms of the longest sum.</param>
    public ProgramValue Add(
        string code, int[] shape, double bound, ProgramValue[] operands, Func<torch.Tensor[], int, torch.Tensor> theirs, int length = 1)
    {
        var value = new ProgramValue($"v{statements.Count}", shape, bound, code, operands, theirs, length);
        statements.Add(value);
        return bound <= LargestBound
            ? value
            : Add($"Tanh(0.25 * {value.Name})", shape, 1, [value], (t, _) => (t[0] * 0.25).tanh());
    }
}
