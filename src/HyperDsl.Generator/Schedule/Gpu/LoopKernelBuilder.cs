using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Turns launches of a step of time into one kernel: of a whole loop, which then walks the sequence, or of a part of a step.</summary>
internal sealed class LoopKernelBuilder
{
    private readonly IReadOnlyList<Storage> storages;
    private readonly Launch[] body;
    private readonly StepOrder order;
    private readonly HashSet<int> readElsewhere;
    private readonly Dictionary<(int Launch, int Number), int> temporaries = [];
    private readonly Dictionary<int, int> given = [];
    private readonly Dictionary<int, int> local = [];
    private readonly List<int> givenStorages = [];
    private readonly List<LoopBuffer> buffers = [];

    private LoopKernelBuilder(IReadOnlyList<Storage> storages, Launch[] body, StepOrder order, HashSet<int> readElsewhere)
    {
        (this.storages, this.body, this.order, this.readElsewhere) = (storages, body, order, readElsewhere);
    }

    /// <param name="storages">Storages of the routine.</param>
    /// <param name="body">What a step launches.</param>
    /// <param name="order">Which steps the kernel does.</param>
    /// <param name="readElsewhere">Storages that launches outside of the body read.</param>
    /// <returns>The launch; <c>null</c> if there is something in the body that needs more than an example's own rows.</returns>
    public static Launch? Build(IReadOnlyList<Storage> storages, Launch[] body, StepOrder order, HashSet<int> readElsewhere) =>
        body.All(launch => IsOfOwnRows(storages, launch)) ? new LoopKernelBuilder(storages, body, order, readElsewhere).Build() : null;

    /// <summary>Whether a launch needs an example's own rows and shared weights only.</summary>
    public static bool IsOfOwnRows(IReadOnlyList<Storage> storages, Launch launch) =>
        IsOfOwnRows(launch) && Storages(launch).All(storage => !storages[storage].PerStep || storages[storage].PerExample);

    /// <summary>Whether a storage holds temporary values of one step, written in a body and read nowhere else.</summary>
    public static bool IsOfOneStep(IReadOnlyList<Storage> storages, Launch[] body, HashSet<int> readElsewhere, int storage) =>
        new LoopKernelBuilder(storages, body, StepOrder.Single, readElsewhere).IsOfOneStep(storage);

    /// <summary>What a launch reads or writes.</summary>
    public static IEnumerable<int> Storages(Launch launch) => DeviceMemory.ReadBy(launch).Concat(DeviceMemory.WrittenBy(launch))
        .Where(operand => !operand.IsTemporary).Select(operand => operand.Storage).Distinct();

    private static bool IsOfOwnRows(Launch launch) => launch.Rows == RowCount.Examples && launch.Kernel switch
    {
        PassKernel pass => pass.Program.OverExamples,
        SumKernel sum => sum.Program.OverExamples && !sum.OverSteps && !launch.AddsRowsUp,
        ProductKernel product => !product.InnerIsOpen && !launch.AddsRowsUp && product.Groups.Concat(product.Rows).Any(axis => axis.IsOpen),
        FillKernel or GatherKernel or OneHotKernel => true,
        _ => false,
    };

    private Launch? Build()
    {
        int[] states = body.SelectMany(Storages).Distinct().Where(storage => order != StepOrder.Single && GoesOn(storage)).ToArray();
        List<LoopLocal> locals = [];
        List<(string Name, string Shape)> described = [];
        FindLocals(states, locals, described);
        foreach (int storage in body.SelectMany(Storages).Where(storage => !local.ContainsKey(storage)).Concat(states).Distinct())
        {
            given.Add(storage, givenStorages.Count);
            givenStorages.Add(storage);
        }
        (int rows, LoopRooms rooms) = Rooms(locals);
        LoopNames names = new();
        buffers.AddRange(givenStorages.Select(storage => Given(storages[storage], names)));
        buffers.AddRange(locals.Select((value, i) => new LoopBuffer(
            names.Next(described[i].Name), rooms.Places[i].Memory, rooms.Places[i].Offset, value.Size, true, false, false, described[i].Shape)));
        if (SharesRoom())
        {
            return null;
        }
        List<LoopPart> parts = [.. body.Select((_, position) => Part(position))];
        LoopKernel kernel = new(
            buffers.ToEquatable(),
            states.Select(state => Copy(state, given[state], Local(state))).ToEquatable(),
            LoopWaits.Place(parts, body.Select(Accesses).ToArray(), buffers),
            states.Where(readElsewhere.Contains).Select(state => Copy(state, Local(state), given[state])).ToEquatable(),
            order, rows, rooms.SharedSize, rooms.RoomSize);
        return new Launch(
            kernel, givenStorages.Select(storage => new DeviceOperand(storage, 0)).ToEquatable(), null, 0, false, RowCount.Examples,
            EquatableArray<int>.Empty, Comment());
    }

    private string Comment() => order switch
    {
        StepOrder.FromFirst => "all steps",
        StepOrder.FromLast => "all steps, from the last to the first",
        _ => "row by row: " + string.Join(", ", body.SelectMany(DeviceMemory.WrittenBy)
            .Where(operand => !operand.IsTemporary && given.ContainsKey(operand.Storage)).Select(operand => storages[operand.Storage].Name).Distinct()),
    };

