namespace HyperDsl;

/// <summary>How a model is being evaluated: known at compile time in compiled code, set by <see cref="Enter(bool, ulong, int?, int?)"/> in eager code.</summary>
public static class Mode
{
    private static readonly AsyncLocal<EagerContext?> Entered = new();

    /// <summary>Whether gradients are being computed; dropout and batch statistics depend on it. False unless entered.</summary>
    public static bool Training => Entered.Value?.Training ?? false;

    internal static EagerContext? Current => Entered.Value;

    /// <summary>
    /// Begins an eager evaluation of one entry on the current flow of control. Random masks are numbered from 0 again, as the
    /// compiler numbers them in each entry; updates of weights that are not trained take effect when the result is disposed, as
    /// a compiled step applies them at its end.
    /// </summary>
    /// <param name="training">Whether <see cref="Training"/> is set.</param>
    /// <param name="randomKey">The key of the step's random numbers.</param>
    /// <param name="examples">The size of the batch; <c>null</c> for a single example without a batch.</param>
    /// <param name="steps">The number of steps of its sequences; <c>null</c> where nothing varies with time.</param>
    /// <returns>Ends the evaluation and restores the one around it.</returns>
    public static IDisposable Enter(bool training, ulong randomKey = 0, int? examples = null, int? steps = null)
    {
        if (examples is int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(examples));
        }
        if (steps is int length)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(steps));
        }
        return Enter(new EagerContext(training, randomKey, examples, steps));
    }

    /// <summary>
    /// As <see cref="Enter(bool, ulong, int?, int?)"/>, for a batch of sequences that go on from earlier ones: scans begin with these states
    /// and leave theirs there, as a compiled call does.
    /// </summary>
    /// <param name="model">The model whose entry is evaluated.</param>
    /// <param name="state">Made by its <see cref="Model.NewState"/>.</param>
    /// <param name="training">Whether <see cref="Training"/> is set.</param>
    /// <param name="steps">The number of steps of the sequences.</param>
    /// <param name="randomKey">The key of the step's random numbers.</param>
    /// <returns>Ends the evaluation and restores the one around it.</returns>
    public static IDisposable Enter(Model model, SequenceState state, bool training, int steps, ulong randomKey = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return Enter(new EagerContext(training, randomKey, state.Rows, steps, new EagerStates(model, state)));
    }

    private static EagerContext Enter(EagerContext context)
    {
        EagerContext? outer = Entered.Value;
        context.Leave = () => Entered.Value = outer;
        Entered.Value = context;
        return context;
    }
}
