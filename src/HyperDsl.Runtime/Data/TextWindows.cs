using System.Globalization;

namespace HyperDsl.Data;

/// <summary>How <see cref="TextWindows"/> cuts a text.</summary>
public sealed record TextWindowOptions
{
    /// <summary>The model's input of symbols.</summary>
    public string TextInput { get; init; } = "text";

    /// <summary>The model's input of the symbols that follow.</summary>
    public string NextInput { get; init; } = "next";

    /// <summary>
    /// Makes states for a number of rows, usually <c>model.NewState</c>: windows go on where the last ones ended. Null where every window
    /// begins anew.
    /// </summary>
    public Func<int, SequenceState>? States { get; init; }

    /// <summary>
    /// Whether each symbol but the first is predicted once an epoch: the last windows are as short as needed, and symbols that do not fill
    /// all rows come in a batch of one row, which goes on with the last one. Otherwise they are left out.
    /// </summary>
    public bool KeepRemainder { get; init; }
}

/// <summary>
/// Windows of a text for models that predict the next symbol. The text is cut into as many equal stretches as a batch has rows; each row
/// reads its own from beginning to end, a window a batch, so that states can go on from batch to batch (truncated back-propagation
/// through time). An epoch is one pass.
/// </summary>
/// <remarks>
/// With <see cref="TextWindowOptions.States"/> a batch depends on the calls made with the batches before it: setting
/// <see cref="BatchSource.Position"/> moves to a place in the text, and <see cref="State"/> stays as it is. Checkpoints keep both.
/// </remarks>
public sealed class TextWindows : BatchSource
{
    private readonly ReadOnlyMemory<int> symbols;
    private readonly TextWindowOptions options;
    private readonly int rows;
    private readonly int steps;
    private readonly int stretch;
    private readonly int tail;
    private readonly Window whole;
    private readonly Window? shorter;
    private readonly Window? single;
    private readonly string order;

    /// <summary>Cuts a text.</summary>
    /// <param name="symbols">The text.</param>
    /// <param name="rows">Rows of a batch; with <see cref="TextWindowOptions.KeepRemainder"/> fewer if the text is shorter.</param>
    /// <param name="steps">Symbols of a window.</param>
    /// <param name="options">How; by default without states and remainder.</param>
    /// <exception cref="ArgumentException">The text is too short for one window of every row.</exception>
    public TextWindows(ReadOnlyMemory<int> symbols, int rows, int steps, TextWindowOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        this.symbols = symbols;
        this.options = options ?? new TextWindowOptions();
        int predicted = symbols.Length - 1;
        long needed = this.options.KeepRemainder ? 2 : Needed(rows, steps);
        if (symbols.Length < needed)
        {
            throw new ArgumentException(
                $"The text has {symbols.Length} symbols; {rows} rows of windows of {steps} need at least {needed}.", nameof(symbols));
        }

        this.rows = Math.Min(rows, predicted);
        stretch = predicted / this.rows;
        this.steps = Math.Min(steps, stretch);
        int rest = stretch % this.steps;
        tail = this.options.KeepRemainder ? predicted % this.rows : 0;
        State = this.options.States?.Invoke(this.rows);
        whole = new Window(this.rows, this.steps, this.options, State);
        shorter = this.options.KeepRemainder && rest > 0 ? new Window(this.rows, rest, this.options, State) : null;
        single = tail > 0 ? new Window(1, tail, this.options, this.options.States?.Invoke(1)) : null;
        order = string.Create(
            CultureInfo.InvariantCulture,
            $"{this.rows} rows of {symbols.Length} symbols (check {Check(symbols.Span):x16}), windows of {this.steps}"
            + $"{(State is null ? ", each anew" : "")}{(this.options.KeepRemainder ? ", with remainder" : "")}");
    }

    /// <summary>The fewest symbols of a text that fill a window of every row.</summary>
    public static long Needed(int rows, int steps) => ((long)rows * steps) + 1;

    /// <inheritdoc/>
    public override int BatchesPerEpoch => (stretch / steps) + (shorter is null ? 0 : 1) + (single is null ? 0 : 1);

    /// <inheritdoc/>
    public override int ExamplesPerEpoch => (rows * (BatchesPerEpoch - (single is null ? 0 : 1))) + (single is null ? 0 : 1);

    /// <summary>Symbols that an epoch predicts.</summary>
    public int SymbolsPerEpoch => (rows * (shorter is null ? stretch / steps * steps : stretch)) + tail;

    /// <inheritdoc/>
    public override string Order => order;

    /// <inheritdoc/>
    public override SequenceState? State { get; }

    /// <inheritdoc/>
    protected override Batch Deliver(DataPosition place)
    {
        if (place.Batch == 0)
        {
            State?.Reset();
        }

        if (single is not null && place.Batch == BatchesPerEpoch - 1)
        {
            single.State?.CopyRow(0, State!, rows - 1);
            return single.Fill(symbols.Span, rows * stretch, stretch);
        }

        int first = place.Batch * steps;
        return (first + steps <= stretch ? whole : shorter!).Fill(symbols.Span, first, stretch);
    }

    /// <summary>The FNV-1a hash of the symbols, so that a checkpoint is not taken for one of another text.</summary>
    private static ulong Check(ReadOnlySpan<int> symbols)
    {
        ulong hash = 14695981039346656037;
        foreach (int symbol in symbols)
        {
            hash = (hash ^ (uint)symbol) * 1099511628211;
        }

        return hash;
    }

    /// <summary>The room of one batch.</summary>
    private sealed class Window
    {
        private readonly int[] text;
        private readonly int[] next;
        private readonly int steps;
        private readonly Batch batch;

        public Window(int rows, int steps, TextWindowOptions options, SequenceState? state)
        {
            text = new int[checked(rows * steps)];
            next = new int[text.Length];
            this.steps = steps;
            State = state;
            batch = new Batch(rows).Add(options.TextInput, text, steps).Add(options.NextInput, next, steps);
            if (state is not null)
            {
                batch.Continue(state);
            }
        }

        public SequenceState? State { get; }

        /// <summary>Copies the window at <paramref name="first"/> of the first row; rows lie <paramref name="stretch"/> apart.</summary>
        public Batch Fill(ReadOnlySpan<int> symbols, int first, int stretch)
        {
            for (int row = 0; row < batch.Count; row++)
            {
                int start = first + (row * stretch);
                symbols.Slice(start, steps).CopyTo(text.AsSpan(row * steps));
                symbols.Slice(start + 1, steps).CopyTo(next.AsSpan(row * steps));
            }

            return batch.Watch(null);
        }
    }
}
