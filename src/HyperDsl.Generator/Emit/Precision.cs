namespace HyperDsl.Generator.Emit;

/// <summary>The width of floating-point numbers that code is emitted for.</summary>
internal sealed record Precision(string Type, int Lanes, bool IsSingle)
{
    public static readonly Precision Single = new("float", 16, true);

    public static readonly Precision Double = new("double", 8, false);

    public string Vector => "Vector512<" + Type + ">";
}
