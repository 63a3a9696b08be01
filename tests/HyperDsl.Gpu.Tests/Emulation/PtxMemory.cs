namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Buffers and shared memory of emulated kernels. Each begins at an address of its own, far from the others, so that an access out of bounds is
/// one to nothing. Threads that touch the same word between two barriers, one of them writing, are found as well.
/// </summary>
internal sealed class PtxMemory
{
    private const int SharedShift = 20;
    private const int GlobalShift = 40;

    private readonly List<PtxRegion> shared = [];
    private readonly List<PtxRegion> global = [];

    /// <summary>Counts barriers of the group that runs.</summary>
    public int Interval { get; set; }

    /// <summary>Adds a buffer; the result is its address.</summary>
    public ulong Add(float[] values)
    {
        global.Add(new PtxRegion("buffer " + global.Count, values.Length, Array.ConvertAll(values, BitConverter.SingleToUInt32Bits)));
        return (ulong)global.Count << GlobalShift;
    }

    /// <summary>What a buffer holds.</summary>
    public float[] Read(ulong address) => Array.ConvertAll(global[(int)(address >> GlobalShift) - 1].Words, BitConverter.UInt32BitsToSingle);

    /// <summary>The address of the shared memory that is declared as so many others were before it.</summary>
    public static ulong SharedAddress(int number) => (ulong)(number + 1) << SharedShift;

    /// <summary>A new group has shared memory in which nothing was written.</summary>
    public void BeginGroup(IEnumerable<int> sharedSizes)
    {
        shared.Clear();
        shared.AddRange(sharedSizes.Select((size, number) => new PtxRegion("shared memory " + number, size / sizeof(uint), null)));
        Interval = 0;
    }

    /// <summary>Reads a word.</summary>
    public uint Load(PtxThread thread, ulong address, bool isShared) =>
        isShared ? Find(address, true, out int word).Load(word, thread.Number, Interval) : Find(address, false, out word).Load(word, thread.Number, 0);

    /// <summary>Writes a word.</summary>
    public void Store(PtxThread thread, ulong address, uint value, bool isShared)
    {
        PtxRegion region = Find(address, isShared, out int word);
        region.Store(word, value, thread.Number, isShared ? Interval : 0);
    }

    private PtxRegion Find(ulong address, bool isShared, out int word)
    {
        int shift = isShared ? SharedShift : GlobalShift;
        List<PtxRegion> regions = isShared ? shared : global;
        ulong number = (address >> shift) - 1;
        word = (int)((address & ((1UL << shift) - 1)) / sizeof(uint));
        Assert.True(
            number < (ulong)regions.Count && word < regions[(int)number].Length && address % sizeof(uint) == 0,
            $"{(isShared ? "Shared" : "Global")} address {address:X} is none");
        return regions[(int)number];
    }
}

/// <summary>One buffer, and who touched its words last.</summary>
internal sealed class PtxRegion(string name, int length, uint[]? words)
{
    private const int Nobody = -1;
    private const int Several = -2;

    private readonly bool[]? written = words is null ? new bool[length] : null;
    private readonly (int Thread, int Interval)[] writers = [.. Enumerable.Repeat((Nobody, 0), length)];
    private readonly (int Thread, int Interval)[] readers = [.. Enumerable.Repeat((Nobody, 0), length)];

    public int Length => length;

    public uint[] Words { get; } = words ?? new uint[length];

    public uint Load(int word, int thread, int interval)
    {
        Assert.True(written is null || written[word], $"{name}[{word}] is read and was never written");
        RequireOwn(writers[word], word, thread, interval);
        bool others = readers[word] is (not Nobody, _) && readers[word].Interval == interval && readers[word].Thread != thread;
        readers[word] = (others ? Several : thread, interval);
        return Words[word];
    }

    public void Store(int word, uint value, int thread, int interval)
    {
        RequireOwn(writers[word], word, thread, interval);
        RequireOwn(readers[word], word, thread, interval);
        writers[word] = (thread, interval);
        Words[word] = value;
        written?[word] = true;
    }

    private void RequireOwn((int Thread, int Interval) last, int word, int thread, int interval) => Assert.True(
        last.Thread == Nobody || last.Interval != interval || last.Thread == thread, $"Threads {last.Thread} and {thread} race for {name}[{word}]");
}
