using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// The parameters of a model: one flat buffer, aligned to 64 bytes, in which every weight is a named stretch that begins at a
/// multiple of 16 elements. The gaps hold zeros.
/// </summary>
public sealed unsafe class ParameterStore
{
    /// <summary>Weights begin at multiples of this many elements: 64 bytes.</summary>
    public const int Alignment = 16;

    private readonly Dictionary<string, ParameterPlan> byName;
    private readonly KeyValuePair<string, Weight>[] weights;
    private readonly AlignedBuffer<float> buffer;

    // What was set before the weights came here; null once the buffer holds values. Filling waits until they are asked for: an
    // orthogonal matrix takes its time, and who only counts parameters, or loads them, needs none.
    private List<(Weight Weight, double[] Values)>? pending = [];

    /// <summary>Makes room for a network's weights and binds them to it; unless filled otherwise they are filled with seed 0.</summary>
    public ParameterStore(INetwork network)
        : this(network, null)
    {
    }

    internal ParameterStore(INetwork network, IReadOnlyList<ParameterPlan>? plan)
    {
        weights = [.. WeightVisitor.Walk(network).Weights];
        Parameters = plan ?? LayOut(weights);
        if (plan is not null)
        {
            Verify(plan, weights);
        }
        Length = Parameters.Count == 0 ? 0 : RoundUp(Parameters[^1].Offset + ShapeRules.Count(Parameters[^1].Shape));
        buffer = new AlignedBuffer<float>(Length);
        byName = Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i].Value.OwnValues is double[] set)
            {
                pending.Add((weights[i].Value, set));
            }
            weights[i].Value.Bind(this, Parameters[i].Offset);
        }
    }

    /// <summary>Names, shapes and places of the weights, in order.</summary>
    public IReadOnlyList<ParameterPlan> Parameters { get; }

    /// <summary>Names and weights, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, Weight>> Weights => weights;

    /// <summary>The length of the flat buffer in elements, gaps included.</summary>
    public int Length { get; }

    /// <summary>The memory of the flat buffer.</summary>
    public AlignedBuffer<float> Buffer
    {
        get
        {
            if (pending is List<(Weight Weight, double[] Values)> set)
            {
                Initialise(0);
                set.ForEach(item => item.Weight.SetValues(item.Values));
            }
            Host.Refresh();
            return buffer;
        }
    }

    /// <summary>Whether a device has newer values.</summary>
    internal HostCopy Host { get; } = new();

    /// <summary>The memory as it is, whatever a device has.</summary>
    internal Span<float> Unrefreshed => buffer.Span;

    /// <summary>
    /// The flat buffer, to write to. Asking for it counts as a change; whoever keeps it and writes later calls
    /// <see cref="MarkChanged"/> afterwards.
    /// </summary>
    public Span<float> Values
    {
        get
        {
            Span<float> values = Buffer.Span;
            Version++;
            return values;
        }
    }

    /// <summary>The flat buffer, to read.</summary>
    public ReadOnlySpan<float> ReadOnlyValues => Buffer.Span;

    /// <summary>The beginning of the flat buffer, aligned to 64 bytes; valid as long as this object lives.</summary>
    public float* Pointer => Buffer.Pointer;

    /// <summary>Counts changes; what was computed from the parameters is valid for one version.</summary>
    public long Version { get; private set; }

    /// <summary>A weight's values, to read or write; as with <see cref="Values"/>, asking counts as a change.</summary>
    /// <exception cref="KeyNotFoundException">There is no weight of that name.</exception>
    public Span<float> this[string name]
    {
        get
        {
            ParameterPlan parameter = Plan(name);
            return Values.Slice(parameter.Offset, ShapeRules.Count(parameter.Shape));
        }
    }

    /// <summary>A weight's shape and place.</summary>
    /// <exception cref="KeyNotFoundException">There is no weight of that name.</exception>
    public ParameterPlan Plan(string name) => byName.TryGetValue(name, out ParameterPlan? parameter)
        ? parameter
        : throw new KeyNotFoundException($"There is no weight '{name}'. There are: {string.Join(", ", byName.Keys)}.");

    /// <summary>Whether there is a weight of that name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Says that the buffer was written to.</summary>
    public void MarkChanged() => Version++;

    /// <summary>Replaces the whole buffer.</summary>
    internal void Replace(ReadOnlySpan<float> values)
    {
        pending = null;
        values.CopyTo(Values);
    }

    /// <summary>Fills every weight by its initialiser.</summary>
    /// <param name="seed">Equal seeds give equal values.</param>
    public void Initialise(int seed)
    {
        pending = null;
        for (int i = 0; i < weights.Length; i++)
        {
            (string name, Weight weight) = weights[i];
            double[] values = weight.Init.Fill(weight.Sizes, seed, name);
            Span<float> to = Values.Slice(Parameters[i].Offset, values.Length);
            for (int element = 0; element < values.Length; element++)
            {
                to[element] = (float)values[element];
            }
        }
        MarkChanged();
    }

    private static ParameterPlan[] LayOut(KeyValuePair<string, Weight>[] weights)
    {
        ParameterPlan[] plan = new ParameterPlan[weights.Length];
        int offset = 0;
        for (int i = 0; i < plan.Length; i++)
        {
            (string name, Weight weight) = weights[i];
            plan[i] = new ParameterPlan(name, weight.Shape, offset, weight.Trained);
            offset = RoundUp(offset + weight.Count);
        }
        return plan;
    }

    private static void Verify(IReadOnlyList<ParameterPlan> plan, KeyValuePair<string, Weight>[] weights)
    {
        for (int i = 0; i < Math.Max(plan.Count, weights.Length); i++)
        {
            string planned = i < plan.Count ? Describe(plan[i].Name, plan[i].Shape, plan[i].Trained) : "none";
            string found = i < weights.Length
                ? Describe(weights[i].Key, weights[i].Value.Shape, weights[i].Value.Trained)
                : "none";
            if (planned != found)
            {
                throw new InvalidOperationException(
                    $"Weight {i} of the model is {found}, but the model was compiled with {planned}. Rebuild the project; if the "
                    + "message stays, the model's shape depends on something that is known at run time only.");
            }
        }
        for (int i = 0; i < plan.Count; i++)
        {
            int earliest = i == 0 ? 0 : plan[i - 1].Offset + ShapeRules.Count(plan[i - 1].Shape);
            if (plan[i].Offset % Alignment != 0 || plan[i].Offset < earliest)
            {
                throw new InvalidOperationException(
                    $"The weight '{plan[i].Name}' was compiled to begin at element {plan[i].Offset}, which is no multiple of "
                    + $"{Alignment} or overlaps the weight before. Rebuild the project with one version of HyperDsl.");
            }
        }
    }

    private static string Describe(string name, IReadOnlyList<int> shape, bool trained) =>
        $"'{name}' {ShapeRules.Text(shape)}{(trained ? "" : ", not trained")}";

    private static int RoundUp(int count) => checked(count + Alignment - 1) / Alignment * Alignment;
}
