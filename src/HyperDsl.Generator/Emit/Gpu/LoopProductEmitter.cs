using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints a product of a group's rows with a matrix: a thread a column, neighbours on neighbouring columns, for as many rows as there are
/// threads to spare. A weight is loaded once for all rows of a thread.
/// </summary>
internal sealed class LoopProductEmitter
{
    private readonly SourceWriter writer;
    private readonly LoopBuffers buffers;
    private readonly LoopPart part;
    private readonly EquatableArray<ProductAxis> results;
    private readonly EquatableArray<ProductAxis> inner;
    private readonly bool leftVaries;
    private readonly bool rightVaries;
    private readonly int groupRows;

    private LoopProductEmitter(SourceWriter writer, LoopBuffers buffers, LoopPart part, int groupRows)
    {
        (this.writer, this.buffers, this.part, this.groupRows) = (writer, buffers, part, groupRows);
        ProductKernel product = (ProductKernel)part.Kernel;
        ProductAxis open = product.Groups.Concat(product.Rows).Single(axis => axis.IsOpen);
        (leftVaries, rightVaries) = (open.Left != 0, open.Right != 0);
        // The examples are the group's; what was joined with them stays.
        results = product.Groups.Concat(product.Rows).Concat(product.Columns)
            .Select(axis => axis with { IsOpen = false }).Where(axis => axis.Extent != 1)
            .OrderByDescending(axis => axis.Result).ToEquatable();
        inner = product.Inner;
    }

    public static void Emit(SourceWriter writer, LoopBuffers buffers, LoopPart part, int groupRows) =>
        new LoopProductEmitter(writer, buffers, part, groupRows).Write();

    private void Write()
    {
        int outputs = ProductKernel.Count(results);
        int across = PowerOfTwo(outputs, DeviceKernel.GroupSize);
        int threadsOfRows = Math.Min(groupRows, DeviceKernel.GroupSize / across);
        int rowsOfThread = groupRows / threadsOfRows;
        string width = Literal.Integer(across);
        string[] rows = WriteRows(width, threadsOfRows, rowsOfThread);
        string begin = threadsOfRows == 1 ? "Group.IdxX" : "Group.IdxX % " + width;
        string mine = threadsOfRows == 1 ? "" : " && mine < rows";
        string step = threadsOfRows == 1 ? Literal.Integer(DeviceKernel.GroupSize) : width;
        using (writer.Block("for (int output = " + begin + "; output < " + Literal.Integer(outputs) + mine + "; output += " + step + ")"))
        {
            WriteSum(rows);
            for (int row = 0; row < rows.Length; row++)
            {
                string line = buffers.Element(part.Target!, rows[row], [Offset("output", results, axis => axis.Result)])
                    + (part.Adds ? " += sum" : " = sum") + Literal.Integer(row) + ";";
                if (row == 0)
                {
                    writer.Line(line);
                    continue;
                }
                using (writer.Block("if (" + Row(row) + " < rows)"))
                {
                    writer.Line(line);
                }
            }
        }
    }

    /// <summary>Declares the rows of a thread; where there are fewer, the last one again, whose result is not stored.</summary>
    private string[] WriteRows(string width, int threadsOfRows, int rowsOfThread)
    {
        if (groupRows == 1)
        {
            return ["0"];
        }
        string mine = threadsOfRows == 1 ? "0" : "Group.IdxX / " + width + (rowsOfThread == 1 ? "" : " * " + Literal.Integer(rowsOfThread));
        writer.Line("int mine = " + mine + ";");
        for (int row = 0; row < rowsOfThread; row++)
        {
            writer.Line("int row" + Literal.Integer(row) + " = " + (row == 0 ? "mine" : "Math.Min(" + Row(row) + ", rows - 1)") + ";");
        }
        return [.. Enumerable.Range(0, rowsOfThread).Select(row => "row" + Literal.Integer(row))];
    }

    private static string Row(int row) => row == 0 ? "mine" : "mine + " + Literal.Integer(row);

    private void WriteSum(string[] rows)
    {
        string left = Offset("output", results, axis => axis.Left);
        string right = Offset("output", results, axis => axis.Right);
        if (left.Length > 0)
        {
            writer.Line("int left = " + left + ";");
        }
        if (right.Length > 0)
        {
            writer.Line("int right = " + right + ";");
        }
        for (int row = 0; row < rows.Length; row++)
        {
            writer.Line("float sum" + Literal.Integer(row) + " = 0f;");
        }
        string[] ofLeft = [left.Length > 0 ? "left" : "", Offset("inner", inner, axis => axis.Left)];
        string[] ofRight = [right.Length > 0 ? "right" : "", Offset("inner", inner, axis => axis.Right)];
        using (writer.Block("for (int inner = 0; inner < " + Literal.Integer(ProductKernel.Count(inner)) + "; inner++)"))
        {
            string A(string row) => buffers.Element(part.Operands[0], leftVaries ? row : "", ofLeft);
            string B(string row) => buffers.Element(part.Operands[1], rightVaries ? row : "", ofRight);
            if (!rightVaries)
            {
                writer.Line("float weight = " + B("") + ";");
            }
            for (int row = 0; row < rows.Length; row++)
            {
                writer.Line("sum" + Literal.Integer(row) + " += " + A(rows[row]) + " * " + (rightVaries ? B(rows[row]) : "weight") + ";");
            }
        }
    }

    private static string Offset(string index, EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride) =>
        ProductKernelEmitter.Offset(index, axes, stride);

    /// <summary>The smallest power of two that is not below a number, or the limit.</summary>
    public static int PowerOfTwo(int number, int limit)
    {
        int power = 1;
        while (power < number && power < limit)
        {
            power *= 2;
        }
        return power;
    }
}
