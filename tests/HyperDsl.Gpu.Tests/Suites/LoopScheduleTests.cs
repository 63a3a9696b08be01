using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>Decisions about kernels that walk sequences: who walks, how many examples a group owns, where values lie, where threads wait.</summary>
public sealed class LoopScheduleTests
{
    /// <summary>Width of a weight matrix, whether a step with it and an element-wise pass is walked by a kernel, examples of a group.</summary>
    [Theory]
    [InlineData(16, true, 4)]
    [InlineData(100, true, 2)]
    [InlineData(150, true, 1)]
    [InlineData(200, true, 2)]
    [InlineData(500, false, 2)]
    public void Sizes_decide(int width, bool walks, int rows)
    {
        Launch[] body = [Product(width), Fill(width)];
        LoopSegment[] byHost = LoopSizes.NeedsDevice(body[0])
            ? [new(false, new EquatableArray<Launch>(body[0])), new(true, new EquatableArray<Launch>(body[1]))]
            : [new(true, body.ToEquatable())];
        LoopSizes sizes = new(body);
        Assert.Equal((walks, rows), (sizes.FavourWalk(byHost), sizes.GroupRows));
    }

    [Fact]
    public void Values_that_live_at_the_same_time_have_their_own_room()
    {
        LoopLocal[] locals = [new(40, -1, int.MaxValue), new(30, 0, 1), new(30, 1, 2), new(30, 2, 3), new(70, 3, 4)];
        LoopRooms rooms = LoopRooms.Of(locals, limit: 100);
        Assert.Equal([LoopMemory.Values, LoopMemory.Values, LoopMemory.Values, LoopMemory.Values, LoopMemory.Room], rooms.Places.Select(place => place.Memory));
        Assert.Equal((100, 70), (rooms.SharedSize, rooms.RoomSize));
        Assert.Equal(rooms.Places[1], rooms.Places[3]);
        Assert.NotEqual(rooms.Places[1], rooms.Places[2]);
    }

    /// <summary>b from a, c from a, then d from b, which waits; e lies on b and c, so its writer waits for their readers, and so does the next of c.</summary>
    [Fact]
    public void Threads_wait_where_parts_touch_the_same_values()
    {
        LoopBuffer[] buffers = [Local("a", 0), Local("b", 10), Local("c", 20), Local("d", 30), Local("e", 15)];
        LoopPart part = new(new FillKernel(10, 0), EquatableArray<LoopOperand>.Empty, null, false, false, "");
        bool[] waits = [.. LoopWaits.Place(
            [part, part, part, part, part], [([0], [1]), ([0], [2]), ([1], [3]), ([0], [4]), ([], [2])], buffers).Select(placed => placed.Waits)];
        Assert.Equal([false, false, true, true, true], waits);
    }

    private static LoopBuffer Local(string name, int offset) => new(name, LoopMemory.Values, offset, 10, true, false, false, "[10]");

    private static Launch Product(int width) => new(
        new ProductKernel(
            EquatableArray<ProductAxis>.Empty, new(ProductAxis.Open(width, 0, width)), new(ProductAxis.Closed(width, 1, width, 0)),
            new(ProductAxis.Closed(width, 0, 1, 1)), null),
        EquatableArray<DeviceOperand>.Empty, null, width, false, RowCount.Examples, EquatableArray<int>.Empty, "");

    private static Launch Fill(int width) => new(
        new FillKernel(width, 0), EquatableArray<DeviceOperand>.Empty, null, 0, false, RowCount.Examples, EquatableArray<int>.Empty, "");
}
