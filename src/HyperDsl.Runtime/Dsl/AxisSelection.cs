namespace HyperDsl;

/// <summary>What an index of <see cref="Tensor"/> says of one axis: one entry, or a stretch of them.</summary>
[HyperLibrary]
public readonly struct AxisSelection
{
    /// <summary>One entry; the axis vanishes.</summary>
    public AxisSelection(Index index)
    {
        Start = index;
        End = index;
        IsIndex = true;
    }

    /// <summary>A stretch; the axis stays.</summary>
    public AxisSelection(Range range)
    {
        Start = range.Start;
        End = range.End;
        IsIndex = false;
    }

    /// <summary>The first entry.</summary>
    public Index Start { get; }

    /// <summary>The entry after the last one; of a range only.</summary>
    public Index End { get; }

    /// <summary>Whether it is one entry.</summary>
    public bool IsIndex { get; }

    /// <summary>One entry.</summary>
    public static implicit operator AxisSelection(int index) => new((Index)index);

    /// <summary>One entry.</summary>
    public static implicit operator AxisSelection(Index index) => new(index);

    /// <summary>A stretch.</summary>
    public static implicit operator AxisSelection(Range range) => new(range);
}
