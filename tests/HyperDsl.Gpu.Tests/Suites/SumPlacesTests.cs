using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>Where elements of a sum go that is copied: for each element, the address is that of its copy.</summary>
public sealed class SumPlacesTests
{
    public static TheoryData<int[], int[], int[], int[]> Copies => new()
    {
        // Axes of the sum as (extent, stride), then extents of the copy, and how it loads and stores them.
        { [7, 5, 5, 1], [7, 5], [5, 1], [1, 7] },
        { [7, 5, 5, 1], [5, 7], [1, 5], [7, 1] },
        { [35, 1], [7, 5], [5, 1], [9, 1] },
        { [8, 16, 4, 1, 4, 4], [8, 4, 4], [16, 4, 1], [1, 32, 8] },
        { [24, 1], [2, 3, 4], [12, 4, 1], [1, 8, 2] },
        { [4, 6, 6, 1], [8, 3], [3, 1], [1, 8] },
        { [1, 1, 9, 1], [1, 9], [0, 1], [4, 2] },
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public void Elements_are_where_their_copies_would_be(int[] axes, int[] extents, int[] load, int[] store)
    {
        SumPlaces places = new(axes.Chunk(2).Where(axis => axis[0] != 1).Select(axis => new SumAxis(axis[0], axis[1])).ToEquatable());
        SumPlaces moved = places.MovedBy(SmallSums.CopyProgram(extents, load, store))!;
        Dictionary<int, int> copies = Enumerable.Range(0, places.Elements).ToDictionary(i => Address(extents, load, i), i => Address(extents, store, i));
        Assert.Equal(
            Enumerable.Range(0, places.Elements).Select(i => copies[Address(places, i)]),
            Enumerable.Range(0, places.Elements).Select(i => Address(moved, i)));
    }

    [Fact]
    public void A_copy_in_order_leaves_elements_in_order()
    {
        Assert.True(SumPlaces.InOrder(12).MovedBy(SmallSums.CopyProgram([3, 4], [4, 1], [4, 1]))!.IsInOrder);
        Assert.False(SumPlaces.InOrder(12).MovedBy(SmallSums.CopyProgram([3, 4], [4, 1], [5, 1]))!.IsInOrder);
        Assert.True(SumPlaces.InOrder(1).IsInOrder);
    }

    [Fact]
    public void Axes_that_do_not_divide_one_another_and_copies_of_a_part_have_no_places()
    {
        SumPlaces rows = new(new EquatableArray<SumAxis>(new SumAxis(4, 6), new SumAxis(6, 1)));
        Assert.NotNull(rows.MovedBy(SmallSums.CopyProgram([12, 2], [2, 1], [1, 12])));
        Assert.Null(rows.MovedBy(SmallSums.CopyProgram([6, 4], [4, 1], [1, 6])));
        Assert.Null(rows.MovedBy(SmallSums.CopyProgram([3, 6], [6, 1], [1, 3])));
        Assert.Null(rows.MovedBy(SmallSums.CopyProgram([24, 2], [1, 0], [2, 1])));
    }

    [Theory]
    [InlineData(0, 8, 8, 3, true)]
    [InlineData(8, 3, 0, 8, true)]
    [InlineData(0, 8, 7, 4, false)]
    [InlineData(0, 8, 8, 4, false)]
    public void Columns_of_rows_are_apart_that_do_not_meet(int first, int columns, int other, int otherColumns, bool apart)
    {
        // Rows of 11 numbers.
        static SumPlaces Columns(int count) => new(new EquatableArray<SumAxis>(new SumAxis(count, 1), new SumAxis(16, 11)));
        Assert.Equal(apart, SumPlaces.AreApart(Columns(columns), first, Columns(otherColumns), other));
    }

    [Fact]
    public void Rows_are_apart_that_follow_on_one_another()
    {
        Assert.True(SumPlaces.AreApart(SumPlaces.InOrder(33), 0, SumPlaces.InOrder(11), 33));
        Assert.False(SumPlaces.AreApart(SumPlaces.InOrder(33), 0, SumPlaces.InOrder(11), 32));
        Assert.True(SumPlaces.AreApart(new(new EquatableArray<SumAxis>(new SumAxis(3, 1), new SumAxis(5, 3))), 15, SumPlaces.InOrder(15), 0));
    }

    private static int Address(SumPlaces places, int index) =>
        Address([.. places.Axes.Select(axis => axis.Extent)], [.. places.Axes.Select(axis => axis.Stride)], index);

    private static int Address(int[] extents, int[] strides, int index)
    {
        int address = 0;
        for (int axis = extents.Length - 1; axis >= 0; axis--)
        {
            address += index % extents[axis] * strides[axis];
            index /= extents[axis];
        }

        return address;
    }
}
