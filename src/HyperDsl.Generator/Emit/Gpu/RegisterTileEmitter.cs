using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints how each thread multiplies rows and columns of its own.</summary>
internal sealed class RegisterTileEmitter(SourceWriter writer, ProductTile tile) : ProductTileEmitter(writer, tile)
{
    public override int ThreadRows => Tile.ThreadRows;

    public override int ThreadColumns => Tile.ThreadColumns;

    public override bool ColumnsInQuads => Tile.InQuads;

    // A column more than the tile has, or four: neighbours along the inner axis then lie in different banks.
    protected override int LeftStride => Tile.Rows + (Tile.InQuads ? 4 : 1);

    protected override int RightStride => Tile.Columns + (Tile.InQuads ? 4 : 0);

    private int Run => Tile.InQuads ? 4 : 1;

    public override string RowOf(int row) => Place("threadRow", row, Tile.Rows / Tile.ThreadRows);

    public override string ColumnOf(int column) => Place("threadColumn", column, Tile.Columns / Tile.ThreadColumns);

    public override void WriteBegin(IReadOnlyCollection<int> sums)
    {
        string across = Literal.Integer(Tile.Columns / Tile.ThreadColumns);
        Writer.Line("int threadRow = Group.IdxX / " + across + ";");
        Writer.Line("int threadColumn = Group.IdxX % " + across + ";");
        foreach (string sum in Accumulators(sums))
        {
            Writer.Line("float " + sum + " = 0f;");
        }
    }

    public override void WriteMultiply(int sum, string end)
    {
        using (Writer.Block("for (int k = 0; k < " + Literal.Integer(ProductTile.Inner) + "; k++)"))
        {
            WriteFactors("a", "left", Tile.ThreadRows, LeftStride, Tile.Rows, "threadRow");
            WriteFactors("b", "right", Tile.ThreadColumns, RightStride, Tile.Columns, "threadColumn");
            for (int row = 0; row < Tile.ThreadRows; row++)
            {
                for (int column = 0; column < Tile.ThreadColumns; column++)
                {
                    Writer.Line(Accumulator(sum, row, column) + " += " + Factor("a", row) + " * " + Factor("b", column) + ";");
                }
            }
        }
    }

    /// <summary>Quads of threads lie side by side, a thread's quads apart; without quads the same holds for single places.</summary>
    private string Place(string thread, int place, int threads) =>
        After(Run == 1 ? thread : "(" + thread + " * 4)", (place / Run * threads * Run) + (place % Run));

    private void WriteFactors(string name, string shared, int count, int stride, int size, string thread)
    {
        string type = Tile.InQuads ? "Float4" : "float";
        string memory = Tile.InQuads ? shared + "Quads" : shared;
        for (int place = 0; place < count; place += Run)
        {
            int offset = place / Run * (size / count);
            Writer.Line(type + " " + name + Literal.Integer(place) + " = " + memory + "[(k * " + Literal.Integer(stride / Run) + ") + "
                + After(thread, offset) + "];");
        }
    }

    private string Factor(string name, int place) => Tile.InQuads
        ? name + Literal.Integer(place / 4 * 4) + "." + Fields[place % 4]
        : name + Literal.Integer(place);
}
