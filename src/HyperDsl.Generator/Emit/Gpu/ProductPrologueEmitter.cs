using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints what a product reads in place of an operand: a method that gives an element, or four neighbours, of what a pass makes.</summary>
internal sealed class ProductPrologueEmitter
{
    private const int Quad = 4;

    private readonly NamedKernel named;
    private readonly ProductKernel product;
    private readonly int number;
    private readonly bool isLeft;
    private readonly Prologue prologue;
    private readonly string[] fields;
    private readonly PlacedAxis[] places;

    private ProductPrologueEmitter(NamedKernel named, ProductKernel product, int number, bool isLeft, int firstOperand)
    {
        (this.named, this.product, this.number, this.isLeft) = (named, product, number, isLeft);
        prologue = product.PrologueOf(isLeft)!;
        int first = firstOperand + (isLeft ? 0 : product.FirstOfRight);
        fields = [.. named.Fields.Skip(first).Take(prologue.OperandCount), MethodOf(isLeft, number)];
        places = [.. ProloguePlaces.Of(product, isLeft, prologue)!.Where(IsUsed)];
    }

    /// <summary>All of a kernel's, in the order of their operands.</summary>
    public static IEnumerable<ProductPrologueEmitter> Of(NamedKernel named)
    {
        ProductKernel[] products = ProductReader.ProductsOf(named.Kernel);
        int first = 0;
        for (int i = 0; i < products.Length; i++)
        {
            foreach (bool isLeft in new[] { true, false }.Where(isLeft => products[i].PrologueOf(isLeft) is not null))
            {
                yield return new ProductPrologueEmitter(named, products[i], i, isLeft, first);
            }
            first += products[i].OperandCount;
        }
    }

    /// <summary>What takes the place of an operand's field in a formula of the product.</summary>
    public static string MethodOf(bool isLeft, int product) =>
        (isLeft ? "Left" : "Right") + (product == 0 ? "" : Literal.Integer(product + 1));

    public bool IsOf(int product, bool left) => number == product && isLeft == left;

    /// <summary>What it computes, in the names of the kernel's fields.</summary>
    public string Comment => string.Join("; ", RowFormulas.Of(prologue.Pass, fields))
        + (prologue.IsWhole ? "" : ", " + Literal.Exact(prologue.Around) + " around it");

    /// <summary>An element as an expression, or four.</summary>
    /// <param name="group">The product's index; names may be those of variables or expressions.</param>
    /// <param name="across">Row or column.</param>
    /// <param name="inner">The index that is summed over.</param>
    public string Element(string group, string across, string inner) => named.Name + MethodOf(isLeft, number)
        + "(args" + (Uses(ProductIndex.Group) ? ", " + group : "") + (Uses(Across) ? ", " + across : "")
        + (Uses(ProductIndex.Inner) ? ", " + inner : "") + ")";

