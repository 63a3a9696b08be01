using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>A product with its operands.</summary>
/// <param name="Kernel">The product.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
/// <param name="Sum">Which sum it is added to.</param>
internal sealed record FusedProduct(ProductKernel Kernel, DeviceOperand Left, DeviceOperand Right, int Sum);

/// <summary>One launch in the making: a pass, and products whose results it takes from registers.</summary>
internal sealed class ProductFusion
{
    private readonly Launch pass;
    private readonly DeviceMemory memory;
    private readonly Func<DeviceOperand, bool> isReadElsewhere;
    private readonly EpilogueBuilder epilogue;
    private readonly List<FusedProduct> products;
    private readonly List<string> comments;

    private ProductFusion(
        Launch pass, DeviceMemory memory, Func<DeviceOperand, bool> isReadElsewhere, EpilogueBuilder epilogue,
        IEnumerable<FusedProduct> products, IEnumerable<string> comments)
    {
        (this.pass, this.memory, this.isReadElsewhere, this.epilogue) = (pass, memory, isReadElsewhere, epilogue);
        (this.products, this.comments) = ([.. products], [.. comments]);
    }

    /// <summary>Places that the pass took from memory before and takes from registers now.</summary>
    public IReadOnlyList<DeviceOperand> Taken { get; private init; } = [];

    /// <param name="pass">An element-wise pass.</param>
    /// <param name="memory">What shares memory.</param>
    /// <param name="isReadElsewhere">Whether anything but this pass reads a place.</param>
    public static ProductFusion Of(Launch pass, DeviceMemory memory, Func<DeviceOperand, bool> isReadElsewhere) => new(
        pass, memory, isReadElsewhere, EpilogueBuilder.Of(((PassKernel)pass.Kernel).Program, pass.Operands), [], []);

    /// <summary>The same with one more product, alone or fused already; <c>null</c> if it does not fit.</summary>
    public ProductFusion? With(Launch launch)
    {
        EpilogueBuilder next = epilogue.Copy();
        List<DeviceOperand> taken = [.. Taken];
        FusedProduct[]? all = launch.Kernel switch
        {
            _ when launch.Rows != pass.Rows => null,
            ProductKernel product => WithProduct(next, launch, product, taken),
            FusedProductKernel fused => WithFused(next, launch, fused, taken),
            _ => null,
        };
        if (all is null || !IsSafe(next, all))
        {
            return null;
        }
        while (next.JoinSums() is (int first, int second))
        {
            all = Array.ConvertAll(all, product => product with
            {
                Sum = product.Sum == second ? first : product.Sum > second ? product.Sum - 1 : product.Sum,
            });
        }
        ProductFusion fusion = new(pass, memory, isReadElsewhere, next, all, [launch.Comment, .. comments]) { Taken = taken };
        FusedProductKernel kernel = fusion.Kernel();
        return kernel.Fits && kernel.OperandCount <= DeviceKernel.MostOperands ? fusion : null;
    }

    public Launch Launch()
    {
        FusedProductKernel kernel = Kernel();
        DeviceOperand[] operands =
        [
            .. products.SelectMany(product => new[] { product.Left, product.Right }),
            .. kernel.PassOperands.Select(operand => epilogue.Memory[operand]),
        ];
        return pass with
        {
            Kernel = kernel,
            Operands = operands.ToEquatable(),
            Comment = string.Join("; ", comments.Append(pass.Comment)),
        };
    }

    private FusedProductKernel Kernel() => new(
        products.Select(product => product.Kernel).ToEquatable(), products.Select(product => product.Sum).ToEquatable(),
        epilogue.Program(), epilogue.Sums.ToEquatable());

    private FusedProduct[]? WithProduct(
        EpilogueBuilder next, Launch launch, ProductKernel product, List<DeviceOperand> taken)
    {
        if (product.InnerIsOpen || launch is { Adds: true } or { Target: null } || !IsLikeOthers(product)
            || next.LoadedFrom(launch.Target).ToArray() is not [int operand]
            || next.Read().Count(read => memory.Overlap(read, launch.Target)) != 1
            || ResultPlaces.Of(product, next.Program(), next.Operand(operand)) is null)
        {
            return null;
        }
        next.BecomeSum(operand, IsStored(launch.Target));
        taken.Add(launch.Target);
        return [new FusedProduct(product, launch.Operands[0], launch.Operands[1], next.Sums.Count - 1), .. products];
    }

