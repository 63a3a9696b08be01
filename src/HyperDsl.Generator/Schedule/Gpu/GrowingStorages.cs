using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Storages of a routine while loops are arranged: some are added, and some get room of their own.</summary>
internal sealed class GrowingStorages
{
    private readonly List<Storage> all;
    private int sharedSize;
    private int scratchPerExample;

    public GrowingStorages(RoutineProgram program)
    {
        all = [.. program.Storages];
        (sharedSize, scratchPerExample) = (program.SharedSize, program.ScratchSize / program.SliceRows);
    }

    public IReadOnlyList<Storage> All => all;

    public RoutineProgram Of(RoutineProgram program) => program with
    {
        Storages = all.ToEquatable(), SharedSize = sharedSize, ScratchSize = checked(scratchPerExample * program.SliceRows),
    };

    /// <summary>Adds a value that does not vary with the example; its index.</summary>
    public int AddShared(Shape shape, string name, ValueLabel label)
    {
        all.Add(new Storage(Place.Shared, sharedSize, shape.Count, shape, Unique(name), false) { Label = label });
        sharedSize = checked(sharedSize + BufferLayout.Aligned(shape.Count));
        return all.Count - 1;
    }

    /// <summary>Moves temporary values to memory that nothing else uses.</summary>
    public void Separate(IEnumerable<int> storages)
    {
        foreach (int storage in storages)
        {
            all[storage] = all[storage] with { Offset = scratchPerExample };
            scratchPerExample = checked(scratchPerExample + BufferLayout.Aligned(all[storage].Size));
        }
    }

    private string Unique(string name)
    {
        string candidate = name;
        for (int number = 2; all.Any(storage => storage.Name == candidate); number++)
        {
            candidate = name + Literal.Integer(number);
        }
        return candidate;
    }
}
