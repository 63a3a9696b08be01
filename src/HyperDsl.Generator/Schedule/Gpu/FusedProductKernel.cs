using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Products with the same result axes and tile, and what an element-wise pass makes of each element of their results while it lies in
/// registers. Products may be added up in one sum. Operands: those of each product, then those of the pass without the sums.
/// </summary>
/// <param name="Products">Walked one after another; no inner axis is open.</param>
/// <param name="SumOf">For each product, the sum that it is added to.</param>
/// <param name="Epilogue">The pass; some of its operands are sums.</param>
/// <param name="Sums">For each sum, the operand of the pass that it stands for.</param>
internal sealed record FusedProductKernel(
    EquatableArray<ProductKernel> Products, EquatableArray<int> SumOf, RowProgram Epilogue, EquatableArray<int> Sums)
    : DeviceKernel
{
    /// <summary>Sums a thread may hold in registers.</summary>
    public const int MostInRegisters = 64;

    /// <summary>Instructions of the pass that may be printed for all elements of a thread together.</summary>
    public const int MostInstructions = 512;

    /// <summary>How the work is cut: as for the first product, which all others are like.</summary>
    public ProductTile? Tile => Products[0].Tile;

    public override int Threads => Tile?.Threads ?? GroupSize;

    public override bool HasTensorForm => Products[0].HasTensorForm;

    public override int OperandCount => FirstOperand(Products.Count) + Epilogue.Operands.Count - Sums.Count;

    public override bool Writes(int operand) =>
        operand >= FirstOperand(Products.Count) && Epilogue.Operands[PassOperands[operand - FirstOperand(Products.Count)]].IsWritten;

    /// <summary>The first operand of a product; of the pass, for the number behind the last one.</summary>
    public int FirstOperand(int product) => Products.Take(product).Sum(before => before.OperandCount);

    /// <summary>Operands of the pass that lie in memory.</summary>
    public int[] PassOperands => Enumerable.Range(0, Epilogue.Operands.Count).Where(operand => !Sums.Contains(operand)).ToArray();

    /// <summary>Whether registers have room for so many sums, and a kernel's text for the pass.</summary>
    public bool Fits
    {
        get
        {
            int elements = Tile is ProductTile tile ? tile.ThreadRows * tile.ThreadColumns : 1;
            return elements * Sums.Count <= MostInRegisters && elements * Epilogue.Instructions.Count <= MostInstructions;
        }
    }
}
