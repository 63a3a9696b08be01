namespace HyperDsl.Cpu;

/// <summary>
/// Which distances of a block's operands are known when its machine code is made. Known ones become part of the addresses: without
/// them a third of the instructions of the inner loop count and add, which a processor whose core serves two threads at once has no
/// room for.
/// </summary>
internal interface ITileStrides
{
    /// <summary>Whether inner steps are so many constants apart that several of them share pointers.</summary>
    static abstract bool AreKnown { get; }

    /// <summary>Elements between rows of A within a half.</summary>
    static abstract nint ARow(nint given);

    /// <summary>Elements from the first row to the first of the lower half, below so many rows.</summary>
    static abstract nint ASplit(nint given, int upperRows);

    /// <summary>Elements between inner steps of A, of a block of so many rows.</summary>
    static abstract nint AInner(nint given, int rows);

    /// <summary>Elements between inner steps of B, of a panel of so many lanes.</summary>
    static abstract nint BInner(nint given, int lanes);
}

/// <summary>Rows of A lie anywhere, each is contiguous; panels of B are packed: activations times weights.</summary>
internal readonly struct RowsTimesPanels : ITileStrides
{
    public static bool AreKnown => true;

    public static nint ARow(nint given) => given;

    public static nint ASplit(nint given, int upperRows) => given;

    public static nint AInner(nint given, int rows) => 1;

    public static nint BInner(nint given, int lanes) => lanes;
}

/// <summary>A is packed in strips, [inner][row], and B in panels: gradients of weights, and activations times weights where that pays.</summary>
internal readonly struct StripsTimesPanels : ITileStrides
{
    public static bool AreKnown => true;

    public static nint ARow(nint given) => 1;

    public static nint ASplit(nint given, int upperRows) => upperRows;

    public static nint AInner(nint given, int rows) => rows;

    public static nint BInner(nint given, int lanes) => lanes;
}

/// <summary>Nothing is known: matrices as they lie in memory.</summary>
internal readonly struct GivenStrides : ITileStrides
{
    public static bool AreKnown => false;

    public static nint ARow(nint given) => given;

    public static nint ASplit(nint given, int upperRows) => given;

    public static nint AInner(nint given, int rows) => given;

    public static nint BInner(nint given, int lanes) => given;
}