    /// <summary>
    /// Whether a value of all examples that is written here lies on another: groups are at different steps, so one would overwrite what
    /// another still reads. Values of one step may, since they go to the group's own memory.
    /// </summary>
    private bool SharesRoom()
    {
        int[] written = [.. body.SelectMany(DeviceMemory.WrittenBy).Where(operand => !operand.IsTemporary && given.ContainsKey(operand.Storage))
            .Select(operand => given[operand.Storage]).Distinct()];
        return written.Any(a => Enumerable.Range(0, givenStorages.Count).Any(b => a != b && LoopBuffer.Overlap(buffers[a], buffers[b])));
    }

    /// <summary>Values of an example that only the loop's steps write stay in the group's memory.</summary>
    private void FindLocals(int[] states, List<LoopLocal> locals, List<(string Name, string Shape)> described)
    {
        foreach (int storage in body.SelectMany(Storages).Distinct().Where(storage => states.Contains(storage) || IsOfOneStep(storage)))
        {
            bool state = states.Contains(storage);
            int[] touching = Enumerable.Range(0, body.Length).Where(i => Storages(body[i]).Contains(storage)).ToArray();
            local.Add(storage, locals.Count);
            locals.Add(new LoopLocal(storages[storage].Size, state ? -1 : touching[0], state ? int.MaxValue : touching[touching.Length - 1]));
            described.Add((storages[storage].Name, storages[storage].Shape.ToString()));
        }
        for (int position = 0; position < body.Length; position++)
        {
            for (int number = 0; number < body[position].Temporaries.Count; number++)
            {
                int last = Enumerable.Range(position, body.Length - position)
                    .TakeWhile(i => i == position || body[i].Temporaries.Count <= number).Last();
                temporaries.Add((position, number), locals.Count);
                locals.Add(new LoopLocal(body[position].Temporaries[number], position, last));
                described.Add(("summand", "[" + Literal.Integer(body[position].Temporaries[number]) + "]"));
            }
        }
    }

    private bool IsWrittenHere(int storage) =>
        storages[storage] is { Place: Place.Scratch, PerStep: false, PerExample: true } && body.Any(launch => Writes(launch, storage));

    private static bool Writes(Launch launch, int storage) => DeviceMemory.WrittenBy(launch).Any(operand => operand.Storage == storage);

    private bool IsOfOneStep(int storage) => IsWrittenHere(storage) && !GoesOn(storage);

    /// <summary>Whether a step finds what the one before it left, or what is left is read outside of the body: a state of a loop.</summary>
    private bool GoesOn(int storage)
    {
        if (!IsWrittenHere(storage))
        {
            return false;
        }
        Launch first = body.First(launch => Storages(launch).Contains(storage));
        return readElsewhere.Contains(storage) || DeviceMemory.ReadBy(first).Any(operand => operand.Storage == storage);
    }

    /// <summary>As many rows a group as the sizes ask for, fewer if their values would not lie in shared memory.</summary>
    private (int Rows, LoopRooms Rooms) Rooms(List<LoopLocal> locals)
    {
        for (int rows = new LoopSizes(body).GroupRows; ; rows /= 2)
        {
            LoopRooms rooms = LoopRooms.Of(locals, LoopKernel.MostShared / rows);
            if (rooms.RoomSize == 0 || rows == 1)
            {
                return (rows, rooms);
            }
        }
    }

    private static LoopBuffer Given(Storage storage, LoopNames names)
    {
        LoopMemory memory = storage.Place switch
        {
            Place.Parameter => LoopMemory.Parameters,
            Place.Shared => LoopMemory.Common,
            Place.Scratch => LoopMemory.Scratch,
            Place.Batch => LoopMemory.Batch,
            Place.BatchSequence => LoopMemory.BatchSteps,
            Place.Sequence => LoopMemory.Sequence,
            _ => LoopMemory.Argument,
        };
        return new LoopBuffer(
            names.Next(storage.Name), memory, memory == LoopMemory.Argument ? 0 : storage.Offset,
            storage.Place == Place.IndexInput ? 1 : storage.Size, storage.PerExample, storage.PerStep, storage.Place == Place.IndexInput,
            storage.Shape.ToString());
    }

    private int Local(int storage) => givenStorages.Count + local[storage];

    private int BufferOf(DeviceOperand operand, int position)
    {
        if (!operand.IsTemporary)
        {
            return local.ContainsKey(operand.Storage) ? Local(operand.Storage) : given[operand.Storage];
        }
        int maker = Enumerable.Range(0, position + 1).Last(i => temporaries.ContainsKey((i, operand.Offset)));
        return givenStorages.Count + temporaries[(maker, operand.Offset)];
    }

    private LoopOperand Operand(DeviceOperand operand, int position) =>
        new(BufferOf(operand, position), operand.IsTemporary ? 0 : operand.Offset);

    private LoopPart Part(int position)
    {
        Launch launch = body[position];
        DeviceKernel kernel = launch.Kernel is ProductKernel product ? product with { Tile = null } : launch.Kernel;
        return new LoopPart(
            kernel, launch.Operands.Select(operand => Operand(operand, position)).ToEquatable(),
            launch.Target is DeviceOperand target ? Operand(target, position) : null, launch.Adds, false, launch.Comment);
    }

    private (int[] Read, int[] Written) Accesses(Launch launch, int position) => (
        DeviceMemory.ReadBy(launch).Select(operand => BufferOf(operand, position)).Distinct().ToArray(),
        DeviceMemory.WrittenBy(launch).Select(operand => BufferOf(operand, position)).Distinct().ToArray());

    private LoopPart Copy(int state, int from, int to) => new(
        new PassKernel(RowPrograms.CopyOfRows(storages[state].Size)),
        new EquatableArray<LoopOperand>(new LoopOperand(from, 0), new LoopOperand(to, 0)), null, false, false, storages[state].Name);
}
