using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>What a product is made from.</summary>
/// <param name="Call">The step.</param>
/// <param name="Packing">The step that packed its right operand, if it is packed.</param>
/// <param name="Stride">Elements between rows of an operand.</param>
/// <param name="IsAligned">Whether an operand begins at a multiple of 16 bytes.</param>
/// <param name="Open">Whether it runs over rows.</param>
internal sealed record ProductSource(
    CallStep Call, CallStep? Packing, Func<Access, int> Stride, Func<DeviceOperand, bool> IsAligned, bool Open);

/// <summary>A product with its operands.</summary>
internal sealed record ProductCall(ProductKernel Kernel, DeviceOperand Left, DeviceOperand Right, bool Adds);

/// <summary>Matrix products and correlations as products over axes.</summary>
internal static class Products
{
    public static ProductCall OfGemm(ProductSource source, Gemm gemm, RowCount count)
    {
        CallStep call = source.Call;
        Shape left = call.InputShapes[0];
        View a = new(0, 0, call.InputStrides[0]);
        int outer = gemm.BatchRank + gemm.RowRank;
        // A packed operand has its source's axes: batch, inner, columns.
        CallStep right = source.Packing ?? call;
        int operand = source.Packing is null ? 1 : 0;
        Shape rightShape = right.InputShapes[operand];
        View b = new(0, 0, right.InputStrides[operand]);
        int first = gemm.BatchRank + gemm.InnerRank;
        int n = gemm.Columns.Aggregate(1, (product, size) => product * size);
        int m = PackMatrix.Product(left, gemm.BatchRank, outer);
        ProductAxis batch = ProductAxis.Closed(
            PackMatrix.Product(left, 0, gemm.BatchRank), a.MergedStride(left, 0, gemm.BatchRank)!.Value,
            b.MergedStride(rightShape, 0, gemm.BatchRank)!.Value, m * n);
        ProductAxis row = ProductAxis.Closed(m, a.MergedStride(left, gemm.BatchRank, outer)!.Value, 0, n);
        ProductAxis inner = ProductAxis.Closed(
            PackMatrix.Product(left, outer, left.Rank), a.MergedStride(left, outer, left.Rank)!.Value,
            b.MergedStride(rightShape, gemm.BatchRank, first)!.Value, 0);
        ProductAxis column = ProductAxis.Closed(n, 0, b.MergedStride(rightShape, first, rightShape.Rank)!.Value, 1);
        ProductAxis rows = ProductAxis.Open(
            source.Stride(call.Inputs[0]), source.Stride(right.Inputs[operand]), source.Stride(call.Output));
        Access rightAccess = right.Inputs[operand];
        return Assemble(
            source, gemm.OverExamples, rows, [batch], [row], [inner], [column], count,
            new DeviceOperand(call.Inputs[0].Storage, call.Inputs[0].Offset),
            new DeviceOperand(rightAccess.Storage, rightAccess.Offset));
    }

    /// <summary>Rows are places of the result, the inner axis runs over the window.</summary>
    public static ProductCall OfCorrelation(ProductSource source, CorrelationSizes s, RowCount count)
    {
        CallStep call = source.Call;
        CallStep packing = source.Packing ?? throw new InvalidOperationException("a correlation reads a packed kernel");
        bool flipped = ((PackKernel)packing.Operation).Flipped;
        int inputs = s.InputChannels / s.Groups;
        int outputs = s.OutputChannels / s.Groups;
        int imageRow = s.InputWidth * s.InputChannels;
        // A flipped kernel is read from the forward kernel [ky, kx, this output, this input], from its last window element on.
        int tapX = flipped ? -outputs * s.InputChannels : inputs * s.OutputChannels;
        int tapY = tapX * s.KernelWidth;
        int last = flipped ? -((tapY * (s.KernelHeight - 1)) + (tapX * (s.KernelWidth - 1))) : 0;
        ProductAxis group = ProductAxis.Closed(s.Groups, inputs, flipped ? inputs : outputs, outputs);
        ProductAxis[] rows =
        [
            ProductAxis.Closed(s.OutputHeight, s.StrideY * imageRow, 0, s.OutputWidth * s.OutputChannels),
            ProductAxis.Closed(s.OutputWidth, s.StrideX * s.InputChannels, 0, s.OutputChannels),
        ];
        ProductAxis[] inner =
        [
            ProductAxis.Closed(s.KernelHeight, imageRow, tapY, 0), ProductAxis.Closed(s.KernelWidth, s.InputChannels, tapX, 0),
            ProductAxis.Closed(inputs, 1, flipped ? 1 : s.OutputChannels, 0),
        ];
        ProductAxis column = ProductAxis.Closed(outputs, 0, flipped ? s.InputChannels : 1, 1);
        ProductAxis examples = ProductAxis.Open(
            source.Stride(call.Inputs[0]), source.Stride(packing.Inputs[0]), source.Stride(call.Output));
        return Assemble(
            source, false, examples, [group], rows, inner, [column], count,
            new DeviceOperand(call.Inputs[0].Storage, call.Inputs[0].Offset),
            new DeviceOperand(packing.Inputs[0].Storage, packing.Inputs[0].Offset + last));
    }

