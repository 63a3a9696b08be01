using Xunit;

namespace HyperDsl.Cpu;

public unsafe class GatheringTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void RowsAreCopiedAndAdded(int width)
    {
        using var table = GuardedMemory<float>.Random(3 * width, 1);
        using var row = new GuardedMemory<float>(width);
        var before = table.ToArray();
        Gathering.GatherRow(table.Pointer, 3, 2, width, row.Pointer);
        Assert.Equal(before[(2 * width)..], row.ToArray());
        Gathering.AddToRow(table.Pointer, 3, 1, width, row.Pointer);
        for (var index = 0; index < 3 * width; index++)
        {
            var added = index / width == 1 ? before[index + width] : 0;
            Assert.Equal((float)(before[index] + added), (float)table[index]);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void RowsThatDoNotExistAreRefused(int row)
    {
        using var table = GuardedMemory<double>.Random(3 * 4, 1);
        using var target = new GuardedMemory<double>(4);
        var gather = Assert.Throws<ArgumentOutOfRangeException>(() => Gathering.GatherRow(table.Pointer, 3, row, 4, target.Pointer));
        Assert.Contains($"Index {row} is outside a table of 3 rows", gather.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Gathering.AddToRow(table.Pointer, 3, row, 4, target.Pointer));
    }
}
