namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>An operand of a product that lies in memory.</summary>
/// <param name="Step">The launch, by its place in a list.</param>
/// <param name="Product">Which of the launch's products.</param>
/// <param name="IsLeft">Which operand of it.</param>
/// <param name="Operand">Its number among the launch's operands.</param>
internal sealed record ProductReader(int Step, int Product, bool IsLeft, int Operand)
{
    /// <summary>The operands of a launch's products, those made by prologues left out.</summary>
    public static IEnumerable<ProductReader> Of(Launch launch, int step)
    {
        ProductKernel[] products = ProductsOf(launch.Kernel);
        int first = 0;
        for (int i = 0; i < products.Length; i++)
        {
            if (products[i].LeftPrologue is null)
            {
                yield return new ProductReader(step, i, true, first);
            }
            if (products[i].RightPrologue is null)
            {
                yield return new ProductReader(step, i, false, first + products[i].FirstOfRight);
            }
            first += products[i].OperandCount;
        }
    }

    public static ProductKernel[] ProductsOf(DeviceKernel kernel) => kernel switch
    {
        ProductKernel product => [product],
        FusedProductKernel fused => [.. fused.Products],
        _ => [],
    };
}

/// <summary>A value that one launch writes and only products read, all of them behind it in the same list.</summary>
/// <param name="Storage">Where it lies.</param>
/// <param name="Fill">The launch that fills it before, if one does: what is not written then is padding.</param>
/// <param name="Writer">The launch that writes it.</param>
/// <param name="Written">As which operand.</param>
/// <param name="Readers">The products.</param>
internal sealed record ProductInput(int Storage, int? Fill, int Writer, int Written, IReadOnlyList<ProductReader> Readers)
{
    /// <summary>What a list of steps does to a storage; <c>null</c> if it is more than that.</summary>
    /// <param name="steps">The list.</param>
    /// <param name="storage">The storage.</param>
    /// <param name="uses">How often operands and targets of the whole routine lie there.</param>
    public static ProductInput? Of(IReadOnlyList<DeviceStep> steps, int storage, int uses)
    {
        int? fill = null;
        (int Step, int Operand)? writer = null;
        List<ProductReader> readers = [];
        for (int step = 0; step < steps.Count; step++)
        {
            if (steps[step] is not Launch launch)
            {
                continue;
            }
            foreach (int operand in Enumerable.Range(0, launch.Operands.Count).Where(operand => launch.Operands[operand].Storage == storage))
            {
                ProductReader? reader = ProductReader.Of(launch, step).FirstOrDefault(other => other.Operand == operand);
                if (launch.Kernel is FillKernel && fill is null && writer is null)
                {
                    fill = step;
                }
                else if (launch.Kernel is PassKernel or FusedProductKernel && launch.Kernel.Writes(operand) && writer is null)
                {
                    writer = (step, operand);
                }
                else if (reader is not null && writer is (int written, _) && written < step && launch.Operands[operand].Offset == 0)
                {
                    readers.Add(reader);
                }
                else
                {
                    return null;
                }
                uses--;
            }
        }
        return uses == 0 && writer is (int at, int by) && readers.Count > 0 ? new ProductInput(storage, fill, at, by, readers) : null;
    }
}
