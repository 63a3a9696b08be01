using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a product: tiles of the result in registers, tiles of the operands in shared memory.</summary>
internal sealed class ProductKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly ProductKernel product;
    private readonly ProductTile tile;

    private ProductKernelEmitter(SourceWriter writer, ProductKernel product)
    {
        this.writer = writer;
        this.product = product;
        tile = product.Tile!;
    }

    public static void Emit(SourceWriter writer, ProductKernel product)
    {
        if (product.Tile is null)
        {
            ThinProductEmitter.Emit(writer, product);
        }
        else
        {
            new ProductKernelEmitter(writer, product).Write();
        }
    }

    /// <summary>The distance of an element from the first one of an operand.</summary>
    public static string Offset(string index, EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride)
    {
        List<string> terms = [];
        int inner = 1;
        for (int i = axes.Count - 1; i >= 0; i--)
        {
            if (stride(axes[i]) != 0)
            {
                string part = KernelAxes.Part(index, inner, i == 0 ? 0 : axes[i].Extent);
                terms.Insert(0, KernelAxes.Product(part == index ? part : "(" + part + ")", stride(axes[i])));
            }
            inner = checked(inner * axes[i].Extent);
        }
        return string.Join(" + ", terms);
    }

    public static string Count(EquatableArray<ProductAxis> axes) =>
        KernelAxes.Count(ProductKernel.Count(axes), axes.Any(axis => axis.IsOpen));

    // A column more than the tile has: neighbours along the inner axis then lie in different banks.
    private string LeftStride => Literal.Integer(tile.Rows + 1);

    private void Write()
    {
        string inner = Literal.Integer(ProductTile.Inner);
        writer.Line("ArrayView<float> left = SharedMemory.Allocate<float>(" + Literal.Integer(ProductTile.Inner * (tile.Rows + 1)) + "); // [inner][row]");
        writer.Line("ArrayView<float> right = SharedMemory.Allocate<float>(" + Literal.Integer(ProductTile.Inner * tile.Columns) + "); // [inner][column]");
        WritePlace();
        foreach (string accumulator in Accumulators())
        {
            writer.Line("float " + accumulator + " = 0f;");
        }
        string begin = product.InnerIsOpen ? "split * reduction.Chunk" : "0";
        string end = product.InnerIsOpen ? "Math.Min((split + 1) * reduction.Chunk, reduction.Length)" : Count(product.Inner);
        writer.Line("int end = " + end + ";");
        using (writer.Block("for (int first = " + begin + "; first < end; first += " + inner + ")"))
        {
            WriteLoad("left", "row", tile.Rows, product.Rows, axis => axis.Left, LeftStride, "args.A", "rows");
            WriteLoad("right", "column", tile.Columns, product.Columns, axis => axis.Right, Literal.Integer(tile.Columns), "args.B", "columns");
            writer.Line("Group.Barrier();");
            WriteMultiply();
            writer.Line("Group.Barrier();");
        }
        WriteResult();
    }

    private void WritePlace()
    {
        writer.Line("int rows = " + Count(product.Rows) + ";");
        writer.Line("int columns = " + Count(product.Columns) + ";");
        writer.Line("int tilesOfRows = (rows + " + Literal.Integer(tile.Rows - 1) + ") / " + Literal.Integer(tile.Rows) + ";");
        writer.Line("int tilesOfColumns = (columns + " + Literal.Integer(tile.Columns - 1) + ") / " + Literal.Integer(tile.Columns) + ";");
        writer.Line("int firstColumn = (Grid.IdxX % tilesOfColumns) * " + Literal.Integer(tile.Columns) + ";");
        writer.Line("int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * " + Literal.Integer(tile.Rows) + ";");
        string block = "Grid.IdxX / (tilesOfColumns * tilesOfRows)";
        bool grouped = product.Groups.Count > 0;
        if (product.InnerIsOpen)
        {
            writer.Line("int split = " + (grouped ? block + " / " + Count(product.Groups) : block) + ";");
        }
        if (grouped)
        {
            writer.Line("int group = " + block + (product.InnerIsOpen ? " % " + Count(product.Groups) : "") + ";");
        }
        string across = Literal.Integer(tile.Columns / tile.ThreadColumns);
        writer.Line("int threadRow = Group.IdxX / " + across + ";");
        writer.Line("int threadColumn = Group.IdxX % " + across + ";");
    }

    /// <summary>Copies a tile of an operand to shared memory; neighbouring threads read neighbours in memory.</summary>
    private void WriteLoad(
        string shared, string name, int size, EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride, string sharedStride,
        string operand, string count)
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
                Offset("group", product.Groups, stride), Offset(name, axes, stride), Offset("inner", product.Inner, stride),
            ]);
            string[] conditions = new[]
            {
                IsWhole(axes, size) ? "" : name + " < " + count,
                !product.InnerIsOpen && IsWhole(product.Inner, ProductTile.Inner) ? "" : "inner < end",
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

    private static bool IsWhole(EquatableArray<ProductAxis> axes, int part) =>
        !axes.Any(axis => axis.IsOpen) && ProductKernel.Count(axes) % part == 0;

    private IEnumerable<string> Accumulators() =>
        from row in Enumerable.Range(0, tile.ThreadRows)
        from column in Enumerable.Range(0, tile.ThreadColumns)
        select Accumulator(row, column);

    private static string Accumulator(int row, int column) => "c" + Literal.Integer(row) + Literal.Integer(column);

    private string RowOf(int row) => row == 0
        ? "threadRow"
        : "threadRow + " + Literal.Integer(row * (tile.Rows / tile.ThreadRows));

    private string ColumnOf(int column) => column == 0
        ? "threadColumn"
        : "threadColumn + " + Literal.Integer(column * (tile.Columns / tile.ThreadColumns));

    private void WriteMultiply()
    {
        using (writer.Block("for (int k = 0; k < " + Literal.Integer(ProductTile.Inner) + "; k++)"))
        {
            for (int row = 0; row < tile.ThreadRows; row++)
            {
                writer.Line("float a" + Literal.Integer(row) + " = left[(k * " + LeftStride + ") + " + RowOf(row) + "];");
            }
            for (int column = 0; column < tile.ThreadColumns; column++)
            {
                writer.Line("float b" + Literal.Integer(column) + " = right[(k * " + Literal.Integer(tile.Columns) + ") + " + ColumnOf(column) + "];");
            }
            for (int row = 0; row < tile.ThreadRows; row++)
            {
                for (int column = 0; column < tile.ThreadColumns; column++)
                {
                    writer.Line(Accumulator(row, column) + " += a" + Literal.Integer(row) + " * b" + Literal.Integer(column) + ";");
                }
            }
        }
    }

    private void WriteResult()
    {
        for (int row = 0; row < tile.ThreadRows; row++)
        {
            for (int column = 0; column < tile.ThreadColumns; column++)
            {
                string r = "firstRow + " + RowOf(row);
                string c = "firstColumn + " + ColumnOf(column);
                string[] conditions = new[]
                {
                    IsWhole(product.Rows, tile.Rows) ? "" : r + " < rows", IsWhole(product.Columns, tile.Columns) ? "" : c + " < columns",
                }.Where(condition => condition.Length > 0).ToArray();
                string address = KernelAxes.Sum(
                [
                    Offset("group", product.Groups, axis => axis.Result), Offset("(" + r + ")", product.Rows, axis => axis.Result),
                    Offset("(" + c + ")", product.Columns, axis => axis.Result),
                ]);
                string line = "GroupReduction.Write(reduction, " + (product.InnerIsOpen ? "split" : "0") + ", " + address + ", "
                    + Accumulator(row, column) + ");";
                if (conditions.Length == 0)
                {
                    writer.Line(line);
                    continue;
                }
                using (writer.Block("if (" + string.Join(" && ", conditions) + ")"))
                {
                    writer.Line(line);
                }
            }
        }
    }
}
