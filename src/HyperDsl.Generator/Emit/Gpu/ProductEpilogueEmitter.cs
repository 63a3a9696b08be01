using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints what a fused product makes of an element of its result: a method for the values and one for their stores. Of neighbouring elements
/// all values are computed before the first store, since a device's compiler cannot know that loads may pass stores.
/// </summary>
internal sealed class ProductEpilogueEmitter
{
    private readonly SourceWriter writer;
    private readonly FusedProductKernel kernel;
    private readonly NamedKernel named;
    private readonly PassBody body;
    private readonly PlacedAxis[] axes;
    private readonly int[] stores;

    public ProductEpilogueEmitter(SourceWriter writer, FusedProductKernel kernel, NamedKernel named)
    {
        (this.writer, this.kernel, this.named) = (writer, kernel, named);
        Dictionary<int, string> registers = Enumerable.Range(0, kernel.Sums.Count).ToDictionary(sum => kernel.Sums[sum], sum => SumName(kernel, sum));
        body = new PassBody(writer, kernel.Epilogue, new ArgumentPlaces(kernel.Epilogue, FieldsOf(kernel, named.Fields)), registers);
        axes = ResultPlaces.Of(kernel.Products[0], kernel.Epilogue, kernel.Epilogue.Operands[kernel.Sums[0]])!;
        stores = Enumerable.Range(0, kernel.Epilogue.Instructions.Count)
            .Where(i => kernel.Epilogue.Instructions[i].Kind == RowInstructionKind.Store).ToArray();
    }

    /// <summary>What the kernel computes, in the names of its fields.</summary>
    public static IEnumerable<string> Comments(FusedProductKernel kernel, IReadOnlyList<string> names)
    {
        for (int sum = 0; sum < kernel.Sums.Count; sum++)
        {
            yield return SumName(kernel, sum) + "[row, column] = " + string.Join(" + ", Enumerable.Range(0, kernel.Products.Count)
                .Where(product => kernel.SumOf[product] == sum)
                .Select(product => "Σ over inner of " + FactorName(kernel, product, true, names) + "[row, inner] · "
                    + FactorName(kernel, product, false, names) + "[inner, column]"));
        }
        string[] fields = FieldsOf(kernel, names);
        for (int sum = 0; sum < kernel.Sums.Count; sum++)
        {
            fields[kernel.Sums[sum]] = SumName(kernel, sum);
        }
        foreach (string formula in RowFormulas.Of(kernel.Epilogue, fields))
        {
            yield return formula;
        }
    }

    public void WriteMethods()
    {
        if (stores.Length > 1)
        {
            writer.Line();
            using (writer.Block("private struct " + ValueType))
            {
                foreach (int store in stores)
                {
                    writer.Line("public float " + Field(store) + ";");
                }
            }
        }
        writer.Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        string sums = string.Concat(Enumerable.Range(0, kernel.Sums.Count).Select(sum => ", float " + SumName(kernel, sum)));
        using (writer.Block("private static " + ValueType + " " + named.Name + "Value(" + named.Arguments + " args" + IndexParameters + sums + ")"))
        {
            WriteAxes();
            for (int i = 0; i < kernel.Epilogue.Instructions.Count; i++)
            {
                if (!kernel.Epilogue.Instructions[i].Writes)
                {
                    body.WriteValue(i);
                }
            }
            string[] values = stores.Select(store => body.Scalar(kernel.Epilogue.Instructions[store].Inputs[0])).ToArray();
            writer.Line("return " + (values.Length == 1
                ? values[0]
                : "new " + ValueType + " { " + string.Join(", ", stores.Select((store, i) => Field(store) + " = " + values[i])) + " }") + ";");
        }
        writer.Line();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block("private static void " + named.Name + "Store(" + named.Arguments + " args" + IndexParameters + ", " + ValueType + " value)"))
        {
            WriteAxes();
            foreach (int store in stores)
            {
                body.WriteStore(store, value: stores.Length == 1 ? "value" : "value." + Field(store));
            }
        }
    }

    /// <summary>Declares the values of an element.</summary>
    public void WriteValue(string variable, string row, string column, IEnumerable<string> sums) => writer.Line(
        ValueType + " " + variable + " = " + named.Name + "Value(args" + Indices(row, column) + string.Concat(sums.Select(sum => ", " + sum)) + ");");

    /// <summary>Stores the values of an element.</summary>
    public void WriteStore(string variable, string row, string column) =>
        writer.Line(named.Name + "Store(args" + Indices(row, column) + ", " + variable + ");");

    /// <summary>Whether values depend on an index, or where they are stored does.</summary>
    public bool Uses(ProductIndex axis) => axes.Any(placed => placed.Parts.Any(part => part.Index == axis));

    private static string FactorName(FusedProductKernel kernel, int product, bool isLeft, IReadOnlyList<string> names) =>
        FactorSource.Name(kernel.Products[product], product, isLeft, names, kernel.FirstOperand(product));

    private static string SumName(FusedProductKernel kernel, int sum) => "product" + (kernel.Sums.Count == 1 ? "" : Literal.Integer(sum));

    /// <summary>Fields of the pass' operands; sums have none.</summary>
    private static string[] FieldsOf(FusedProductKernel kernel, IReadOnlyList<string> names)
    {
        string[] fields = new string[kernel.Epilogue.Operands.Count];
        int next = kernel.FirstOperand(kernel.Products.Count);
        foreach (int operand in kernel.PassOperands)
        {
            fields[operand] = names[next++];
        }
        return fields;
    }

    private string ValueType => stores.Length == 1 ? "float" : named.Name + "Values";

    private string Field(int store) => FieldsOf(kernel, named.Fields)[kernel.Epilogue.Instructions[store].Operand];

    private string IndexParameters => (Uses(ProductIndex.Group) ? ", int group" : "") + (Uses(ProductIndex.Row) ? ", int resultRow" : "")
        + (Uses(ProductIndex.Column) ? ", int resultColumn" : "");

    private string Indices(string row, string column) => (Uses(ProductIndex.Group) ? ", group" : "") + (Uses(ProductIndex.Row) ? ", " + row : "")
        + (Uses(ProductIndex.Column) ? ", " + column : "");

    private void WriteAxes()
    {
        foreach (PlacedAxis axis in axes)
        {
            writer.Line("int " + NameOf(axis.Number) + " = " + KernelAxes.Sum(axis.Parts.Select(Part)) + ";");
        }
    }

    private string NameOf(int axis)
    {
        int rows = kernel.Epilogue.RowExtents.Count;
        int first = kernel.Epilogue.OverExamples ? 1 : 0;
        return axis < rows ? body.Rows[axis + first].Name : body.Columns[axis - rows].Name;
    }

    private static string Part(IndexPart part)
    {
        string index = part.Index switch
        {
            ProductIndex.Group => "group",
            ProductIndex.Row => "resultRow",
            _ => "resultColumn",
        };
        string place = KernelAxes.Part(index, part.Divisor, part.Modulus);
        return KernelAxes.Product(place == index ? place : "(" + place + ")", part.Factor);
    }
}
