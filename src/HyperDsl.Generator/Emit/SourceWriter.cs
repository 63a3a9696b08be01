using System.Text;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit;

/// <summary>Writes indented text with <c>\n</c> line ends.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', depth * 4).Append(line);
        }
        text.Append('\n');
    }

    /// <summary>Writes a comment of one line, whatever the names in it are.</summary>
    public void Comment(string comment) => Line("// " + Literal.OneLine(comment));

    /// <summary>Writes a line and an opening brace; the closing one comes with the disposal.</summary>
    public Scope Block(string line, string close = "}")
    {
        if (line.Length > 0)
        {
            Line(line);
        }
        Line("{");
        depth++;
        return new Scope(this, close);
    }

    public Scope Indent()
    {
        depth++;
        return new Scope(this, "");
    }

    public override string ToString() => text.ToString();

    internal readonly struct Scope(SourceWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            if (close.Length > 0)
            {
                writer.Line(close);
            }
        }
    }
}
