using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>One operand's tile.</summary>
/// <param name="Shared">Its shared memory.</param>
/// <param name="Name">What lies across the inner axis: row or column.</param>
/// <param name="Size">How many of them.</param>
/// <param name="SharedStride">Elements of shared memory from one inner element to the next.</param>
/// <param name="Axes">Their axes.</param>
/// <param name="Stride">Distances in the operand.</param>
/// <param name="Source">What it is a tile of.</param>
/// <param name="Quads">Along what it is loaded by fours.</param>
internal sealed record TileSide(
    string Shared, string Name, int Size, int SharedStride, EquatableArray<ProductAxis> Axes, Func<ProductAxis, int> Stride, FactorSource Source,
    QuadAxis Quads);

/// <summary>Prints how a tile of an operand is copied to shared memory; neighbouring threads read neighbours in memory.</summary>
internal sealed class ProductLoadEmitter(SourceWriter writer, ProductKernel product, ProductTile tile, Func<string, string> loaded)
{
    private const int Quad = 4;

    public void Write(TileSide side, string end)
    {
        bool alongInner = side.Quads == QuadAxis.Inner
            || (side.Quads == QuadAxis.None && product.Inner.Count > 0 && side.Stride(product.Inner[product.Inner.Count - 1]) == 1);
        int run = side.Quads == QuadAxis.None ? 1 : Quad;
        using SourceWriter.Scope? loop = BeginPlaces(side.Size * ProductTile.Inner / run);
        string inRow = Literal.Integer((alongInner ? ProductTile.Inner : side.Size) / run);
        string scale = run == 1 ? "" : " * " + Literal.Integer(run);
        writer.Line("int " + side.Name + "InTile = " + (alongInner ? "place / " + inRow : "place % " + inRow + scale) + ";");
        writer.Line("int innerInTile = " + (alongInner ? "place % " + inRow + scale : "place / " + inRow) + ";");
        writer.Line("int " + side.Name + " = " + (side.Name == "row" ? "firstRow" : "firstColumn") + " + " + side.Name + "InTile;");
        writer.Line("int inner = first + innerInTile;");
        string value = WriteValue(side, end, alongInner);
        string place = "[(innerInTile * " + Literal.Integer(side.SharedStride) + ") + " + side.Name + "InTile]";
        if (run == 1)
        {
            writer.Line(side.Shared + place + " = " + value + ";");
        }
        else if (alongInner)
        {
            for (int i = 0; i < Quad; i++)
            {
                string inner = i == 0 ? "innerInTile" : "(innerInTile + " + Literal.Integer(i) + ")";
                writer.Line(side.Shared + "[(" + inner + " * " + Literal.Integer(side.SharedStride) + ") + " + side.Name + "InTile] = "
                    + value + "." + ProductTileEmitter.Fields[i] + ";");
            }
        }
        else
        {
            writer.Line(side.Shared + "Quads[(innerInTile * " + Literal.Integer(side.SharedStride / Quad) + ") + (" + side.Name
                + "InTile / 4)] = " + value + ";");
        }
    }

    /// <summary>A thread's share of the places of a tile, as so many turns as all threads need.</summary>
    private SourceWriter.Scope? BeginPlaces(int places)
    {
        string threads = Literal.Integer(tile.Threads);
        if (!tile.InQuads || places % tile.Threads != 0)
        {
            return writer.Block("for (int place = Group.IdxX; place < " + Literal.Integer(places) + "; place += " + threads + ")");
        }
        SourceWriter.Scope loop = writer.Block("for (int turn = 0; turn < " + Literal.Integer(places / tile.Threads) + "; turn++)");
        writer.Line("int place = (turn * " + threads + ") + Group.IdxX;");
        return loop;
    }

    /// <summary>Loads what lies within the operand; beyond it are zeros. The result is an expression.</summary>
    private string WriteValue(TileSide side, string end, bool alongInner)
    {
        bool quads = side.Quads != QuadAxis.None;
        string element = loaded(side.Source.Element("group", side.Name, "inner", () => (quads ? ".Cast<Float4>()" : "") + "[" + KernelAxes.Sum(
        [
            Offset("group", product.Groups, side, false), Offset(side.Name, side.Axes, side, quads && !alongInner),
            Offset("inner", product.Inner, side, quads && alongInner),
        ]) + "]"));
        string[] conditions = new[]
        {
            ProductKernelEmitter.IsWhole(side.Axes, side.Size) ? "" : side.Name + " < " + side.Name + "s",
            !product.InnerIsOpen && ProductKernelEmitter.IsWhole(product.Inner, ProductTile.Inner) ? "" : "inner < " + end,
        }.Where(condition => condition.Length > 0).ToArray();
        if (conditions.Length == 0 && !quads)
        {
            return element;
        }
        if (conditions.Length == 0)
        {
            writer.Line("Float4 value = " + element + ";");
            return "value";
        }
        writer.Line(quads ? "Float4 value = default;" : "float value = 0f;");
        using (writer.Block("if (" + string.Join(" && ", conditions) + ")"))
        {
            writer.Line("value = " + element + ";");
        }
        return "value";
    }

    /// <summary>The distance of an element from the first one; in fours, of which the last axis may count the elements.</summary>
    private static string Offset(string index, EquatableArray<ProductAxis> axes, TileSide side, bool along)
    {
        if (side.Quads == QuadAxis.None)
        {
            return ProductKernelEmitter.Offset(index, axes, side.Stride);
        }
        if (!along)
        {
            return ProductKernelEmitter.Offset(index, axes, axis => side.Stride(axis) / Quad);
        }
        int last = axes.Count - 1;
        string part = KernelAxes.Part(index, 1, last == 0 ? 0 : axes[last].Extent);
        string others = ProductKernelEmitter.Offset(
            index, axes, axis => ReferenceEquals(axis, axes[last]) ? 0 : side.Stride(axis) / Quad);
        return KernelAxes.Sum([others, "(" + part + " / 4)"]);
    }
}
