namespace HyperDsl;

/// <summary>Whether an element of a random mask is 1.</summary>
internal static class EagerMask
{
    public static bool Keeps(ulong key, int site, int example, int element, double keep) =>
        new InitialRandom((int)(key ^ (key >> 32)), $"{site}.{example}").Uniform(element) < keep;
}
