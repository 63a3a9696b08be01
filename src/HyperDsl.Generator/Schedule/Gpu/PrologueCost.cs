using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Whether a pass is better computed in the loads of products than stored and read. A product loads an element once for each of its tiles along
/// the other operand, and for each window that has it. Caches need not help with what is as large as the result: no more may be loaded than
/// the pass would have loaded and stored, and the products loaded, together. What is broadcast is small and taken to be cached. Arithmetic must hide
/// behind that of the product; how much of it does is an estimate that no GPU has confirmed.
/// </summary>
internal static class PrologueCost
{
    /// <summary>Cycles for an element that are little beside the launch that is saved, even in the smallest tiles.</summary>
    private const int Free = 4;

    /// <summary>About how many cycles drawing a number of a mask takes.</summary>
    private const int CyclesOfMask = 30;

    /// <summary>Multiplications of a loaded element for each cycle that making it may take.</summary>
    private const int MultiplicationsOfCycle = 4;

    /// <param name="prologue">The pass.</param>
    /// <param name="readers">The products, which operand it is, and over how many rows.</param>
    /// <param name="ends">Whether the pass stores nothing else and is not launched any more.</param>
    public static bool Pays(Prologue prologue, IReadOnlyCollection<(ProductKernel Product, bool IsLeft, RowCount Rows)> readers, bool ends)
    {
        double loads = readers.Sum(reader => Loads(prologue, reader.Product, reader.IsLeft, reader.Rows));
        double read = Enumerable.Range(0, prologue.OperandCount).Sum(operand => Share(prologue, prologue.Pass.Operands[operand]));
        int cycles = prologue.Pass.Instructions.Sum(instruction => instruction.Operation switch
        {
            KeepMask => CyclesOfMask,
            Elementwise operation => operation.Cycles,
            _ => 0,
        });
        return loads * read <= loads + 1 + (ends ? read : 0)
            && readers.All(reader => cycles <= Math.Max(Free, Multiplications(reader.Product, reader.IsLeft) / MultiplicationsOfCycle));
    }

    /// <summary>How often a product loads each element, on average.</summary>
    private static double Loads(Prologue prologue, ProductKernel product, bool isLeft, RowCount rows)
    {
        PrologueAxis top = prologue.Axes[prologue.Axes.Count - 1];
        double elements = (double)top.Stride * top.Places * (prologue.Pass.OverExamples ? ProductTiles.Expected(rows) : 1);
        double across = ProductTiles.Expected(isLeft ? product.Columns : product.Rows, rows);
        double loaded = ProductTiles.Expected(product.Groups, rows) * (double)ProductTiles.Expected(product.Inner, rows)
            * ProductTiles.Expected(isLeft ? product.Rows : product.Columns, rows);
        return loaded * Math.Ceiling(across / Multiplications(product, isLeft)) / elements;
    }

    /// <summary>Products of each element that a group loads.</summary>
    private static int Multiplications(ProductKernel product, bool isLeft) =>
        product.Tile is not ProductTile tile ? 1 : isLeft ? tile.Columns : tile.Rows;

    /// <summary>Elements that an operand has for each of the pass.</summary>
    private static double Share(Prologue prologue, RowOperand operand)
    {
        double share = prologue.Pass.OverExamples && operand.ExampleStride == 0 ? 1.0 / ProductTiles.Expected(RowCount.Examples) : 1;
        return prologue.Axes.Where(axis => operand.Strides[axis.Number] == 0).Aggregate(share, (product, axis) => product / axis.Extent);
    }
}
