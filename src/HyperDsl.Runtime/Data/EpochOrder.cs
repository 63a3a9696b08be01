namespace HyperDsl.Data;

/// <summary>The order of examples in an epoch: a function of seed and epoch.</summary>
public static class EpochOrder
{
    /// <summary>
    /// Fills <paramref name="order"/> with a permutation of 0 … length − 1 (Fisher and Yates; all equally likely).
    /// </summary>
    public static void Shuffle(ulong seed, long epoch, Span<int> order)
    {
        Identity(order);
        var random = RandomStream.ForOrder(seed, epoch);
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = random.Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    /// <summary>Fills <paramref name="order"/> with 0 … length − 1.</summary>
    public static void Identity(Span<int> order)
    {
        for (int index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }
    }
}
