namespace HyperDsl;

/// <summary>
/// A network with memory, written for one step: <see cref="Step"/> reads its fields marked <c>[State]</c> and assigns their next
/// values. <see cref="Scan"/> runs it over a sequence. Cells inside a cell are stepped by its own <see cref="Step"/>; their states
/// are carried along.
/// </summary>
[Network]
public abstract partial class Cell
{
    /// <summary>One step.</summary>
    /// <param name="x">The input of this step.</param>
    /// <returns>The output of this step.</returns>
    public abstract Tensor Step(Tensor x);

    /// <summary>
    /// Runs <see cref="Step"/> at every step of a sequence, from the first to the last. States begin with what their fields hold
    /// and are put back afterwards, so that each sequence begins alike.
    /// </summary>
    /// <param name="sequence">A value that varies with time.</param>
    /// <returns>The outputs, one at each step.</returns>
    /// <exception cref="TensorShapeException">The value does not vary with time, or a state does not keep its shape.</exception>
    [Primitive("scan")]
    public Tensor Scan(Tensor sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        if (sequence.Steps is not int steps)
        {
            throw new TensorShapeException(
                $"'Scan' runs over a value that varies with time, but got {sequence}, which is the same at every step. Give it an input "
                + "marked [Steps], or something computed from one.");
        }
        IReadOnlyList<StateField> states = WeightVisitor.Walk(this).States;
        Tensor[] initial = [.. states.Select(state => state.Read() ?? throw new InvalidOperationException(
            $"The state '{state.Name}' has no initial value. Write one in its declaration, such as '= Zeros(units)'."))];
        EagerContext? context = Mode.Current;
        string[] names = context?.States?.Begin(this, states) ?? [];
        int firstSite = context?.Sites ?? 0;
        Tensor[] outputs = new Tensor[steps];
        try
        {
            for (int i = 0; i < names.Length; i++)
            {
                states[i].Write(context!.States!.Initial(names[i], initial[i]));
            }
            for (int step = 0; step < steps; step++)
            {
                context?.BeginStep(step, firstSite);
                outputs[step] = Step(sequence.AtStep(step));
                CheckStep(states, initial, outputs[step], outputs[0]);
            }
            for (int i = 0; i < names.Length; i++)
            {
                context!.States!.Leave(names[i], states[i].Read()!);
            }
        }
        finally
        {
            context?.EndSteps();
            for (int i = 0; i < initial.Length; i++)
            {
                states[i].Write(initial[i]);
            }
        }
        return Tensor.OfSteps(outputs);
    }

    private static void CheckStep(IReadOnlyList<StateField> states, Tensor[] initial, Tensor output, Tensor first)
    {
        Tensor[] next = [.. states.Select(state => state.Read()
            ?? throw new InvalidOperationException($"'Step' makes the state '{state.Name}' null."))];
        for (int i = 0; i < next.Length; i++)
        {
            if (!next[i].Sizes.AsSpan().SequenceEqual(initial[i].Sizes))
            {
                throw new TensorShapeException(
                    $"'Step' makes the state '{states[i].Name}' of shape {ShapeRules.Text(initial[i].Sizes)} one of shape "
                    + $"{ShapeRules.Text(next[i].Sizes)}; a state must keep its shape.");
            }
        }
        if (!output.Sizes.AsSpan().SequenceEqual(first.Sizes))
        {
            throw new TensorShapeException(
                $"'Step' returns {ShapeRules.Text(output.Sizes)} after {ShapeRules.Text(first.Sizes)} at the first step; the shape "
                + "must be the same at every step.");
        }
        if (Array.Exists([.. next, output], value => value.Steps is not null))
        {
            throw new TensorShapeException(
                "'Step' uses a value that varies with time by another way than its argument. Join it to the sequence that 'Scan' gets, "
                + "for example with 'Concat'.");
        }
    }
}
