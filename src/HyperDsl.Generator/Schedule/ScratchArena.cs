namespace HyperDsl.Generator.Schedule;

/// <summary>First-fit allocation in order of the steps: room is taken at the first writer and given back after the last reader.</summary>
internal sealed class ScratchArena
{
    private readonly List<(int Offset, int Size, int LastUse)> taken = [];

    /// <summary>The most elements in use at any time.</summary>
    public int Size { get; private set; }

    /// <summary>Gives back what was last used before a step.</summary>
    public void Release(int position) => taken.RemoveAll(block => block.LastUse < position);

    public int Take(int size, int lastUse) => TakeWithin(size, lastUse, int.MaxValue)!.Value;

    /// <summary>As <see cref="Take"/>; nothing if the value would reach beyond a limit.</summary>
    public int? TakeWithin(int size, int lastUse, int limit)
    {
        int offset = 0;
        foreach ((int blockOffset, int blockSize, _) in taken.OrderBy(block => block.Offset))
        {
            if (blockOffset - offset >= size)
            {
                break;
            }
            offset = blockOffset + blockSize;
        }
        if (size > limit - offset)
        {
            return null;
        }
        taken.Add((offset, size, lastUse));
        Size = Math.Max(Size, checked(offset + size));
        return offset;
    }

    /// <summary>Keeps what lies at an offset for another value, which takes its room.</summary>
    public void TakeOver(int offset, int lastUse)
    {
        int index = taken.FindIndex(block => block.Offset == offset);
        (int Offset, int Size, int LastUse) block = taken[index];
        taken[index] = block with { LastUse = Math.Max(block.LastUse, lastUse) };
    }
}