    /// <summary>Rows are places of the window, the inner axis runs over places of the result.</summary>
    public static ProductCall OfKernelGradient(ProductSource source, CorrelationSizes s, bool overExamples, RowCount count)
    {
        CallStep call = source.Call;
        int inputs = s.InputChannels / s.Groups;
        int outputs = s.OutputChannels / s.Groups;
        int imageRow = s.InputWidth * s.InputChannels;
        ProductAxis group = ProductAxis.Closed(s.Groups, inputs, outputs, outputs);
        ProductAxis[] rows =
        [
            ProductAxis.Closed(s.KernelHeight, imageRow, 0, s.KernelWidth * inputs * s.OutputChannels),
            ProductAxis.Closed(s.KernelWidth, s.InputChannels, 0, inputs * s.OutputChannels), ProductAxis.Closed(inputs, 1, 0, s.OutputChannels),
        ];
        ProductAxis[] inner =
        [
            ProductAxis.Closed(s.OutputHeight, s.StrideY * imageRow, s.OutputWidth * s.OutputChannels, 0),
            ProductAxis.Closed(s.OutputWidth, s.StrideX * s.InputChannels, s.OutputChannels, 0),
        ];
        ProductAxis column = ProductAxis.Closed(outputs, 0, 1, 1);
        ProductAxis examples = ProductAxis.Open(
            source.Stride(call.Inputs[0]), source.Stride(call.Inputs[1]), source.Stride(call.Output));
        ProductCall product = Assemble(
            source, overExamples, examples, [group], rows, inner, [column], count,
            new DeviceOperand(call.Inputs[0].Storage, call.Inputs[0].Offset),
            new DeviceOperand(call.Inputs[1].Storage, call.Inputs[1].Offset));
        return product with { Adds = true };
    }

    private static ProductCall Assemble(
        ProductSource source, bool overExamples, ProductAxis open, List<ProductAxis> groups, IEnumerable<ProductAxis> rows,
        IEnumerable<ProductAxis> inner, IEnumerable<ProductAxis> columns, RowCount count, DeviceOperand left, DeviceOperand right)
    {
        if (source.Open && !overExamples && open.Right != 0)
        {
            groups.Insert(0, open);
        }
        else if (source.Open && !overExamples)
        {
            rows = rows.Prepend(open);
        }
        else if (source.Open)
        {
            inner = inner.Prepend(open);
        }
        ProductKernel kernel = new(
            Merged(groups), Merged(rows), Merged(inner), Merged(columns), null);
        ProductKernel aligned = kernel with
        {
            LeftIsAligned = source.IsAligned(left),
            RightIsAligned = source.IsAligned(right),
            ResultIsAligned = source.IsAligned(new DeviceOperand(source.Call.Output.Storage, source.Call.Output.Offset)),
        };
        ProductTile? tile = ProductTiles.Choose(aligned, count);
        kernel = (tile is { InQuads: true } ? aligned : kernel) with { Tile = tile };
        return new ProductCall(kernel, left, right, overExamples);
    }

    /// <summary>Axes of size 1 left out, and neighbours that are walked as one joined.</summary>
    private static EquatableArray<ProductAxis> Merged(IEnumerable<ProductAxis> axes)
    {
        List<ProductAxis> merged = [];
        foreach (ProductAxis axis in axes.Where(axis => axis.Extent != 1 || axis.IsOpen))
        {
            ProductAxis? outer = merged.Count > 0 ? merged[merged.Count - 1] : null;
            if (outer is not null && outer.Left == axis.Left * axis.Extent && outer.Right == axis.Right * axis.Extent
                && outer.Result == axis.Result * axis.Extent)
            {
                merged[merged.Count - 1] = axis with { Extent = checked(outer.Extent * axis.Extent), IsOpen = outer.IsOpen };
            }
            else
            {
                merged.Add(axis);
            }
        }
        return merged.ToEquatable();
    }
}
