namespace HyperDsl;

/// <summary>
/// Numbers that belong to a model: learned ones, or with <see cref="Trained"/> off ones that the model itself updates. In a
/// model the values live in its flat parameter buffer.
/// </summary>
/// <param name="shape">Sizes; none for a scalar.</param>
[HyperLibrary]
public sealed class Weight(params int[] shape) : Tensor(CheckedCopy(shape), null, [])
{
    private ParameterStore? store;
    private int offset;
    private double[]? own;

    /// <summary>
    /// How it is filled at the start: with zeros unless set. A matrix usually needs random numbers, such as those of
    /// <see cref="Initialiser.XavierUniform"/>: rows that begin equal may stay equal.
    /// </summary>
    public Initialiser Init { get; init; } = Initialiser.Zeros;

    /// <summary>Whether it has a gradient; running statistics have none.</summary>
    public bool Trained { get; init; } = true;

    internal override double[] Values
    {
        get
        {
            if (store is not null)
            {
                ReadOnlySpan<float> bound = store.ReadOnlyValues.Slice(offset, Count);
                double[] copy = new double[Count];
                for (int i = 0; i < copy.Length; i++)
                {
                    copy[i] = bound[i];
                }
                return copy;
            }
            return own ??= Init.IsRandom ? throw NotInitialised() : Init.Fill(Sizes, 0, "");
        }
    }

    /// <summary>
    /// Gives a weight that is not trained a new value, for all examples. It takes effect at the end of a training step; in evaluation
    /// (<see cref="Model.Loss"/>, predictions) it is dropped. Outside of an evaluation it takes effect at once.
    /// </summary>
    /// <param name="value">The new value, of the weight's own shape.</param>
    /// <exception cref="InvalidOperationException">The weight is trained.</exception>
    /// <exception cref="TensorShapeException">The value has another shape or varies with the example or with time.</exception>
    [Primitive("update")]
    public void Update(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Trained)
        {
            throw new InvalidOperationException(
                $"A weight of shape {this} is updated by the model and trained by the optimiser. Declare it with Trained = false.");
        }
        if (value.Examples is not null || value.Steps is not null)
        {
            throw new TensorShapeException(
                $"A weight of shape {this} is updated with a value that varies with {(value.Steps is null ? "the example" : "time")}. "
                + "Reduce it over the batch first, for example with BatchMean.");
        }
        if (!value.Sizes.AsSpan().SequenceEqual(Sizes))
        {
            throw new TensorShapeException(
                $"A weight of shape {this} is updated with a value of shape {value}. The shapes must be equal.");
        }
        if (Mode.Current is EagerContext context)
        {
            context.Defer(this, value.ToArray());
        }
        else
        {
            SetValues(value.Values);
        }
    }

    /// <summary>Stores values, rounded to single precision where the weight belongs to a model.</summary>
    /// <param name="values">Elements, row-major.</param>
    /// <exception cref="TensorShapeException">The number of values is not the number of elements.</exception>
    public void SetValues(ReadOnlySpan<double> values)
    {
        if (values.Length != Count)
        {
            throw new TensorShapeException($"{values.Length} values were given for a weight of shape {this}, which holds {Count}.");
        }
        if (store is null)
        {
            own = values.ToArray();
            return;
        }
        Span<float> bound = store.Values.Slice(offset, Count);
        for (int i = 0; i < Count; i++)
        {
            bound[i] = (float)values[i];
        }
    }

    /// <summary>Lets the values live in a model's buffer from now on; the buffer already holds them.</summary>
    internal void Bind(ParameterStore to, int at)
    {
        if (store is not null && !ReferenceEquals(store, to))
        {
            throw new InvalidOperationException(
                $"A weight of shape {this} belongs to two models. Make one for each, or make the models share one network inside one model.");
        }
        store = to;
        offset = at;
        own = null;
    }

    /// <summary>Values set before the weight came into a model, or <c>null</c>.</summary>
    internal double[]? OwnValues => store is null ? own : null;

    private static int[] CheckedCopy(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ShapeRules.CheckSizes("a weight", shape);
        return (int[])shape.Clone();
    }

    private InvalidOperationException NotInitialised() => new(
        $"A weight of shape {this} has random initial values and none yet. Call Initialise(seed) on its model first, "
        + "or new ParameterStore(network).Initialise(seed) for a network on its own.");
}
