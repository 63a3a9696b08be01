namespace HyperDsl.Gpu.Tests;

/// <summary>Where a thread cannot go on alone.</summary>
internal enum PtxStop
{
    None,
    Barrier,
    TensorCore,
    End,
}

/// <summary>A thread of an emulated kernel: its registers, and the instruction that comes next.</summary>
/// <param name="number">Its number in the grid.</param>
/// <param name="registers">By slot; constants have slots, too.</param>
/// <param name="parameters">Bytes of the kernel's parameters.</param>
/// <param name="memory">The memory that it shares.</param>
internal sealed class PtxThread(int number, ulong[] registers, byte[][] parameters, PtxMemory memory)
{
    public int Number => number;

    public ulong[] Registers => registers;

    public byte[][] Parameters => parameters;

    public PtxMemory Memory => memory;

    public int Next { get; set; }

    public float Float(int slot) => BitConverter.UInt32BitsToSingle((uint)registers[slot]);

    public void Set(int slot, float value) => registers[slot] = BitConverter.SingleToUInt32Bits(value);

    public int Integer(int slot) => (int)registers[slot];

    public void Set(int slot, int value) => registers[slot] = (uint)value;

    /// <summary>Runs up to where other threads are needed.</summary>
    public PtxStop Run(PtxProgram program)
    {
        while (true)
        {
            PtxInstruction instruction = program.Instructions[Next];
            if (instruction.Stop != PtxStop.None)
            {
                return instruction.Stop;
            }

            Next++;
            instruction.Step(this);
        }
    }
}