    public void WriteMethods(SourceWriter writer)
    {
        bool inQuads = (isLeft ? ProductQuads.OfLeft(product) : ProductQuads.OfRight(product)) != QuadAxis.None;
        string type = inQuads ? "Float4" : "float";
        writer.Line();
        writer.Comment(Comment);
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block("private static " + type + " " + named.Name + MethodOf(isLeft, number) + "(" + named.Arguments + " args"
            + (Uses(ProductIndex.Group) ? ", int group" : "") + (Uses(Across) ? ", int " + AcrossParameter : "")
            + (Uses(ProductIndex.Inner) ? ", int inner" : "") + ")"))
        {
            PassBody body = new(writer, prologue.Pass, new ArgumentPlaces(prologue.Pass, fields));
            foreach (PlacedAxis axis in places)
            {
                writer.Line("int " + NameOf(body, axis.Number) + " = " + IndexOf(axis) + ";");
            }
            string Value() => inQuads ? WriteQuad(writer, body) : WriteElement(body);
            string inside = string.Join(" && ", prologue.Axes.SelectMany(axis => Conditions(NameOf(body, axis.Number), axis)));
            if (inside.Length > 0)
            {
                writer.Line(type + " value = " + Around(inQuads) + ";");
                using (writer.Block("if (" + inside + ")"))
                {
                    writer.Line("value = " + Value() + ";");
                }
            }
            writer.Line("return " + (inside.Length > 0 ? "value" : Value()) + ";");
        }
        if (inQuads && !IsMove)
        {
            WriteValue(writer);
        }
    }

    private ProductIndex Across => isLeft ? ProductIndex.Row : ProductIndex.Column;

    /// <summary>Not the name of any axis of the pass.</summary>
    private string AcrossParameter => isLeft ? "leftRow" : "rightColumn";

    /// <summary>Whether elements are taken as they lie, one beside the other.</summary>
    private bool IsMove => prologue.OperandCount == 1 && prologue.Pass.Instructions.Count == 2
        && !PrologueQuads.IsOneNumber(prologue.Pass.Operands[0], prologue.Axes[0]);

    /// <summary>Variables of what is loaded, after the fields.</summary>
    private string[] LoadedNames => [.. fields.Take(prologue.OperandCount).Select(name => "of" + name)];

    private string ValueMethod => named.Name + MethodOf(isLeft, number) + "Value";

    /// <summary>Whether an axis decides where something is read, what is drawn, or whether an element is padding.</summary>
    private bool IsUsed(PlacedAxis place) => prologue.Pass.NeedsExampleIndex
        || prologue.Axes.Any(axis => axis.Number == place.Number && axis.Extent < axis.Places)
        || prologue.Pass.Operands.Take(prologue.OperandCount)
            .Any(operand => (place.Number < 0 ? operand.ExampleStride : operand.Strides[place.Number]) != 0);

    /// <summary>Whether an element depends on an index.</summary>
    public bool Uses(ProductIndex index) => places.Any(place => place.Parts.Any(part => part.Index == index));

    private string NameOf(PassBody body, int axis)
    {
        int first = prologue.Pass.OverExamples ? 1 : 0;
        int rows = prologue.Pass.RowExtents.Count;
        return axis < 0 ? body.Rows[0].Name : axis < rows ? body.Rows[axis + first].Name : body.Columns[axis - rows].Name;
    }

    private string IndexOf(PlacedAxis axis)
    {
        int begin = prologue.Axes.FirstOrDefault(other => other.Number == axis.Number)?.Begin ?? 0;
        return KernelAxes.Sum(axis.Parts.Select(part => Part(part, isAlone: axis.Parts.Count == 1 && begin == 0)))
            + (begin == 0 ? "" : " - " + Literal.Integer(begin));
    }

    private string Part(IndexPart part, bool isAlone)
    {
        string index = part.Index switch
        {
            ProductIndex.Group => "group",
            ProductIndex.Inner => "inner",
            _ => AcrossParameter,
        };
        string place = KernelAxes.Part(index, part.Divisor, part.Modulus);
        return KernelAxes.Product(place == index || (isAlone && part.Factor == 1) ? place : "(" + place + ")", part.Factor);
    }

    private static IEnumerable<string> Conditions(string name, PrologueAxis axis)
    {
        if (axis.Begin > 0)
        {
            yield return name + " >= 0";
        }
        if (axis.Begin + axis.Extent < axis.Places)
        {
            yield return name + " < " + Literal.Integer(axis.Extent);
        }
    }

    private string Around(bool inQuads)
    {
        string around = Literal.CSharp(prologue.Around, single: true);
        return !inQuads ? around : prologue.Around == 0 ? "default"
            : "new Float4 { " + string.Join(", ", ProductTileEmitter.Fields.Select(field => field + " = " + around)) + " }";
    }

    /// <summary>Prints what an element takes; the result is an expression.</summary>
    private string WriteElement(PassBody body)
    {
        for (int i = 0; i < prologue.Pass.Instructions.Count; i++)
        {
            if (!prologue.Pass.Instructions[i].Writes)
            {
                body.WriteValue(i);
            }
        }
        return body.Scalar(prologue.Pass.Instructions.Single(instruction => instruction.Writes).Inputs[0]);
    }

    /// <summary>Prints loads of four neighbours; the result is an expression.</summary>
    private string WriteQuad(SourceWriter writer, PassBody body)
    {
        PrologueAxis inner = prologue.Axes[0];
        string[] names = LoadedNames;
        for (int operand = 0; operand < names.Length; operand++)
        {
            RowOperand walk = prologue.Pass.Operands[operand];
            bool isOneNumber = PrologueQuads.IsOneNumber(walk, inner);
            int run = isOneNumber ? 1 : Quad;
            string address = KernelAxes.Sum(places.Select(place => place.Number < 0
                ? KernelAxes.Product(NameOf(body, -1), walk.ExampleStride / run)
                : place.Number == inner.Number && !isOneNumber
                    ? "(" + NameOf(body, place.Number) + " / 4)"
                    : KernelAxes.Product(NameOf(body, place.Number), walk.Strides[place.Number] / run)));
            string source = "args." + fields[operand] + (isOneNumber ? "" : ".Cast<Float4>()") + "[" + address + "]";
            if (IsMove)
            {
                return source;
            }
            writer.Line((isOneNumber ? "float " : "Float4 ") + names[operand] + " = " + source + ";");
        }
        return "new Float4 { " + string.Join(", ", ProductTileEmitter.Fields.Select(field => field + " = " + ValueMethod + "(args"
            + string.Concat(names.Select((name, operand) =>
                ", " + (PrologueQuads.IsOneNumber(prologue.Pass.Operands[operand], inner) ? name : name + "." + field))) + ")")) + " }";
    }

    /// <summary>Prints the arithmetic on numbers that are loaded.</summary>
    private void WriteValue(SourceWriter writer)
    {
        string[] names = LoadedNames;
        writer.Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block("private static float " + ValueMethod + "(" + named.Arguments + " args"
            + string.Concat(names.Select(name => ", float " + name)) + ")"))
        {
            PassBody body = new(
                writer, prologue.Pass, new ArgumentPlaces(prologue.Pass, fields),
                Enumerable.Range(0, names.Length).ToDictionary(operand => operand, operand => names[operand]));
            writer.Line("return " + WriteElement(body) + ";");
        }
    }
}
