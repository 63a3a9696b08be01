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
    /// <param name="valid">
    /// For sequences of different lengths: a scalar that varies with time, 0 at steps that do not belong to the sequence. There states
    /// stay as they are and the output is 0. All steps count where it is left out.
    /// </param>
    /// <returns>The outputs, one at each step.</returns>
    /// <exception cref="TensorShapeException">A value does not vary with time, or a state does not keep its shape.</exception>
    [Primitive("scan")]
    public Tensor Scan(Tensor sequence, Tensor? valid = null)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        int steps = StepsOf(sequence, valid);
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
                Tensor[] before = [.. states.Select(state => state.Read()!)];
                outputs[step] = Step(sequence.AtStep(step));
                CheckStep(states, initial, outputs[step], outputs[0]);
                if (valid is not null)
                {
                    outputs[step] = Hold(states, before, outputs[step], valid.AtStep(step));
                }
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

    private static int StepsOf(Tensor sequence, Tensor? valid)
    {
        if (sequence.Steps is not int steps)
        {
            throw new TensorShapeException(
                $"'Scan' runs over a value that varies with time, but got {sequence}, which is the same at every step. Give it an input "
                + "marked [Steps], or something computed from one.");
        }
        return valid is null || (valid.Steps == steps && valid.Rank == 0) ? steps : throw new TensorShapeException(
            $"'Scan' takes as its second argument a scalar at each of the {steps} steps of the sequence, but got {valid}. Give it an input "
            + "such as [Steps, Shape] Tensor valid.");
    }

    /// <summary>At a step that does not count, states stay and the output is 0.</summary>
    private static Tensor Hold(IReadOnlyList<StateField> states, Tensor[] before, Tensor output, Tensor valid)
    {
        for (int i = 0; i < before.Length; i++)
        {
            states[i].Write(TensorMath.Select(valid, states[i].Read()!, before[i]));
        }
        return TensorMath.Select(valid, output, 0);
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
