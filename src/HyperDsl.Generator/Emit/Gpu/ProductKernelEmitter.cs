using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints products: tiles of the result in registers, tiles of the operands in shared memory.</summary>
internal sealed class ProductKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly IReadOnlyList<ProductKernel> products;
    private readonly IReadOnlyList<int> sumOf;
    private readonly ProductEpilogueEmitter? epilogue;
    private readonly ProductKernel result;
    private readonly ProductTile tile;
    private readonly ProductTileEmitter tiles;
    private readonly FactorSource[] factors;

    private ProductKernelEmitter(
        SourceWriter writer, NamedKernel named, IReadOnlyList<int> sumOf, ProductEpilogueEmitter? epilogue, ProductTileEmitter tiles)
    {
        (this.writer, this.sumOf, this.epilogue) = (writer, sumOf, epilogue);
        products = ProductReader.ProductsOf(named.Kernel);
        factors = FactorSource.Of(named);
        result = products[0];
        tile = result.Tile!;
        this.tiles = tiles;
    }

    /// <summary>The field that gets the result of a part of a kernel; otherwise a reduction gets it.</summary>
    private string? Target { get; init; }

    public static ProductTileEmitter TilesOf(SourceWriter writer, ProductTile tile, bool onTensorCores) =>
        onTensorCores ? new TensorTileEmitter(writer, tile) : new RegisterTileEmitter(writer, tile);

    /// <summary>A part of a kernel of several products, which prints what the parts share: all but loads.</summary>
    public static ProductKernelEmitter OfPart(SourceWriter writer, NamedKernel named, ProductTileEmitter tiles) => new(writer, named, [0], null, tiles);

    /// <summary>The same, of one that stores its result itself.</summary>
    public static ProductKernelEmitter OfPart(SourceWriter writer, NamedKernel named, ProductPart part, ProductTileEmitter tiles) => new(
        writer, named, [0], named.Kernel is FusedProductKernel fused ? new ProductEpilogueEmitter(writer, fused, named) : null, tiles)
    {
        Target = part.HasTarget ? named.Fields[part.OperandCount - 1] : null,
    };

    public static void Emit(SourceWriter writer, NamedKernel named, ProductKernel product, bool onTensorCores)
    {
        if (product.Tile is null)
        {
            ThinProductEmitter.Emit(writer, named, product);
        }
        else
        {
            new ProductKernelEmitter(writer, named, [0], null, TilesOf(writer, product.Tile, onTensorCores)).Write();
        }
    }

    public static void Emit(SourceWriter writer, NamedKernel named, FusedProductKernel fused, ProductEpilogueEmitter epilogue, bool onTensorCores)
    {
        if (fused.Tile is null)
        {
            ThinProductEmitter.Emit(writer, named, fused, epilogue);
        }
        else
        {
            new ProductKernelEmitter(writer, named, fused.SumOf, epilogue, TilesOf(writer, fused.Tile, onTensorCores)).Write();
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

    /// <summary>Whether tiles of so many places cover axes without a rest.</summary>
    public static bool IsWhole(EquatableArray<ProductAxis> axes, int part) =>
        !axes.Any(axis => axis.IsOpen) && ProductKernel.Count(axes) % part == 0;

    private void Write()
    {
        tiles.WriteSharedMemory();
        WritePlace();
        int[] sums = sumOf.Distinct().OrderBy(sum => sum).ToArray();
        tiles.WriteBegin(sums);
        for (int i = 0; i < products.Count; i++)
        {
            ProductKernel product = products[i];
            string begin = product.InnerIsOpen ? "split * reduction.Chunk" : "0";
            string end = product.InnerIsOpen ? "end" : Count(product.Inner);
            if (product.InnerIsOpen)
            {
                writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, reduction.Length);");
            }
            using (writer.Block("for (int first = " + begin + "; first < " + end + "; first += " + Literal.Integer(ProductTile.Inner) + ")"))
            {
                WriteLoads(i, end);
                writer.Line("Group.Barrier();");
                tiles.WriteMultiply(sumOf[i], end);
                writer.Line("Group.Barrier();");
            }
        }
        tiles.WriteEnd(sums);
        WriteResult();
    }

    /// <summary>Copies a product's pair of tiles to shared memory.</summary>
    public void WriteLoads(int product, string end) =>
        tiles.WriteLoads(products[product], factors[2 * product], factors[(2 * product) + 1], end);

    /// <summary>Declares where a tile begins, given the rows and columns of the result.</summary>
    public static void WriteTilePlace(SourceWriter writer, ProductTile tile, string block)
    {
        writer.Line("int tilesOfRows = (rows + " + Literal.Integer(tile.Rows - 1) + ") / " + Literal.Integer(tile.Rows) + ";");
        writer.Line("int tilesOfColumns = (columns + " + Literal.Integer(tile.Columns - 1) + ") / " + Literal.Integer(tile.Columns) + ";");
        writer.Line("int firstColumn = (" + block + " % tilesOfColumns) * " + Literal.Integer(tile.Columns) + ";");
        writer.Line("int firstRow = (" + block + " / tilesOfColumns % tilesOfRows) * " + Literal.Integer(tile.Rows) + ";");
    }

    private void WritePlace()
    {
        writer.Line("int rows = " + Count(result.Rows) + ";");
        writer.Line("int columns = " + Count(result.Columns) + ";");
        WriteTilePlace(writer, tile, "Grid.IdxX");
        string block = "Grid.IdxX / (tilesOfColumns * tilesOfRows)";
        bool grouped = result.Groups.Count > 0;
        if (result.InnerIsOpen)
        {
            writer.Line("int split = " + (grouped ? block + " / " + Count(result.Groups) : block) + ";");
        }
        if (grouped)
        {
            writer.Line("int group = " + block + (result.InnerIsOpen ? " % " + Count(result.Groups) : "") + ";");
        }
    }

    /// <summary>Writes a thread's elements, those of a row together.</summary>
    public void WriteResult()
    {
        bool wholeColumns = IsWhole(result.Columns, tile.Columns);
        int run = InQuads ? 4 : 1;
        for (int row = 0; row < tiles.ThreadRows; row++)
        {
            string r = "firstRow + " + tiles.RowOf(row);
            using SourceWriter.Scope? inside = Guard(IsWhole(result.Rows, tile.Rows) ? "" : r + " < rows");
            if (wholeColumns)
            {
                WriteElements(row, r, Enumerable.Range(0, tiles.ThreadColumns));
                continue;
            }
            for (int column = 0; column < tiles.ThreadColumns; column += run)
            {
                using (Guard("firstColumn + " + tiles.ColumnOf(column) + " < columns"))
                {
                    WriteElements(row, r, Enumerable.Range(column, run));
                }
            }
        }
    }

    /// <summary>Whether four columns are stored at once.</summary>
    private bool InQuads => epilogue is null && tiles.ColumnsInQuads && ProductQuads.OfResult(result);

    private SourceWriter.Scope? Guard(string condition) => condition.Length == 0 ? null : writer.Block("if (" + condition + ")");

    private void WriteElements(int row, string r, IEnumerable<int> columns)
    {
        string Column(int column) => "firstColumn + " + tiles.ColumnOf(column);
        string Value(int column) => "value" + Literal.Integer(row) + Literal.Integer(column);
        if (epilogue is null)
        {
            foreach (int column in columns.Where(column => !InQuads || column % 4 == 0))
            {
                WriteElement(r, Column(column), InQuads
                    ? "new Float4 { " + string.Join(", ", Enumerable.Range(0, 4).Select(i =>
                        ProductTileEmitter.Fields[i] + " = " + ProductTileEmitter.Accumulator(0, row, column + i))) + " }"
                    : ProductTileEmitter.Accumulator(0, row, column));
            }
            return;
        }
        foreach (int column in columns)
        {
            epilogue.WriteValue(
                Value(column), r, Column(column), sumOf.Distinct().OrderBy(sum => sum).Select(sum => ProductTileEmitter.Accumulator(sum, row, column)));
        }
        foreach (int column in columns)
        {
            epilogue.WriteStore(Value(column), r, Column(column));
        }
    }

    private void WriteElement(string row, string column, string value)
    {
        string address = KernelAxes.Sum(
        [
            Offset("group", result.Groups, axis => axis.Result), Offset("(" + row + ")", result.Rows, axis => axis.Result),
            Offset("(" + column + ")", result.Columns, axis => axis.Result),
        ]);
        writer.Line(Target is null
            ? "GroupReduction.Write(reduction, " + (result.InnerIsOpen ? "split" : "0") + ", " + address + ", " + value + ");"
            : "ProductBuffers.Write(args." + Target + ", " + address + ", " + value + ");");
    }
}
