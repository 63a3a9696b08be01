using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints a kernel of several products: a group of threads finds which product its tile is of and where that one's buffers are, then all do
/// the same but for loads and stores. Threads never wait within a branch: on pocl 3.1 results were wrong where groups took different ones.
/// </summary>
internal sealed class ProductsKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly ProductsKernel kernel;
    private readonly string operands;
    private readonly IReadOnlyList<string> fields;
    private readonly ProductPart[] parts;
    private readonly ProductTileEmitter tiles;
    private readonly ProductKernelEmitter[] products;

    private ProductsKernelEmitter(SourceWriter writer, NamedKernel named, bool onTensorCores)
    {
        this.writer = writer;
        kernel = (ProductsKernel)named.Kernel;
        operands = OperandsOf(named);
        fields = named.Fields;
        parts = kernel.Parts;
        tiles = ProductKernelEmitter.TilesOf(writer, kernel.Tile, onTensorCores);
        products = [.. NamedParts(named).Zip(parts, (name, part) => ProductKernelEmitter.OfPart(writer, name, part, tiles))];
    }

    public static void Emit(SourceWriter writer, NamedKernel named, bool onTensorCores) =>
        new ProductsKernelEmitter(writer, named, onTensorCores).Write();

    /// <summary>The parts that differ, with names for the methods of each; all find their buffers in the same structure.</summary>
    public static NamedKernel[] NamedParts(NamedKernel named) => [.. ((ProductsKernel)named.Kernel).Parts.Select((part, i) =>
        new NamedKernel(part.Kernel, named.Name + "Part" + Literal.Integer(i), KernelFields.Unnamed(part.OperandCount)) { Arguments = OperandsOf(named) })];

    /// <summary>Prints a launch by the places of its buffers in arenas, a buffer a line.</summary>
    public static void WriteLaunch(SourceWriter writer, string holder, NamedKernel named, Launch launch, RoutineProgram program)
    {
        ProductsKernel kernel = (ProductsKernel)named.Kernel;
        LaunchShape.Of(kernel, "1", out string sizes);
        writer.Line("run.Launch(" + holder + named.Field + ", " + sizes + ", new " + holder + named.Arguments);
        writer.Line("{");
        using (writer.Indent())
        {
            foreach (string arena in ArenasOf(kernel).Select(ArenaName))
            {
                writer.Line(arena + " = run.All" + arena + ",");
            }
            for (int i = 0; i < launch.Operands.Count; i++)
            {
                Storage storage = program.Storages[launch.Operands[i].Storage];
                writer.Line(named.Fields[i] + " = " + Literal.Integer(storage.Offset + launch.Operands[i].Offset) + ", // " + storage.Name + " " + storage.Shape);
            }
        }
        writer.Line("});");
    }

    public static void WriteArguments(SourceWriter writer, NamedKernel named)
    {
        ProductsKernel kernel = (ProductsKernel)named.Kernel;
        using (writer.Block("internal struct " + named.Arguments))
        {
            foreach (Place arena in kernel.HasRows ? [] : ArenasOf(kernel))
            {
                writer.Line("public ArrayView<float> " + ArenaName(arena) + ";");
            }
            for (int operand = 0; operand < kernel.OperandCount; operand++)
            {
                writer.Line(kernel.HasRows
                    ? "public ArrayView<float> " + named.Fields[operand] + ";"
                    : "public int " + named.Fields[operand] + "; // in " + ArenaName(kernel.Arenas[operand]));
            }
            if (kernel.HasRows)
            {
                writer.Line("public int Rows;");
            }
        }
        writer.Line();
        writer.Line("// Buffers of one of the products.");
        using (writer.Block("private struct " + OperandsOf(named)))
        {
            foreach (string name in KernelFields.Unnamed(kernel.Parts.Max(part => part.OperandCount)))
            {
                writer.Line("public ArrayView<float> " + name + ";");
            }
        }
    }

    private static string OperandsOf(NamedKernel named) => named.Name + "Operands";

    private static string ArenaName(Place arena) => arena switch
    {
        Place.Parameter => "Parameters",
        Place.Gradient => "Gradients",
        Place.Shared => "Common",
        Place.Lane => "Lanes",
        _ => throw new InvalidOperationException($"Buffers in '{arena}' lie at another place in each launch."),
    };

    private static IEnumerable<Place> ArenasOf(ProductsKernel kernel) => kernel.Arenas.Distinct().OrderBy(arena => arena);

    private void Write()
    {
        tiles.WriteSharedMemory();
        WriteChoice();
        ProductKernelEmitter.WriteTilePlace(writer, kernel.Tile, "block");
        if (parts.Any(part => part.Product.Groups.Count > 0))
        {
            writer.Line("int group = block / (tilesOfColumns * tilesOfRows);");
        }
        tiles.WriteBegin([0]);
        string length = Same(part => part.Inner) ?? "length";
        using (writer.Block("for (int first = 0; first < " + length + "; first += " + Literal.Integer(ProductTile.Inner) + ")"))
        {
            WriteByPart(part => products[part].WriteLoads(0, Literal.Integer(parts[part].Inner)));
            writer.Line("Group.Barrier();");
            tiles.WriteMultiply(0, length);
            writer.Line("Group.Barrier();");
        }
        tiles.WriteEnd([0]);
        WriteByPart(part => products[part].WriteResult());
    }

    /// <summary>What a product needs to be told of, by name; what is the same for all is not told.</summary>
    private (string Name, Func<ProductPart, string> Of)[] Sizes() => [.. new (string Name, Func<ProductPart, string> Of)[]
    {
        ("rows", part => KernelAxes.Count(part.Rows, kernel.HasRows, "launch.Rows")), ("columns", part => Literal.Integer(part.Columns)),
        ("length", part => Literal.Integer(part.Inner)), ("part", part => Literal.Integer(Array.IndexOf(parts, part))),
    }.Where(size => size.Name is "rows" or "columns" || parts.Select(size.Of).Distinct().Count() > 1)];

    /// <summary>Finds a group's product: the last one whose first tile is not behind the group's.</summary>
    private void WriteChoice()
    {
        (string Name, Func<ProductPart, string> Of)[] sizes = Sizes();
        string[] names = KernelFields.Unnamed(parts.Max(part => part.OperandCount));
        ProductMember member = kernel.Members[0];
        writer.Line(operands + " args = new() { "
            + string.Join(", ", member.Operands.Select((operand, i) => names[i] + " = " + Buffer(operand))) + " };");
        foreach ((string name, Func<ProductPart, string> size) in sizes)
        {
            writer.Line("int " + name + " = " + size(member.Part) + ";");
        }
        writer.Line("int begin = 0;");
        if (kernel.HasRows && kernel.Members.Count > 1)
        {
            writer.Line("int next = " + BlocksOfRows(member.Part) + ";");
        }
        int begin = 0;
        for (int i = 1; i < kernel.Members.Count; i++)
        {
            begin += kernel.HasRows ? 0 : kernel.Members[i - 1].Part.Blocks;
            using (writer.Block("if (Grid.IdxX >= " + (kernel.HasRows ? "next" : Literal.Integer(begin)) + ")"))
            {
                writer.Line("begin = " + (kernel.HasRows ? "next" : Literal.Integer(begin)) + ";");
                WriteNext(kernel.Members[i - 1], kernel.Members[i], sizes, names);
                if (kernel.HasRows && i + 1 < kernel.Members.Count)
                {
                    writer.Line("next += " + BlocksOfRows(kernel.Members[i].Part) + ";");
                }
            }
        }
        writer.Line("int block = Grid.IdxX - begin;");
    }

    /// <summary>What is another for a product than for the one before.</summary>
    private void WriteNext(ProductMember previous, ProductMember member, (string Name, Func<ProductPart, string> Of)[] sizes, string[] names)
    {
        foreach ((string name, Func<ProductPart, string> size) in sizes.Where(size => size.Of(member.Part) != size.Of(previous.Part)))
        {
            writer.Line(name + " = " + size(member.Part) + ";");
        }
        foreach (int i in Enumerable.Range(0, member.Operands.Count)
            .Where(i => i >= previous.Operands.Count || member.Operands[i] != previous.Operands[i]))
        {
            writer.Line("args." + names[i] + " = " + Buffer(member.Operands[i]) + ";");
        }
    }

    private string Buffer(int operand)
    {
        string name = "launch." + fields[operand];
        return kernel.HasRows
            ? kernel.AreAligned ? "ProductBuffers.Aligned(" + name + ")" : name
            : "ProductBuffers." + (kernel.AreAligned ? "AlignedFrom" : "From") + "(launch." + ArenaName(kernel.Arenas[operand]) + ", " + name + ")";
    }

    /// <summary>Groups of threads of a product whose rows are counted at run time.</summary>
    private string BlocksOfRows(ProductPart part)
    {
        string tiles = Literal.Integer(checked((part.Columns + kernel.Tile.Columns - 1) / kernel.Tile.Columns * ProductKernel.Count(part.Product.Groups)));
        return "((" + KernelAxes.Count(part.Rows, true, "launch.Rows") + " + " + Literal.Integer(kernel.Tile.Rows - 1) + ") / "
            + Literal.Integer(kernel.Tile.Rows) + ") * " + tiles;
    }

    private string? Same(Func<ProductPart, int> size) => parts.Select(size).Distinct().ToArray() is [int only] ? Literal.Integer(only) : null;

    /// <summary>What differs between parts.</summary>
    private void WriteByPart(Action<int> write)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            string condition = i == parts.Length - 1 ? "else" : (i == 0 ? "if" : "else if") + " (part == " + Literal.Integer(i) + ")";
            using SourceWriter.Scope? scope = parts.Length == 1 ? null : writer.Block(condition);
            write(i);
        }
    }
}