    private FusedProduct[]? WithFused(
        EpilogueBuilder next, Launch launch, FusedProductKernel fused, List<DeviceOperand> taken)
    {
        RowProgram other = fused.Epilogue;
        RowProgram own = next.Program();
        if (!IsLikeOthers(fused.Products[0]) || other.OverExamples != own.OverExamples || other.RowExtents != own.RowExtents
            || other.ColumnExtents != own.ColumnExtents)
        {
            return null;
        }
        DeviceOperand[] places = new DeviceOperand[other.Operands.Count];
        int[] inMemory = fused.PassOperands;
        for (int i = 0; i < inMemory.Length; i++)
        {
            places[inMemory[i]] = launch.Operands[(2 * fused.Products.Count) + i];
        }
        Dictionary<int, int> joined = [];
        foreach (int written in inMemory.Where(operand => other.Operands[operand].IsWritten))
        {
            int[] reading = next.LoadedFrom(places[written]).ToArray();
            bool same = reading.All(operand => next.Operand(operand).ExampleStride == other.Operands[written].ExampleStride
                && next.Operand(operand).Strides == other.Operands[written].Strides);
            if (!same || next.Read().Count(read => memory.Overlap(read, places[written])) != reading.Length)
            {
                return null;
            }
            foreach (int operand in reading)
            {
                joined.Add(operand, written);
            }
        }
        if (joined.Count == 0)
        {
            return null;
        }
        taken.AddRange(joined.Values.Select(written => places[written]).Distinct());
        // A sum has no place; its own is never looked at.
        DeviceOperand none = DeviceOperand.Temporary(-1);
        next.Prepend(other, places.Select(place => place ?? none).ToArray(), fused.Sums.ToArray(), joined, IsStored);
        return
        [
            .. fused.Products.Select((product, i) =>
                new FusedProduct(product, launch.Operands[2 * i], launch.Operands[(2 * i) + 1], fused.SumOf[i])),
            .. products.Select(product => product with { Sum = product.Sum + fused.Sums.Count }),
        ];
    }

    private bool IsStored(DeviceOperand place) => !memory.IsPrivate(place) || isReadElsewhere(place);

    /// <summary>Whether results have the same axes, so that one thread has the same element of all.</summary>
    private bool IsLikeOthers(ProductKernel product) =>
        products.Count == 0 || (products[0].Kernel.Tile == product.Tile && Result(products[0].Kernel) == Result(product));

    private static (EquatableArray<ProductAxis>, EquatableArray<ProductAxis>, EquatableArray<ProductAxis>) Result(ProductKernel product)
    {
        static EquatableArray<ProductAxis> Written(EquatableArray<ProductAxis> axes) => axes.Select(axis => axis with { Left = 0, Right = 0 }).ToEquatable();
        return (Written(product.Groups), Written(product.Rows), Written(product.Columns));
    }

    /// <summary>
    /// Whether threads of different elements do not meet in memory: what is written is not read by products, and by the pass at the same
    /// element only.
    /// </summary>
    private bool IsSafe(EpilogueBuilder next, FusedProduct[] all)
    {
        RowProgram program = next.Program();
        if (memory.Overlap(next.Written(), all.SelectMany(product => new[] { product.Left, product.Right })))
        {
            return false;
        }
        for (int written = 0; written < program.Operands.Count; written++)
        {
            for (int other = 0; other < program.Operands.Count; other++)
            {
                if (program.Operands[written].IsWritten && other != written && !next.Sums.Contains(other)
                    && memory.Overlap(next.Memory[written], next.Memory[other]) && !AreTheSame(next, program, written, other)
                    && !ArePartsOfOne(next, program, written, other))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static bool AreTheSame(EpilogueBuilder next, RowProgram program, int a, int b) =>
        next.Memory[a] == next.Memory[b] && program.Operands[a] with { IsWritten = true } == program.Operands[b] with { IsWritten = true };

    /// <summary>Parts of one assembled value, such as the gradients of gates, are written side by side.</summary>
    private static bool ArePartsOfOne(EpilogueBuilder next, RowProgram program, int a, int b) =>
        program.Operands[b].IsWritten && next.Memory[a].Storage == next.Memory[b].Storage;
}
