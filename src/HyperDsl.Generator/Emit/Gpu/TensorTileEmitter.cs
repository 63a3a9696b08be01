using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints how warps multiply a pair of tiles on tensor cores: c [16, 8] += a [16, 8] · b [8, 8]. With <c>g = lane / 4</c> and <c>t = lane % 4</c> a
/// thread has of c the elements (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1), of a (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4), of b
/// (t, g), (t + 4, g); see "Warp-level matrix instructions" in NVIDIA's manual of PTX. Sums lie in registers that inline assembly declares: as
/// arguments of it they would lie in local memory.
/// </summary>
internal sealed class TensorTileEmitter(SourceWriter writer, ProductTile tile) : ProductTileEmitter(writer, tile)
{
    private const int Warp = 32;

    /// <summary>Rows of a result of one instruction; a lane has elements in two of them.</summary>
    private const int Rows = 16;

    /// <summary>Columns of a result of one instruction; a lane has elements in two of them.</summary>
    private const int Columns = 8;

    /// <summary>What one instruction adds up; a lane has two of them.</summary>
    private const int Inner = 8;

    /// <summary>Columns of a warp: with its rows as many registers for factors as there is room for beside the sums.</summary>
    private const int WarpColumns = 32;

    public override int ThreadRows => WarpRows / (Rows / 2);

    public override int ThreadColumns => WarpColumns / (Columns / 2);

    public override bool ColumnsInQuads => false;

    // The lanes of an instruction read eight neighbours of each of four inner elements: eight more than the tile has put these into 32 banks.
    protected override int LeftStride => Tile.Rows + 8;

    protected override int RightStride => Tile.Columns + 8;

    private int WarpsAcross => Tile.Columns / WarpColumns;

    private int WarpRows => Tile.Rows / (Tile.Threads / Warp / WarpsAcross);

    public override string RowOf(int row) => After("threadRow", row * (Rows / 2));

    public override string ColumnOf(int column) => After("threadColumn", (column / 2 * Columns) + (column % 2));

    public override void WriteBegin(IReadOnlyCollection<int> sums)
    {
        string firstRow = "(warp / " + Literal.Integer(WarpsAcross) + " * " + Literal.Integer(WarpRows) + ")";
        string firstColumn = "(warp % " + Literal.Integer(WarpsAcross) + " * " + Literal.Integer(WarpColumns) + ")";
        Writer.Line("int warp = Group.IdxX / " + Literal.Integer(Warp) + ";");
        Writer.Line("int lane = Group.IdxX % " + Literal.Integer(Warp) + ";");
        Writer.Line("int threadRow = " + firstRow + " + (lane / 4);");
        Writer.Line("int threadColumn = " + firstColumn + " + (lane % 4 * 2);");
        Writer.Line("int rightColumn = " + firstColumn + " + (lane / 4);");
        Writer.Line("// Sums are registers of inline assembly until the last instruction.");
        foreach (string sum in Accumulators(sums))
        {
            Writer.Line("CudaAsm.Emit(\".reg .f32 " + sum + "; mov.f32 " + sum + ", 0f00000000;\");");
        }
    }

    public override void WriteMultiply(int sum, string end)
    {
        // Beyond the end there are zeros, which need not be multiplied; and a loop of unknown length is not unrolled, for which there are no registers.
        Writer.Line("int innerOfTile = Math.Min(" + Literal.Integer(ProductTile.Inner) + ", " + end + " - first);");
        using (Writer.Block("for (int inner = 0; inner < innerOfTile; inner += " + Literal.Integer(Inner) + ")"))
        {
            Writer.Line("int k = inner + (lane % 4);");
            for (int row = 0; row < ThreadRows; row++)
            {
                WriteFactor("a", row, "left", LeftStride, RowOf(row));
            }
            for (int column = 0; column < WarpColumns / Columns; column++)
            {
                WriteFactor("b", column, "right", RightStride, After("rightColumn", column * Columns));
            }
            for (int row = 0; row < ThreadRows; row += 2)
            {
                for (int column = 0; column < WarpColumns / Columns; column++)
                {
                    WriteInstruction(sum, row, column);
                }
            }
        }
    }

    /// <summary>Takes the sums out of their registers, by way of a thread's own place in shared memory.</summary>
    public override void WriteEnd(IReadOnlyCollection<int> sums)
    {
        Writer.Line("// Each becomes a variable by way of the thread's own place in the left tile, the first shared memory of the kernel.");
        foreach (string sum in Accumulators(sums))
        {
            Writer.Line("CudaAsm.Emit(\"{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], "
                + sum + "; }\", Group.IdxX * 4);");
            Writer.Line("float " + sum + " = left[Group.IdxX];");
        }
    }

    protected override string Loaded(string element) => "TensorCores.Round(" + element + ")";

    /// <summary>The bits of a lane's elements at its two inner places, four apart.</summary>
    private void WriteFactor(string name, int place, string shared, int stride, string index)
    {
        string number = Literal.Integer(place);
        Writer.Line("uint " + name + number + " = Interop.FloatAsInt(" + shared + "[(k * " + Literal.Integer(stride) + ") + " + index + "]);");
        Writer.Line("uint " + name + number + "Behind = Interop.FloatAsInt(" + shared + "[((k + 4) * " + Literal.Integer(stride) + ") + " + index + "]);");
    }

    private void WriteInstruction(int sum, int row, int column)
    {
        string sums = string.Join(
            ", ", Accumulator(sum, row, 2 * column), Accumulator(sum, row, (2 * column) + 1),
            Accumulator(sum, row + 1, 2 * column), Accumulator(sum, row + 1, (2 * column) + 1));
        string upper = "a" + Literal.Integer(row);
        string lower = "a" + Literal.Integer(row + 1);
        string right = "b" + Literal.Integer(column);
        Writer.Line("CudaAsm.Emit(\"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {" + sums + "}, {%0, %1, %2, %3}, {%4, %5}, {" + sums + "};\", "
            + string.Join(", ", upper, lower, upper + "Behind", lower + "Behind", right, right + "Behind") + ");");
    }
}
