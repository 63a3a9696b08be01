using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints what happens to one pair of tiles: both are copied to shared memory, and a thread multiplies its rows and columns.</summary>
internal sealed class ProductTileEmitter(SourceWriter writer, ProductTile tile)
{
    // A column more than the tile has: neighbours along the inner axis then lie in different banks.
    private string LeftStride => Literal.Integer(tile.Rows + 1);

    private string RightStride => Literal.Integer(tile.Columns);

    /// <summary>The variable of a thread's element of a sum.</summary>
    public static string Accumulator(int sum, int row, int column) => (char)('c' + sum) + Literal.Integer(row) + Literal.Integer(column);

    /// <summary>A thread's elements.</summary>
    public IEnumerable<(int Row, int Column)> Elements() =>
        from row in Enumerable.Range(0, tile.ThreadRows)
        from column in Enumerable.Range(0, tile.ThreadColumns)
        select (row, column);

    /// <summary>A thread's row within the tile.</summary>
    public string RowOf(int row) => row == 0
        ? "threadRow"
        : "threadRow + " + Literal.Integer(row * (tile.Rows / tile.ThreadRows));

    /// <summary>A thread's column within the tile.</summary>
    public string ColumnOf(int column) => column == 0
        ? "threadColumn"
        : "threadColumn + " + Literal.Integer(column * (tile.Columns / tile.ThreadColumns));

    public void WriteSharedMemory()
    {
        writer.Line("ArrayView<float> left = SharedMemory.Allocate<float>(" + Literal.Integer(ProductTile.Inner * (tile.Rows + 1)) + "); // [inner][row]");
        writer.Line("ArrayView<float> right = SharedMemory.Allocate<float>(" + Literal.Integer(ProductTile.Inner * tile.Columns) + "); // [inner][column]");
    }

    public void WriteLoads(ProductKernel product, string left, string right, string end)
    {
        WriteLoad(product, "left", "row", tile.Rows, product.Rows, axis => axis.Left, LeftStride, left, end);
        WriteLoad(product, "right", "column", tile.Columns, product.Columns, axis => axis.Right, RightStride, right, end);
    }

    public void WriteMultiply(int sum)
    {
        using (writer.Block("for (int k = 0; k < " + Literal.Integer(ProductTile.Inner) + "; k++)"))
        {
            for (int row = 0; row < tile.ThreadRows; row++)
            {
                writer.Line("float a" + Literal.Integer(row) + " = left[(k * " + LeftStride + ") + " + RowOf(row) + "];");
            }
            for (int column = 0; column < tile.ThreadColumns; column++)
            {
                writer.Line("float b" + Literal.Integer(column) + " = right[(k * " + RightStride + ") + " + ColumnOf(column) + "];");
            }
            foreach ((int row, int column) in Elements())
            {
                writer.Line(Accumulator(sum, row, column) + " += a" + Literal.Integer(row) + " * b" + Literal.Integer(column) + ";");
            }
        }
    }

    /// <summary>Copies a tile of an operand to shared memory; neighbouring threads read neighbours in memory.</summary>
    private void WriteLoad(
        ProductKernel product, string shared, string name, int size, EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride,
        string sharedStride, string operand, string end)
    {
        bool alongInner = product.Inner.Count > 0 && stride(product.Inner[product.Inner.Count - 1]) == 1;
        string inner = Literal.Integer(ProductTile.Inner);
        string across = Literal.Integer(size);
        using (writer.Block("for (int place = Group.IdxX; place < " + Literal.Integer(size * ProductTile.Inner) + "; place += " + Literal.Integer(tile.Threads) + ")"))
        {
            writer.Line("int " + name + "InTile = " + (alongInner ? "place / " + inner : "place % " + across) + ";");
            writer.Line("int innerInTile = " + (alongInner ? "place % " + inner : "place / " + across) + ";");
            string first = name == "row" ? "firstRow" : "firstColumn";
            writer.Line("int " + name + " = " + first + " + " + name + "InTile;");
            writer.Line("int inner = first + innerInTile;");
            string address = KernelAxes.Sum(
            [
                ProductKernelEmitter.Offset("group", product.Groups, stride), ProductKernelEmitter.Offset(name, axes, stride),
                ProductKernelEmitter.Offset("inner", product.Inner, stride),
            ]);
            string[] conditions = new[]
            {
                ProductKernelEmitter.IsWhole(axes, size) ? "" : name + " < " + name + "s",
                !product.InnerIsOpen && ProductKernelEmitter.IsWhole(product.Inner, ProductTile.Inner) ? "" : "inner < " + end,
            }.Where(condition => condition.Length > 0).ToArray();
            string value = operand + "[" + address + "]";
            if (conditions.Length > 0)
            {
                writer.Line("float value = 0f;");
                using (writer.Block("if (" + string.Join(" && ", conditions) + ")"))
                {
                    writer.Line("value = " + value + ";");
                }
                value = "value";
            }
            writer.Line(shared + "[(innerInTile * " + sharedStride + ") + " + name + "InTile] = " + value + ";");
        }
    }
}
