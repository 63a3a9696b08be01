using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints what happens to one pair of tiles: both are copied to shared memory, and a group's threads multiply them.</summary>
internal abstract class ProductTileEmitter(SourceWriter writer, ProductTile tile)
{
    /// <summary>Fields of four neighbours.</summary>
    public static readonly string[] Fields = ["X", "Y", "Z", "W"];

    /// <summary>Rows of the tile in which a thread has elements.</summary>
    public abstract int ThreadRows { get; }

    /// <summary>Columns of the tile in which a thread has elements.</summary>
    public abstract int ThreadColumns { get; }

    /// <summary>Whether a thread's columns come in fours that lie side by side.</summary>
    public abstract bool ColumnsInQuads { get; }

    protected SourceWriter Writer { get; } = writer;

    protected ProductTile Tile { get; } = tile;

    /// <summary>Elements of shared memory from one inner element of the left tile to the next.</summary>
    protected abstract int LeftStride { get; }

    /// <summary>As <see cref="LeftStride"/>, of the right tile.</summary>
    protected abstract int RightStride { get; }

    /// <summary>The variable of a thread's element of a sum.</summary>
    public static string Accumulator(int sum, int row, int column) => (char)('c' + sum) + Literal.Integer(row) + Literal.Integer(column);

    /// <summary>A thread's row within the tile.</summary>
    public abstract string RowOf(int row);

    /// <summary>A thread's column within the tile.</summary>
    public abstract string ColumnOf(int column);

    /// <summary>Declares where a thread is within the tile, and its sums, which are 0.</summary>
    public abstract void WriteBegin(IReadOnlyCollection<int> sums);

    /// <summary>Adds the product of the pair of tiles to a sum.</summary>
    public abstract void WriteMultiply(int sum, string end);

    /// <summary>After the last pair of tiles: from here on sums are variables.</summary>
    public virtual void WriteEnd(IReadOnlyCollection<int> sums)
    {
    }

    public void WriteSharedMemory()
    {
        WriteShared("left", LeftStride, "[inner][row]");
        WriteShared("right", RightStride, "[inner][column]");
    }

    public void WriteLoads(ProductKernel product, FactorSource left, FactorSource right, string end)
    {
        ProductLoadEmitter loads = new(Writer, product, Tile, Loaded);
        loads.Write(new TileSide("left", "row", Tile.Rows, LeftStride, product.Rows, axis => axis.Left, left, ProductQuads.OfLeft(product)), end);
        loads.Write(
            new TileSide("right", "column", Tile.Columns, RightStride, product.Columns, axis => axis.Right, right, ProductQuads.OfRight(product)), end);
    }

    /// <summary>The variables of a thread's sums.</summary>
    protected IEnumerable<string> Accumulators(IEnumerable<int> sums) =>
        from sum in sums
        from row in Enumerable.Range(0, ThreadRows)
        from column in Enumerable.Range(0, ThreadColumns)
        select Accumulator(sum, row, column);

    /// <summary>What is multiplied instead of an element, or four, of an operand.</summary>
    protected virtual string Loaded(string element) => element;

    protected static string After(string first, int offset) => offset == 0 ? first : first + " + " + Literal.Integer(offset);

    private void WriteShared(string name, int stride, string shape)
    {
        int size = ProductTile.Inner * stride;
        if (Tile.InQuads)
        {
            Writer.Line("ArrayView<Float4> " + name + "Quads = SharedMemory.Allocate<Float4>(" + Literal.Integer(size / 4) + "); // " + shape);
            Writer.Line("ArrayView<float> " + name + " = " + name + "Quads.Cast<float>();");
        }
        else
        {
            Writer.Line("ArrayView<float> " + name + " = SharedMemory.Allocate<float>(" + Literal.Integer(size) + "); // " + shape);
        }
    }
}
