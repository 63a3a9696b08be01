namespace HyperDsl.Gpu.Tests;

/// <summary>
/// <c>mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32</c> as NVIDIA's manual has it ("Matrix Fragments for mma.m16n8k8"): which lane's register is
/// which element. It is written from there and not from what the emitter believes; if the two differ, products of emulated kernels are wrong.
/// </summary>
internal static class TensorCore
{
    private const int Rows = 16;
    private const int Columns = 8;
    private const int Inner = 8;

    /// <param name="lanes">The warp.</param>
    /// <param name="operands">Slots of d0 to d3, a0 to a3, b0, b1, c0 to c3.</param>
    public static void Multiply(PtxThread[] lanes, int[] operands)
    {
        int[] d = operands[..4];
        float[,] a = Gather(lanes, operands[4..8], Rows, Inner, PlaceInA, Factor);
        float[,] b = Gather(lanes, operands[8..10], Inner, Columns, PlaceInB, Factor);
        float[,] c = Gather(lanes, operands[10..14], Rows, Columns, PlaceInC, (lane, slot) => lane.Float(slot));
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            for (int i = 0; i < d.Length; i++)
            {
                (int row, int column) = PlaceInC(lane, i);
                float sum = c[row, column];
                for (int k = 0; k < Inner; k++)
                {
                    sum += a[row, k] * b[k, column];
                }

                lanes[lane].Set(d[i], sum);
            }
        }
    }

    private static (int Row, int Column) PlaceInA(int lane, int i) => (GroupOf(lane) + (i is 1 or 3 ? 8 : 0), ThreadOf(lane) + (i is 2 or 3 ? 4 : 0));

    private static (int Row, int Column) PlaceInB(int lane, int i) => (ThreadOf(lane) + (i == 1 ? 4 : 0), GroupOf(lane));

    private static (int Row, int Column) PlaceInC(int lane, int i) => (GroupOf(lane) + (i is 2 or 3 ? 8 : 0), (ThreadOf(lane) * 2) + (i & 1));

    private static int GroupOf(int lane) => lane >> 2;

    private static int ThreadOf(int lane) => lane % 4;

    /// <summary>The instruction does not read the last 13 bits: what a kernel has not rounded is cut off.</summary>
    private static float Factor(PtxThread lane, int slot) => BitConverter.UInt32BitsToSingle((uint)lane.Registers[slot] & ~0x1FFFu);

    private static float[,] Gather(
        PtxThread[] lanes, int[] slots, int rows, int columns, Func<int, int, (int Row, int Column)> place, Func<PtxThread, int, float> read)
    {
        float[,] matrix = new float[rows, columns];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                (int row, int column) = place(lane, i);
                matrix[row, column] = read(lanes[lane], slots[i]);
            }
        }

        return matrix;
    }
}
