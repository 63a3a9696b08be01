using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints what happens to one pair of tiles: both are copied to shared memory, and a thread multiplies its rows and columns.</summary>
internal sealed class ProductTileEmitter(SourceWriter writer, ProductTile tile)
{
    /// <summary>Fields of four neighbours.</summary>
    public static readonly string[] Fields = ["X", "Y", "Z", "W"];

    // A column more than the tile has, or four: neighbours along the inner axis then lie in different banks. The lanes of a tensor
    // instruction read 8 places of 4 inner elements, which eight columns more put into 32 banks.
    private int LeftStride => tile.Rows + (tile.OnTensorCores ? 8 : tile.InQuads ? 4 : 1);

    private int RightStride => tile.Columns + (tile.OnTensorCores ? 8 : tile.InQuads ? 4 : 0);

    /// <summary>The variable of a thread's element of a sum.</summary>
    public static string Accumulator(int sum, int row, int column) => (char)('c' + sum) + Literal.Integer(row) + Literal.Integer(column);

    /// <summary>A thread's elements.</summary>
    public IEnumerable<(int Row, int Column)> Elements() =>
        from row in Enumerable.Range(0, tile.ThreadRows)
        from column in Enumerable.Range(0, tile.ThreadColumns)
        select (row, column);

    /// <summary>A thread's row within the tile.</summary>
    public string RowOf(int row) => tile.OnTensorCores
        ? After("threadRow", row * TensorTiles.Rows / 2)
        : Place("threadRow", row, tile.Rows / tile.ThreadRows);

    /// <summary>A thread's column within the tile.</summary>
    public string ColumnOf(int column) => tile.OnTensorCores
        ? After("threadColumn", (column / 2 * TensorTiles.Columns) + (column % 2))
        : Place("threadColumn", column, tile.Columns / tile.ThreadColumns);

    /// <summary>Declares where a thread is within the tile.</summary>
    public void WriteThread(IReadOnlyCollection<int> sums)
    {
        if (tile.OnTensorCores)
        {
            new TensorTileEmitter(writer, tile).WriteBegin(this, sums);
            return;
        }
        string across = Literal.Integer(tile.Columns / tile.ThreadColumns);
        writer.Line("int threadRow = Group.IdxX / " + across + ";");
        writer.Line("int threadColumn = Group.IdxX % " + across + ";");
    }

    public void WriteSharedMemory()
    {
        WriteShared("left", LeftStride, "[inner][row]");
        WriteShared("right", RightStride, "[inner][column]");
    }

    public void WriteLoads(ProductKernel product, string left, string right, string end)
    {
        ProductLoadEmitter loads = new(writer, product, tile);
        loads.Write(new TileSide("left", "row", tile.Rows, LeftStride, product.Rows, axis => axis.Left, left, ProductQuads.OfLeft(product)), end);
        loads.Write(
            new TileSide("right", "column", tile.Columns, RightStride, product.Columns, axis => axis.Right, right, ProductQuads.OfRight(product)), end);
    }

    public void WriteMultiply(int sum, string end)
    {
        if (!tile.OnTensorCores)
        {
            WriteMultiplyAlone(sum);
            return;
        }
        using (writer.Block("if (CudaAsm.IsSupported)"))
        {
            new TensorTileEmitter(writer, tile).WriteMultiply(this, sum, end, LeftStride, RightStride);
        }
        using (writer.Block("else"))
        {
            WriteMultiplyAlone(sum);
        }
    }

    /// <summary>After the last pair of tiles: makes the sums variables.</summary>
    public void WriteSums(IReadOnlyCollection<int> sums)
    {
        if (tile.OnTensorCores)
        {
            new TensorTileEmitter(writer, tile).WriteEnd(this, sums);
        }
    }

    private void WriteMultiplyAlone(int sum)
    {
        using (writer.Block("for (int k = 0; k < " + Literal.Integer(ProductTile.Inner) + "; k++)"))
        {
            WriteFactors("a", "left", tile.ThreadRows, LeftStride, tile.Rows, "threadRow");
            WriteFactors("b", "right", tile.ThreadColumns, RightStride, tile.Columns, "threadColumn");
            foreach ((int row, int column) in Elements())
            {
                writer.Line(Accumulator(sum, row, column) + " += " + Factor("a", row) + " * " + Factor("b", column) + ";");
            }
        }
    }

    private void WriteShared(string name, int stride, string shape)
    {
        int size = ProductTile.Inner * stride;
        if (tile.LoadsQuads)
        {
            writer.Line("ArrayView<Float4> " + name + "Quads = SharedMemory.Allocate<Float4>(" + Literal.Integer(size / 4) + "); // " + shape);
            writer.Line("ArrayView<float> " + name + " = " + name + "Quads.Cast<float>();");
        }
        else
        {
            writer.Line("ArrayView<float> " + name + " = SharedMemory.Allocate<float>(" + Literal.Integer(size) + "); // " + shape);
        }
    }

    /// <summary>Quads of threads lie side by side, a thread's quads apart; without quads the same holds for single places.</summary>
    private string Place(string thread, int place, int threads)
    {
        int run = tile.InQuads ? 4 : 1;
        int offset = (place / run * threads * run) + (place % run);
        string first = run == 1 ? thread : "(" + thread + " * 4)";
        return After(first, offset);
    }

    private static string After(string first, int offset) => offset == 0 ? first : first + " + " + Literal.Integer(offset);

    private void WriteFactors(string name, string shared, int count, int stride, int size, string thread)
    {
        if (tile.OnTensorCores)
        {
            for (int place = 0; place < count; place++)
            {
                writer.Line("float " + name + Literal.Integer(place) + " = " + shared + "[(k * " + Literal.Integer(stride) + ") + "
                    + (shared == "left" ? RowOf(place) : ColumnOf(place)) + "];");
            }
            return;
        }
        int run = tile.InQuads ? 4 : 1;
        string type = tile.InQuads ? "Float4" : "float";
        string memory = tile.InQuads ? shared + "Quads" : shared;
        for (int place = 0; place < count; place += run)
        {
            int offset = place / run * (size / count);
            writer.Line(type + " " + name + Literal.Integer(place) + " = " + memory + "[(k * " + Literal.Integer(stride / run) + ") + " + thread
                + (offset == 0 ? "" : " + " + Literal.Integer(offset)) + "];");
        }
    }

    private string Factor(string name, int place) => tile.InQuads
        ? name + Literal.Integer(place / 4 * 4) + "." + Fields[place % 4]
        : name + Literal.Integer(place);
}
