namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Executes the PTX of a kernel on this processor, group after group. A thread runs alone up to the next barrier or matrix instruction; all lanes of
/// a warp have to come to the same one.
/// </summary>
internal static class PtxGrid
{
    private const int Warp = 32;

    public static void Run(PtxProgram program, int groups, int threads, byte[][] parameters, PtxMemory memory)
    {
        Assert.Equal(0, threads % Warp);
        for (int group = 0; group < groups; group++)
        {
            memory.BeginGroup(program.SharedSizes);
            PtxThread[][] warps = [.. Enumerable.Range(0, threads).Select(index => Thread(program, group, threads, index, parameters, memory)).Chunk(Warp)];
            while (warps.Select(warp => RunWarp(program, warp)).Distinct().ToArray() is var stops && stops[0] != PtxStop.End)
            {
                Assert.True(stops.Length == 1, "Some warps have ended, others wait for them");
                memory.Interval++;
                foreach (PtxThread thread in warps.SelectMany(warp => warp))
                {
                    thread.Next++;
                }
            }
        }
    }

    private static PtxThread Thread(PtxProgram program, int group, int threads, int index, byte[][] parameters, PtxMemory memory)
    {
        PtxThread thread = new((group * threads) + index, program.Initial, parameters, memory);
        thread.Set(program.ThreadIndex, index);
        thread.Set(program.GroupIndex, group);
        return thread;
    }

    /// <summary>Runs a warp up to a barrier or to its end.</summary>
    private static PtxStop RunWarp(PtxProgram program, PtxThread[] lanes)
    {
        while (true)
        {
            (PtxStop Stop, int Next)[] stops = [.. lanes.Select(lane => (lane.Run(program), lane.Next)).Distinct()];
            Assert.True(stops.Length == 1 || stops.All(stop => stop.Stop == PtxStop.End), "Lanes of a warp stop at different instructions");
            if (stops[0].Stop != PtxStop.TensorCore)
            {
                return stops[0].Stop;
            }

            TensorCore.Multiply(lanes, program.Instructions[stops[0].Next].Operands);
            foreach (PtxThread lane in lanes)
            {
                lane.Next++;
            }
        }
    }
}
