using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints a kernel of several products that add up rows: a group of threads finds which product and which part of its inner axis its tile is
/// of, then all do the same but for loads. As in <see cref="ProductsKernelEmitter"/>, threads never wait within a branch.
/// </summary>
internal sealed class ProductSumsKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly ProductSumsKernel kernel;
    private readonly string operands;
    private readonly IReadOnlyList<string> fields;
    private readonly string[] names;
    private readonly ProductKernel[] parts;
    private readonly ProductTileEmitter tiles;
    private readonly ProductKernelEmitter[] products;

    private ProductSumsKernelEmitter(SourceWriter writer, NamedKernel named, bool onTensorCores)
    {
        this.writer = writer;
        kernel = (ProductSumsKernel)named.Kernel;
        operands = OperandsOf(named);
        fields = named.Fields;
        parts = kernel.Parts;
        names = KernelFields.Unnamed(parts.Max(part => part.OperandCount));
        tiles = ProductKernelEmitter.TilesOf(writer, kernel.Tile, onTensorCores);
        products = [.. NamedParts(named).Select(name => ProductKernelEmitter.OfPart(writer, name, tiles))];
    }

    public static void Emit(SourceWriter writer, NamedKernel named, bool onTensorCores) =>
        new ProductSumsKernelEmitter(writer, named, onTensorCores).Write();

    /// <summary>The products that differ, with names for the methods of each; all find their buffers in the same structure.</summary>
    public static NamedKernel[] NamedParts(NamedKernel named) => [.. ((ProductSumsKernel)named.Kernel).Parts.Select((part, i) =>
        new NamedKernel(part, named.Name + "Part" + Literal.Integer(i), KernelFields.Unnamed(part.OperandCount)) { Arguments = OperandsOf(named) })];

    /// <summary>Prints a launch of products in parts, a line for each, and of the kernel that adds the parts to where they belong.</summary>
    public static void WriteLaunch(
        SourceWriter writer, string holder, NamedKernel named, NamedKernel adding, Launch launch, Func<DeviceOperand, string> view)
    {
        ProductSumsKernel kernel = (ProductSumsKernel)named.Kernel;
        string Arguments(NamedKernel of, IEnumerable<DeviceOperand> operands) => "new " + holder + of.Arguments + " { "
            + string.Join(", ", operands.Select((operand, i) => of.Fields[i] + " = " + view(operand))
                .Concat(kernel.RowCounts.Select(AddProductSumsEmitter.NameOf).Select(name => name + " = run." + name))) + " }";
        writer.Line("run.MultiplyAll(" + holder + named.Field + ", "
            + Arguments(named, launch.Operands.Take(kernel.Inputs)) + ", " + holder + adding.Field + ", "
            + Arguments(adding, launch.Operands.Skip(kernel.Inputs)) + ",");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (ProductSum sum in kernel.Sums)
            {
                writer.Line("new(tiles: " + Literal.Integer(sum.Tiles(kernel.Tile)) + ", inner: " + AddProductSumsEmitter.Length(sum.Rows, sum.InnerOfRow, "run")
                    + ", elements: " + Literal.Integer(sum.Places.Elements) + "),");
            }
        }
        writer.Line("]);");
    }

    /// <summary>Prints the structure of one product's buffers, which come from those of the launch.</summary>
    public static void WriteOperands(SourceWriter writer, NamedKernel named)
    {
        writer.Line();
        writer.Line("// Buffers of one of the products.");
        using (writer.Block("private struct " + OperandsOf(named)))
        {
            foreach (string name in KernelFields.Unnamed(((ProductSumsKernel)named.Kernel).Parts.Max(part => part.OperandCount)))
            {
                writer.Line("public ArrayView<float> " + name + ";");
            }
        }
    }

    private static string OperandsOf(NamedKernel named) => named.Name + "Operands";

    private void Write()
    {
        tiles.WriteSharedMemory();
        WriteChoice();
        WritePlace();
        tiles.WriteBegin([0]);
        using (writer.Block("for (int first = split * reduction.Chunk; first < end; first += " + Literal.Integer(ProductTile.Inner) + ")"))
        {
            WriteLoads();
            writer.Line("Group.Barrier();");
            tiles.WriteMultiply(0, "end");
            writer.Line("Group.Barrier();");
        }
        tiles.WriteEnd([0]);
        WriteSums();
    }

    /// <summary>What a product needs to be told of, by name; what is the same for all is not told.</summary>
    private (string Name, Func<ProductSum, string> Of)[] Sizes() => [.. new (string Name, Func<ProductSum, string> Of)[]
    {
        ("rows", sum => Literal.Integer(sum.RowsOfResult)), ("columns", sum => Literal.Integer(sum.Columns)),
        ("groups", sum => Literal.Integer(sum.Groups)), ("part", sum => Literal.Integer(Array.IndexOf(parts, sum.By(kernel.Tile)))),
        ("length", sum => AddProductSumsEmitter.Length(sum.Rows, sum.InnerOfRow, "launch")),
    }.Where(size => size.Name switch
    {
        "groups" => kernel.Sums.Any(sum => sum.Groups > 1),
        "part" => parts.Length > 1,
        _ => true,
    })];

    /// <summary>Finds a group's product: the last one whose first tile is not behind the group's.</summary>
    private void WriteChoice()
    {
        (string Name, Func<ProductSum, string> Of)[] sizes = Sizes();
        ProductSum sum = kernel.Sums[0];
        writer.Line(operands + " args = new() { "
            + string.Join(", ", sum.Operands.Select((_, i) => names[i] + " = " + Buffer(sum, i))) + " };");
        foreach ((string name, Func<ProductSum, string> size) in sizes)
        {
            writer.Line("int " + name + " = " + size(sum) + ";");
        }
        writer.Line("int parts = GroupReduction.Parts(reduction, length);");
        writer.Line("int begin = 0;");
        writer.Line("int firstSum = 0;");
        if (kernel.Sums.Count == 1)
        {
            return;
        }
        writer.Line("int next = " + OfParts(sum.Tiles(kernel.Tile)) + ";");
        for (int i = 1; i < kernel.Sums.Count; i++)
        {
            WriteNext(kernel.Sums[i - 1], kernel.Sums[i], sizes, isLast: i == kernel.Sums.Count - 1);
        }
    }

    /// <summary>What is another for a product than for the one before.</summary>
    private void WriteNext(ProductSum previous, ProductSum sum, (string Name, Func<ProductSum, string> Of)[] sizes, bool isLast)
    {
        using SourceWriter.Scope inside = writer.Block("if (Grid.IdxX >= next)");
        writer.Line("begin = next;");
        writer.Line("firstSum += " + OfParts(previous.Places.Elements) + ";");
        foreach ((string name, Func<ProductSum, string> size) in sizes.Where(size => size.Of(sum) != size.Of(previous)))
        {
            writer.Line(name + " = " + size(sum) + ";");
            if (name == "length")
            {
                writer.Line("parts = GroupReduction.Parts(reduction, length);");
            }
        }
        for (int i = 0; i < sum.Operands.Count; i++)
        {
            if (i >= previous.Operands.Count || Buffer(previous, i) != Buffer(sum, i))
            {
                writer.Line("args." + names[i] + " = " + Buffer(sum, i) + ";");
            }
        }
        if (!isLast)
        {
            writer.Line("next += " + OfParts(sum.Tiles(kernel.Tile)) + ";");
        }
    }

    /// <summary>A buffer of the launch; where fours of neighbours are loaded at once, a device's compiler cannot see that they lie at multiples of 16 bytes.</summary>
    private string Buffer(ProductSum sum, int operand)
    {
        bool isLeft = operand < sum.Product.FirstOfRight;
        ProductKernel product = sum.By(kernel.Tile);
        bool inQuads = (isLeft ? ProductQuads.OfLeft(product) : ProductQuads.OfRight(product)) != QuadAxis.None;
        string buffer = "launch." + fields[sum.Operands[operand]];
        return inQuads && product.PrologueOf(isLeft) is null ? "ProductBuffers.Aligned(" + buffer + ")" : buffer;
    }

    /// <summary>Declares which part of the product's inner axis and which tile of its result a group has, and where its elements go.</summary>
    private void WritePlace()
    {
        bool grouped = kernel.Sums.Any(sum => sum.Groups > 1);
        writer.Line("int block = Grid.IdxX - begin;");
        ProductKernelEmitter.WriteTilePlace(writer, kernel.Tile, "block");
        writer.Line("int split = block / (tilesOfColumns * tilesOfRows)" + (grouped ? " / groups" : "") + ";");
        if (grouped)
        {
            writer.Line("int group = block / (tilesOfColumns * tilesOfRows) % groups;");
        }
        writer.Line("firstSum += " + (grouped ? "((split * groups) + group)" : "split") + " * rows * columns;");
        writer.Line("int end = Math.Min((split + 1) * reduction.Chunk, length);");
    }

    private void WriteLoads()
    {
        for (int i = 0; i < parts.Length; i++)
        {
            string condition = i == parts.Length - 1 ? "else" : (i == 0 ? "if" : "else if") + " (part == " + Literal.Integer(i) + ")";
            using SourceWriter.Scope? scope = parts.Length == 1 ? null : writer.Block(condition);
            products[i].WriteLoads(0, "end");
        }
    }

    /// <summary>Writes a thread's elements; parts of a sum have no other layout than this.</summary>
    private void WriteSums()
    {
        bool inQuads = tiles.ColumnsInQuads && kernel.Sums.All(sum => sum.Columns % 4 == 0);
        bool wholeColumns = kernel.Sums.All(sum => sum.Columns % kernel.Tile.Columns == 0);
        for (int row = 0; row < tiles.ThreadRows; row++)
        {
            string r = "firstRow + " + tiles.RowOf(row);
            using SourceWriter.Scope? inside = Guard(kernel.Sums.All(sum => sum.RowsOfResult % kernel.Tile.Rows == 0), r + " < rows");
            for (int column = 0; column < tiles.ThreadColumns; column += inQuads ? 4 : 1)
            {
                string c = "firstColumn + " + tiles.ColumnOf(column);
                using SourceWriter.Scope? within = Guard(wholeColumns, c + " < columns");
                writer.Line("ProductBuffers.Write(reduction.Target, firstSum + ((" + r + ") * columns) + " + c + ", " + (inQuads
                    ? "new Float4 { " + string.Join(", ", Enumerable.Range(0, 4).Select(i =>
                        ProductTileEmitter.Fields[i] + " = " + ProductTileEmitter.Accumulator(0, row, column + i))) + " }"
                    : ProductTileEmitter.Accumulator(0, row, column)) + ");");
            }
        }
    }

    private static string OfParts(int count) => count == 1 ? "parts" : Literal.Integer(count) + " * parts";

    private SourceWriter.Scope? Guard(bool isTrue, string condition) => isTrue ? null : writer.Block("if (" + condition + ")");
}
