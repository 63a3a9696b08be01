using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints several passes, fills and look-ups: a thread an element of one of them.</summary>
internal static class PassesKernelEmitter
{
    /// <summary>The field that holds the number of examples at all steps, where members differ in their rows.</summary>
    public const string RowsOfSteps = "RowsOfSteps";

    public static void Emit(SourceWriter writer, PassesKernel passes, IReadOnlyList<string> names)
    {
        writer.Line("int index = (Grid.IdxX * " + Literal.Integer(DeviceKernel.GroupSize) + ") + Group.IdxX;");
        int first = 0;
        for (int member = 0; member < passes.Members.Count; member++)
        {
            (DeviceKernel kernel, RowCount rowCount) = passes.Members[member];
            string[] own = [.. names.Skip(first).Take(kernel.OperandCount)];
            first += own.Length;
            string rows = RowsOf(rowCount, passes);
            string elements = Write(writer, kernel, own, rows);
            if (member + 1 < passes.Members.Count)
            {
                writer.Line("index -= " + elements + ";");
            }
        }
    }

    /// <summary>Whether there are members of both kinds of rows.</summary>
    public static bool HasBothRows(DeviceKernel kernel) => kernel is PassesKernel passes
        && passes.Members.Any(member => member.Rows == RowCount.Steps) && passes.Members.Any(member => member.Rows == RowCount.Examples);

    /// <summary>What <c>Rows</c> counts.</summary>
    public static RowCount RowsOf(PassesKernel passes) => HasBothRows(passes) ? RowCount.Examples
        : passes.Members.Any(member => member.Rows == RowCount.Steps) ? RowCount.Steps
        : passes.Members.Any(member => member.Rows == RowCount.Examples) ? RowCount.Examples : RowCount.One;

    /// <summary>How many elements a member has for each row, and whether it has rows.</summary>
    public static (int Known, bool IsOpen) Elements(DeviceKernel kernel)
    {
        if (kernel is not PassKernel pass)
        {
            return LookupKernelEmitter.Elements(kernel);
        }
        List<KernelAxis> axes = PassKernelEmitter.AxesOfElements(new PassBody(new SourceWriter(), pass.Program));
        return (axes.Aggregate(1, (product, axis) => checked(product * axis.Extent)), axes.Any(axis => axis.IsOpen));
    }

    private static string RowsOf(RowCount rows, PassesKernel passes) => rows switch
    {
        RowCount.One => "1",
        RowCount.Steps when HasBothRows(passes) => "args." + RowsOfSteps,
        _ => KernelAxes.Rows,
    };

    /// <summary>Prints a member; how many elements it has.</summary>
    private static string Write(SourceWriter writer, DeviceKernel kernel, string[] names, string rows)
    {
        (int known, bool isOpen) = Elements(kernel);
        string elements = KernelAxes.Count(known, isOpen, rows);
        if (kernel is not PassKernel { Program: RowProgram program })
        {
            using (writer.Block("if (index < " + elements + ")"))
            {
                LookupKernelEmitter.WriteElement(writer, kernel, names, rows);
                writer.Line("return;");
            }
            return elements;
        }
        PassBody body = new(writer, program, new ArgumentPlaces(program, names));
        foreach (string formula in RowFormulas.Of(program, names, body.Locals))
        {
            writer.Comment(formula);
        }
        using (writer.Block("if (index < " + elements + ")"))
        {
            KernelAxes.Declare(writer, "index", PassKernelEmitter.AxesOfElements(body));
            PassKernelEmitter.EmitElement(program, body);
            writer.Line("return;");
        }
        return elements;
    }
}
