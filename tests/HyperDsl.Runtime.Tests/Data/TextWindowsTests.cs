using HyperDsl.Data;
using HyperDsl.Execution;

namespace HyperDsl.Tests.Data;

public sealed class TextWindowsTests
{
    private static readonly InputPlan Text = new("text", [], 1000) { Steps = true };
    private static readonly InputPlan Next = new("next", [], 1000) { Steps = true };

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 101, 4, 5 }, { 102, 4, 5 }, { 103, 4, 7 }, { 104, 4, 7 }, { 2, 4, 7 }, { 5, 4, 7 }, { 6, 4, 7 }, { 50, 1, 50 }, { 50, 7, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void With_remainder_every_symbol_but_the_first_is_predicted_once(int length, int rows, int steps)
    {
        using var windows = new TextWindows(Symbols(length), rows, steps, new TextWindowOptions { KeepRemainder = true });
        List<(int Text, int Next)> pairs = [.. Epoch(windows).SelectMany(window => window).SelectMany(row => row)];
        Assert.All(pairs, pair => Assert.Equal(pair.Text + 1, pair.Next));
        Assert.Equal(Enumerable.Range(1, length - 1), pairs.Select(pair => pair.Next).Order());
        Assert.Equal(length - 1, windows.SymbolsPerEpoch);
    }

    [Fact]
    public void A_window_that_is_used_again_watches_nothing()
    {
        using var windows = new TextWindows(Symbols(103), 4, 7, new TextWindowOptions { KeepRemainder = true });
        for (int batch = 0; batch < 2 * windows.BatchesPerEpoch; batch++)
        {
            Batch window = windows.Next();
            Assert.Null(window.Watched);
            window.Watch(new Watched());
        }
    }

    [Theory]
    [InlineData(101, 4, 5, 5)]
    [InlineData(120, 4, 5, 5)]
    [InlineData(121, 4, 5, 6)]
    [InlineData(8, 1, 7, 1)]
    public void Each_row_reads_its_own_stretch_in_order(int length, int rows, int steps, int batches)
    {
        using var windows = new TextWindows(Symbols(length), rows, steps);
        Assert.Equal((batches, batches * rows, batches * rows * steps), (windows.BatchesPerEpoch, windows.ExamplesPerEpoch, windows.SymbolsPerEpoch));
        List<List<List<(int Text, int Next)>>> epoch = Epoch(windows);
        for (int row = 0; row < rows; row++)
        {
            List<int> read = [.. epoch.SelectMany(window => window[row]).Select(pair => pair.Text)];
            Assert.Equal(Enumerable.Range(row * ((length - 1) / rows), batches * steps), read);
        }

        Assert.Equal(new DataPosition(1, 0), windows.Position);
        windows.Position = new DataPosition(1, batches - 1);
        Assert.Equal(epoch[^1], Rows(windows.Next()));
    }

    [Fact]
    public void Texts_that_are_too_short_are_refused_with_the_length_needed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TextWindows(Symbols(20), 4, 5));
        Assert.StartsWith("The text has 20 symbols; 4 rows of windows of 5 need at least 21.", error.Message, StringComparison.Ordinal);
        Assert.Equal(21, TextWindows.Needed(4, 5));
        Assert.Throws<ArgumentException>(() => new TextWindows(Symbols(1), 1, 1, new TextWindowOptions { KeepRemainder = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(Symbols(20), 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(Symbols(20), 4, 0));
    }

    [Fact]
    public void Order_tells_texts_and_cuts_apart()
    {
        int[] other = Symbols(101);
        other[50] = 0;
        string[] orders =
        [
            Order(Symbols(101), 4, 5), Order(other, 4, 5), Order(Symbols(101), 5, 4), Order(Symbols(100), 4, 5),
            new TextWindows(Symbols(101), 4, 5, new TextWindowOptions { KeepRemainder = true }).Order,
            new TextWindows(Symbols(101), 4, 5, new TextWindowOptions { States = States }).Order,
        ];
        Assert.Equal(orders.Length, orders.Distinct().Count());
        Assert.Equal(orders[0], Order(Symbols(101), 4, 5));

        static string Order(int[] text, int rows, int steps) => new TextWindows(text, rows, steps).Order;
    }

    [Fact]
    public void States_begin_anew_with_an_epoch_and_the_last_row_goes_on_into_the_remainder()
    {
        List<SequenceState> made = [];
        using var windows = new TextWindows(Symbols(12), 3, 2, new TextWindowOptions
        {
            KeepRemainder = true,
            States = rows =>
            {
                made.Add(States(rows));
                return made[^1];
            },
        });
        Assert.Equal([3, 1], made.Select(state => state.Rows));
        Assert.Equal(3, windows.BatchesPerEpoch);
        windows.Next();
        Assert.True(windows.State!.IsFresh(2));
        windows.State.Set("cell.h", 2, [7, 8]);
        windows.Next();
        Assert.False(windows.State.IsFresh(2));
        Assert.True(made[1].IsFresh(0));
        windows.Next();
        Assert.False(made[1].IsFresh(0));
        Assert.Equal([7, 8], made[1].Values("cell.h").ToArray());
        windows.Next();
        Assert.True(windows.State.IsFresh(2));
    }

    private static SequenceState States(int rows) => new(rows, [new OutputPlan("cell.h", [2], Steps: false)]);

    private static int[] Symbols(int length) => [.. Enumerable.Range(0, length)];

    private static List<List<List<(int Text, int Next)>>> Epoch(TextWindows windows) =>
        [.. Enumerable.Range(0, windows.BatchesPerEpoch).Select(_ => Rows(windows.Next()))];

    private static List<List<(int Text, int Next)>> Rows(Batch batch)
    {
        int[] text = batch.Index(Text).ToArray(), next = batch.Index(Next).ToArray();
        return [.. text.Zip(next).Chunk(batch.Steps).Select(row => row.ToList())];
    }
}
