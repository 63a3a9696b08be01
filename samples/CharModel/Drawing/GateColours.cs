namespace CharModel.Drawing;

/// <summary>A colour.</summary>
/// <param name="Red">From 0 to 255.</param>
/// <param name="Green">From 0 to 255.</param>
/// <param name="Blue">From 0 to 255.</param>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>The way from a colour to this one.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="share">How far to go: 0 stays, 1 arrives.</param>
    public Colour Over(Colour from, double share) => new(
        Mix(from.Red, Red, share), Mix(from.Green, Green, share), Mix(from.Blue, Blue, share));

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));
}

/// <summary>One colour a gate, which can be told apart by people who confuse red and green (Okabe and Ito 2008).</summary>
public static class GateColours
{
    /// <summary>The colours in the gates' order.</summary>
    public static IReadOnlyList<Colour> All { get; } = [new(86, 180, 233), new(230, 159, 0), new(0, 158, 115), new(204, 121, 167)];

    /// <summary>How opaque the strongest change is behind dark letters, so that they stay legible.</summary>
    public const double FullOpacity = 0.75;

    /// <summary>The colour of the gate that changed most for its scale, on a background, as strong as it changed.</summary>
    /// <param name="text">The sample.</param>
    /// <param name="change">The gates' changes; none for the background alone.</param>
    /// <param name="background">The colour of no change.</param>
    /// <remarks>A mixture of all gates' colours would be a grey that tells none of them.</remarks>
    public static Colour Strongest(SampleText text, double[] change, Colour background)
    {
        (Colour colour, double strongest) = (background, 0);
        for (int gate = 0; gate < change.Length; gate++)
        {
            double strength = text.Strength(gate, change[gate]);
            (colour, strongest) = strength > strongest ? (All[gate], strength) : (colour, strongest);
        }

        return colour.Over(background, strongest);
    }
}
