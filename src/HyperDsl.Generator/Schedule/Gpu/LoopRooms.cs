namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>A value that lives in a group's memory.</summary>
/// <param name="Size">Elements for one example.</param>
/// <param name="First">The part that touches it first; before all parts for a state.</param>
/// <param name="Last">The part that touches it last.</param>
internal sealed record LoopLocal(int Size, int First, int Last);

/// <summary>Places of a group's values: in shared memory, and what that has no room for in the group's part of a buffer.</summary>
/// <param name="Places">Memory and offset of each value.</param>
/// <param name="SharedSize">Elements of shared memory for one example.</param>
/// <param name="RoomSize">Elements elsewhere for one example.</param>
internal sealed record LoopRooms(IReadOnlyList<(LoopMemory Memory, int Offset)> Places, int SharedSize, int RoomSize)
{
    /// <param name="locals">The values.</param>
    /// <param name="limit">Elements of shared memory that one example may take.</param>
    public static LoopRooms Of(IReadOnlyList<LoopLocal> locals, int limit)
    {
        // Room that is used twice makes threads wait once more, so only where it is needed.
        bool shares = locals.Sum(local => (long)local.Size) > limit;
        ScratchArena shared = new();
        ScratchArena room = new();
        (LoopMemory, int)[] places = new (LoopMemory, int)[locals.Count];
        foreach (int i in Enumerable.Range(0, locals.Count).OrderBy(i => locals[i].First))
        {
            LoopLocal local = locals[i];
            if (shares)
            {
                shared.Release(local.First);
                room.Release(local.First);
            }
            int last = shares ? local.Last : int.MaxValue;
            places[i] = shared.TakeWithin(local.Size, last, limit) is int offset
                ? (LoopMemory.Values, offset)
                : (LoopMemory.Room, room.Take(local.Size, last));
        }
        return new LoopRooms(places, shared.Size, room.Size);
    }
}
