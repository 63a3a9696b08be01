using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Where a product's factor comes from: a field of the kernel's arguments, or a prologue.</summary>
/// <param name="Field">The field; <c>null</c> for a prologue.</param>
/// <param name="Prologue">The prologue, if there is one.</param>
internal sealed record FactorSource(string? Field, ProductPrologueEmitter? Prologue)
{
    /// <summary>Both factors of each product of a kernel.</summary>
    public static FactorSource[] Of(NamedKernel named)
    {
        ProductPrologueEmitter[] prologues = [.. ProductPrologueEmitter.Of(named)];
        ProductKernel[] products = ProductReader.ProductsOf(named.Kernel);
        FactorSource[] sources = new FactorSource[2 * products.Length];
        int first = 0;
        for (int i = 0; i < products.Length; i++)
        {
            FactorSource Source(bool isLeft, int operand) => products[i].PrologueOf(isLeft) is null
                ? new FactorSource("args." + named.Fields[operand], null)
                : new FactorSource(null, prologues.Single(prologue => prologue.IsOf(i, isLeft)));
            sources[2 * i] = Source(true, first);
            sources[(2 * i) + 1] = Source(false, first + products[i].FirstOfRight);
            first += products[i].OperandCount;
        }
        return sources;
    }

    /// <summary>An element, or four, as an expression.</summary>
    /// <param name="group">The product's index of the group.</param>
    /// <param name="across">Of the row or the column.</param>
    /// <param name="inner">Of what is summed over.</param>
    /// <param name="indexing">What is behind the field.</param>
    public string Element(string group, string across, string inner, Func<string> indexing) =>
        Prologue is not null ? Prologue.Element(group, across, inner) : Field + indexing();

    /// <summary>Whether an element depends on an index.</summary>
    public bool Uses(ProductIndex index) => Prologue?.Uses(index) ?? false;

    /// <summary>Its name in a formula.</summary>
    public static string Name(ProductKernel product, int number, bool isLeft, IReadOnlyList<string> names, int firstOperand) => product.PrologueOf(isLeft) is not null
        ? ProductPrologueEmitter.MethodOf(isLeft, number)
        : names[firstOperand + (isLeft ? 0 : product.FirstOfRight)];
}
