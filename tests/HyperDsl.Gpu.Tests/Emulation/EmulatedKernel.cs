namespace HyperDsl.Gpu.Tests;

/// <summary>One form of a kernel, launched on the emulator as the library launches it on a device.</summary>
internal sealed class EmulatedKernel(GpuKernel kernel, bool onTensorCores)
{
    private readonly PtxProgram program = new(Ptx.TextOf(kernel, onTensorCores));

    /// <summary>Launches a kernel without a reduction; the result is what its buffers then hold.</summary>
    /// <param name="buffers">A buffer for each operand, from where the operand begins.</param>
    /// <param name="rows">Rows known at run time.</param>
    /// <param name="groups">Groups of threads.</param>
    public float[][] Run(float[][] buffers, int rows, int groups) => Run(buffers, [rows], groups);

    /// <summary>As the other, with all numbers that follow the buffers in the arguments.</summary>
    public float[][] Run(float[][] buffers, int[] numbers, int groups)
    {
        PtxMemory memory = new();
        ulong[] addresses = Array.ConvertAll(buffers, memory.Add);
        PtxGrid.Run(program, groups, kernel.Threads, [Arguments(buffers, addresses, numbers)], memory);
        return Array.ConvertAll(addresses, memory.Read);
    }

    /// <summary>Launches a reduction; the result is what its target then holds.</summary>
    /// <param name="operands">What it reads.</param>
    /// <param name="target">What it writes to; its length says how many parts there are.</param>
    /// <param name="rows">Rows known at run time.</param>
    /// <param name="groups">Groups of threads, of all parts.</param>
    /// <param name="sizes">How the sum is cut; what is set but the target.</param>
    public float[] Reduce(float[][] operands, float[] target, int rows, int groups, Reduction sizes)
    {
        PtxMemory memory = new();
        ulong[] addresses = Array.ConvertAll(operands, memory.Add);
        ulong result = memory.Add(target);
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        WriteView(writer, result, target.Length);
        foreach (int size in new[] { sizes.Elements, sizes.Length, sizes.Chunk, sizes.Adds })
        {
            writer.Write(size);
        }

        PtxGrid.Run(program, groups, kernel.Threads, [Arguments(operands, addresses, [rows]), bytes.ToArray()], memory);
        return memory.Read(result);
    }

    /// <summary>The structure of a kernel's arguments, of one that needs buffers and whole numbers only.</summary>
    private static byte[] Arguments(float[][] buffers, ulong[] addresses, int[] numbers)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        for (int i = 0; i < buffers.Length; i++)
        {
            WriteView(writer, addresses[i], buffers[i].Length);
        }

        foreach (int number in numbers)
        {
            writer.Write(number);
        }

        return bytes.ToArray();
    }

    private static void WriteView(BinaryWriter writer, ulong address, int length)
    {
        writer.Write(address);
        writer.Write((long)length);
    }
}
