using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>
/// Prints poolings and their gradients. A gradient is gathered: a thread a pixel visits the windows that hold it, in order, so
/// nothing is added to by two threads.
/// </summary>
internal sealed class PoolKernelEmitter
{
    private readonly SourceWriter writer;
    private readonly PoolKernel pool;
    private readonly IReadOnlyList<string> fields;
    private readonly Window window;

    private PoolKernelEmitter(SourceWriter writer, PoolKernel pool, IReadOnlyList<string> fields)
    {
        (this.writer, this.pool, this.fields, window) = (writer, pool, fields, pool.Window);
    }

    public static void Emit(SourceWriter writer, PoolKernel pool, IReadOnlyList<string> fields)
    {
        PoolKernelEmitter emitter = new(writer, pool, fields);
        if (pool.Operation is PoolOperation.Max or PoolOperation.Average)
        {
            emitter.WriteForward();
        }
        else
        {
            emitter.WriteGradient();
        }
    }

    private int Height => pool.Image[0];

    private int Width => pool.Image[1];

    private int Channels => pool.Image[2];

    private string Field(int operand) => "args." + fields[operand];

    private static string N(long number) => Literal.Integer(number);

    private void WriteForward()
    {
        LookupKernelEmitter.WriteIndex(writer, pool.OutputHeight * pool.OutputWidth * Channels, open: true);
        KernelAxes.Declare(writer, "index",
            [new("example", 1, true), new("y", pool.OutputHeight), new("x", pool.OutputWidth), new("channel", Channels)]);
        WriteWindow("y", "x");
        writer.Line("int image = (example * " + N(Height * Width * Channels) + ") + channel;");
        if (pool.Operation == PoolOperation.Max)
        {
            WriteMaximum();
            writer.Line(Field(1) + "[index] = maximum;");
            return;
        }
        writer.Line("float sum = 0f;");
        using (WindowLoop())
        {
            writer.Line("sum += " + Field(0) + "[" + Pixel("row", "column") + "];");
        }
        writer.Line(Field(1) + "[index] = sum / ((endY - firstY) * (endX - firstX));");
    }

    private void WriteGradient()
    {
        LookupKernelEmitter.WriteIndex(writer, Height * Width * Channels, open: true);
        KernelAxes.Declare(writer, "index",
            [new("example", 1, true), new("pixelY", Height), new("pixelX", Width), new("channel", Channels)]);
        writer.Line("int image = (example * " + N(Height * Width * Channels) + ") + channel;");
        writer.Line("int result = (example * " + N(pool.OutputHeight * pool.OutputWidth * Channels) + ") + channel;");
        writer.Line("// Windows from begin to end hold the pixel.");
        WriteRange("Y", window.Top, window.SizeY, window.StrideY, pool.OutputHeight);
        WriteRange("X", window.Left, window.SizeX, window.StrideX, pool.OutputWidth);
        writer.Line("float sum = 0f;");
        using (writer.Block("for (int y = beginY; y < stopY; y++)"))
        using (writer.Block("for (int x = beginX; x < stopX; x++)"))
        {
            WriteWindow("y", "x");
            string gradient = Field(pool.Operation == PoolOperation.MaxGradient ? 1 : 0)
                + "[result + (((y * " + N(pool.OutputWidth) + ") + x) * " + N(Channels) + ")]";
            if (pool.Operation == PoolOperation.AverageGradient)
            {
                writer.Line("sum += " + gradient + " / ((endY - firstY) * (endX - firstX));");
            }
            else
            {
                WriteMaximum();
                WriteFirstMaximum();
                using (writer.Block("if (winner == (pixelY * " + N(Width) + ") + pixelX)"))
                {
                    writer.Line("sum += " + gradient + ";");
                }
            }
        }
        writer.Line(Field(pool.Operation == PoolOperation.MaxGradient ? 2 : 1) + "[index] = sum;");
    }

    private void WriteRange(string axis, int before, int size, int stride, int count)
    {
        string pixel = "pixel" + axis;
        writer.Line("int begin" + axis + " = Math.Max(0, (" + pixel + " + " + N(before - size + stride) + ") / " + N(stride) + ");");
        writer.Line("int stop" + axis + " = Math.Min(" + N(count) + ", ((" + pixel + " + " + N(before) + ") / " + N(stride) + ") + 1);");
    }

    private void WriteWindow(string y, string x)
    {
        writer.Line("int firstY = Math.Max((" + y + " * " + N(window.StrideY) + ") - " + N(window.Top) + ", 0);");
        writer.Line("int endY = Math.Min((" + y + " * " + N(window.StrideY) + ") + " + N(window.SizeY - window.Top) + ", " + N(Height) + ");");
        writer.Line("int firstX = Math.Max((" + x + " * " + N(window.StrideX) + ") - " + N(window.Left) + ", 0);");
        writer.Line("int endX = Math.Min((" + x + " * " + N(window.StrideX) + ") + " + N(window.SizeX - window.Left) + ", " + N(Width) + ");");
    }

    private void WriteMaximum()
    {
        writer.Line("float maximum = float.NegativeInfinity;");
        using (WindowLoop())
        {
            writer.Line("maximum = DeviceMath.Maximum(maximum, " + Field(0) + "[" + Pixel("row", "column") + "]);");
        }
    }

    /// <summary>The first pixel that is the maximum, or the first that is no number.</summary>
    private void WriteFirstMaximum()
    {
        writer.Line("int winner = -1;");
        using (WindowLoop())
        {
            writer.Line("float value = " + Field(0) + "[" + Pixel("row", "column") + "];");
            using (writer.Block("if (winner < 0 && (value == maximum || float.IsNaN(value)))"))
            {
                writer.Line("winner = (row * " + N(Width) + ") + column;");
            }
        }
    }

    private string Pixel(string row, string column) =>
        "image + (((" + row + " * " + N(Width) + ") + " + column + ") * " + N(Channels) + ")";

    private NestedScope WindowLoop() => new(
        writer.Block("for (int row = firstY; row < endY; row++)"),
        writer.Block("for (int column = firstX; column < endX; column++)"));

    private readonly struct NestedScope(SourceWriter.Scope outer, SourceWriter.Scope inner) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            outer.Dispose();
        }
    }
}
