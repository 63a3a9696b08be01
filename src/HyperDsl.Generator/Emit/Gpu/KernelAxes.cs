using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>An axis that a kernel's threads are spread over or loop over.</summary>
/// <param name="Name">Its variable.</param>
/// <param name="Extent">Its size; where it is open, for each row.</param>
/// <param name="IsOpen">Whether the number of rows multiplies it; only the outermost of several axes is open.</param>
/// <param name="IsSteps">Whether the number of steps multiplies it instead.</param>
internal sealed record KernelAxis(string Name, int Extent, bool IsOpen = false, bool IsSteps = false);

/// <summary>Indices of several axes counted as one.</summary>
internal static class KernelAxes
{
    /// <summary>The number of rows of a kernel.</summary>
    public const string Rows = "args.Rows";

    /// <summary>How many elements the axes have: a constant, or a multiple of the rows.</summary>
    public static string Count(IReadOnlyCollection<KernelAxis> axes, string rows = Rows)
    {
        int known = axes.Aggregate(1, (product, axis) => checked(product * axis.Extent));
        return Count(known, axes.Any(axis => axis.IsOpen), rows);
    }

    public static string Count(int known, bool open, string rows = Rows) =>
        !open || rows == "1" ? Literal.Integer(known) : known == 1 ? rows : rows + " * " + Literal.Integer(known);

    /// <summary>Declares each axis' index, given the index over all of them.</summary>
    public static void Declare(SourceWriter writer, string index, IReadOnlyList<KernelAxis> axes)
    {
        int inner = 1;
        for (int i = axes.Count - 1; i >= 0; i--)
        {
            writer.Line("int " + axes[i].Name + " = " + Part(index, inner, i == 0 ? 0 : axes[i].Extent) + ";");
            inner = checked(inner * axes[i].Extent);
        }
    }

    /// <summary>The index of one axis: divided by what lies inside of it, and the remainder of its own size.</summary>
    public static string Part(string index, int inner, int extent)
    {
        string quotient = inner == 1 ? index : index + " / " + Literal.Integer(inner);
        return extent == 0 ? quotient
            : inner == 1 ? index + " % " + Literal.Integer(extent)
            : quotient + " % " + Literal.Integer(extent);
    }

    /// <summary>A variable times a stride; empty for 0.</summary>
    public static string Product(string variable, int stride) =>
        stride == 0 ? "" : stride == 1 ? variable : "(" + variable + " * " + Literal.Integer(stride) + ")";

    /// <summary>The sum of what is not empty; 0 if all are.</summary>
    public static string Sum(IEnumerable<string> terms)
    {
        string[] present = terms.Where(term => term.Length > 0).ToArray();
        return present.Length == 0 ? "0" : string.Join(" + ", present);
    }
}
