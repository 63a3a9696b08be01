namespace HyperDsl.Generator.Emit;

/// <summary>What is printed once however often it is used, in order of first use, and the words in which all its users agree.</summary>
/// <typeparam name="TKey">What is printed.</typeparam>
/// <typeparam name="TWords">How a user calls it and its parts.</typeparam>
/// <param name="common">What two users agree on.</param>
internal sealed class SharedWords<TKey, TWords>(Func<TWords, TWords, TWords> common)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> places = [];
    private readonly List<(TKey Key, TWords Words)> all = [];
    private int settled;

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<(TKey Key, TWords Words)> All => all;

    /// <summary>The number of something among all.</summary>
    public int PlaceOf(TKey key) => places[key];

    public void Add(TKey key, TWords words)
    {
        if (!places.TryGetValue(key, out int place))
        {
            places.Add(key, all.Count);
            all.Add((key, words));
        }
        else if (place >= settled)
        {
            all[place] = (key, common(all[place].Words, words));
        }
    }

    /// <summary>
    /// What is there keeps its words, whoever uses it from now on: routines that give watched values as well call what others call as those do, so who
    /// watches a value finds the other routines as they were.
    /// </summary>
    public void Settle() => settled = all.Count;
}
