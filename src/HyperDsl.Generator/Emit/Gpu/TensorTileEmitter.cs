using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints how warps multiply a pair of tiles on tensor cores: c [16, 8] += a [16, 8] · b [8, 8]. With <c>g = lane / 4</c> and <c>t = lane % 4</c> a
/// thread has of c the elements (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1), of a (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4), of b
/// (t, g), (t + 4, g); see "Warp-level matrix instructions" in NVIDIA's manual of PTX. Sums lie in registers that inline assembly declares: as
/// arguments of it they would lie in local memory.
/// </summary>
internal sealed class TensorTileEmitter(SourceWriter writer, ProductTile tile)
{
    private string WarpsAcross => Literal.Integer(tile.Columns / TensorTiles.WarpColumns);

    private int WarpRows => tile.ThreadRows * TensorTiles.Rows / 2;

    /// <summary>Declares where a thread is, and on a device with tensor cores its sums.</summary>
    public void WriteBegin(ProductTileEmitter tiles, IEnumerable<int> sums)
    {
        string warpColumns = Literal.Integer(TensorTiles.WarpColumns);
        writer.Line("int warp = Group.IdxX / " + Literal.Integer(TensorTiles.Warp) + ";");
        writer.Line("int lane = Group.IdxX % " + Literal.Integer(TensorTiles.Warp) + ";");
        writer.Line("int threadRow = (warp / " + WarpsAcross + " * " + Literal.Integer(WarpRows) + ") + (lane / 4);");
        writer.Line("int threadColumn = (warp % " + WarpsAcross + " * " + warpColumns + ") + (lane % 4 * 2);");
        // Of the right operand a lane holds another column than of the result.
        writer.Line("int rightColumn = (warp % " + WarpsAcross + " * " + warpColumns + ") + (lane / 4);");
        using (writer.Block("if (CudaAsm.IsSupported)"))
        {
            foreach (string sum in Names(tiles, sums))
            {
                writer.Line("CudaAsm.Emit(\".reg .f32 " + sum + "; mov.f32 " + sum + ", 0f00000000;\");");
            }
        }
    }

    /// <summary>Takes the sums out of their registers, by way of a thread's own place in shared memory.</summary>
    public void WriteEnd(ProductTileEmitter tiles, IEnumerable<int> sums)
    {
        using (writer.Block("if (CudaAsm.IsSupported)"))
        {
            foreach (string sum in Names(tiles, sums))
            {
                // The left tile is the first shared memory that the kernel allocates.
                writer.Line("CudaAsm.Emit(\"{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], "
                    + sum + "; }\", Group.IdxX * 4);");
                writer.Line(sum + " = left[Group.IdxX];");
            }
        }
    }

    public void WriteMultiply(ProductTileEmitter tiles, int sum, string end, int leftStride, int rightStride)
    {
        // A tile that is not full is left early, and a loop of unknown length is not unrolled: registers would not do for two turns.
        writer.Line("int innerOfTile = Math.Min(" + Literal.Integer(ProductTile.Inner) + ", " + end + " - first);");
        using (writer.Block("for (int inner = 0; inner < innerOfTile; inner += " + Literal.Integer(TensorTiles.Columns) + ")"))
        {
            writer.Line("int k = inner + (lane % 4);");
            for (int row = 0; row < tile.ThreadRows; row++)
            {
                WriteFactor("a", row, "left", leftStride, tiles.RowOf(row));
            }
            int columns = TensorTiles.WarpColumns / TensorTiles.Columns;
            for (int column = 0; column < columns; column++)
            {
                int offset = column * TensorTiles.Columns;
                WriteFactor("b", column, "right", rightStride, "rightColumn" + (offset == 0 ? "" : " + " + Literal.Integer(offset)));
            }
            for (int row = 0; row < tile.ThreadRows; row += 2)
            {
                for (int column = 0; column < columns; column++)
                {
                    WriteInstruction(sum, row, column);
                }
            }
        }
    }

    private static IEnumerable<string> Names(ProductTileEmitter tiles, IEnumerable<int> sums) =>
        sums.SelectMany(sum => tiles.Elements().Select(element => ProductTileEmitter.Accumulator(sum, element.Row, element.Column)));

    /// <summary>The bits of a lane's elements at its two inner places, four apart.</summary>
    private void WriteFactor(string name, int place, string shared, int stride, string index)
    {
        string number = Literal.Integer(place);
        writer.Line("uint " + name + number + " = Interop.FloatAsInt(" + shared + "[(k * " + Literal.Integer(stride) + ") + " + index + "]);");
        writer.Line("uint " + name + number + "Behind = Interop.FloatAsInt(" + shared + "[((k + 4) * " + Literal.Integer(stride) + ") + " + index + "]);");
    }

    private void WriteInstruction(int sum, int row, int column)
    {
        string sums = string.Join(
            ", ", ProductTileEmitter.Accumulator(sum, row, 2 * column), ProductTileEmitter.Accumulator(sum, row, (2 * column) + 1),
            ProductTileEmitter.Accumulator(sum, row + 1, 2 * column), ProductTileEmitter.Accumulator(sum, row + 1, (2 * column) + 1));
        string upper = "a" + Literal.Integer(row);
        string lower = "a" + Literal.Integer(row + 1);
        string right = "b" + Literal.Integer(column);
        writer.Line("CudaAsm.Emit(\"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {" + sums + "}, {%0, %1, %2, %3}, {%4, %5}, {" + sums + "};\", "
            + string.Join(", ", upper, lower, upper + "Behind", lower + "Behind", right, right + "Behind") + ");");
    }
}
