using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Puts a <see cref="Copy"/> wherever a kernel cannot follow the strides of what it reads: after this pass every reshape is a
/// view and every kernel's operand has a form the kernel takes.
/// </summary>
internal static class Materialise
{
    public static Graph Run(Graph graph, CancellationToken token)
    {
        GraphBuilder builder = new();
        List<View> views = [];
        Value[] values = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            Value[] inputs = node.Inputs.Select(input => values[input]).ToArray();
            for (int i = 0; i < inputs.Length; i++)
            {
                Update(builder, views);
                if (!Fits(builder, node, i, inputs[i], views[inputs[i].Id]))
                {
                    inputs[i] = builder.Add(new Copy(), builder[inputs[i]].Name, inputs[i]);
                }
            }
            values[node.Id] = builder.Add(node.Operation, node.Name, inputs);
            if (node.Name.Length > 0)
            {
                builder.Rename(values[node.Id], node.Name);
            }
        }
        return GraphRewriter.Finish(builder, graph, values);
    }

    private static void Update(GraphBuilder builder, List<View> views)
    {
        while (views.Count < builder.Count)
        {
            views.Add(View.Next(builder, views));
        }
    }

    private static bool Fits(GraphBuilder builder, Node reader, int position, Value operand, View view)
    {
        Node node = builder[operand];
        Operation root = builder[view.Root].Operation;
        switch (reader.Operation)
        {
            // Masks are computed where they are read, element by element, so they are stored before anybody views them.
            case Transpose or Slice or Broadcast or Detach or AtStep or EachStep:
                return root is not KeepMask;
            // A fused program over all steps would draw the mask anew at each of them.
            case Elementwise or Reduce or Max when root is KeepMask { EachStep: false } && IsSequence(builder, reader, operand):
                return false;
            case Reshape reshape:
                return root is not KeepMask && View.CanReshape(view, node.Shape, reshape.Sizes);
            case Gemm gemm:
                return IsStored(root) && (position == 0
                    ? FitsLeft(gemm, node.Shape, view)
                    : gemm.Packed || FitsRight(gemm, node.Shape, view));
            case PackMatrix pack:
                return IsStored(root) && FitsPacking(pack, node.Shape, view);
            case PackKernel or Correlate or CorrelateKernelGradient or MaxPool or MaxPoolGradient or AveragePool
                or AveragePoolGradient or Gather or ScatterRow or ScatterRowOverExamples or OneHot:
                return IsStored(root) && view.IsContiguous(node.Shape);
            default:
                return true;
        }
    }

    /// <summary>Whether a value that the steps share is read together with one that varies with time.</summary>
    private static bool IsSequence(GraphBuilder builder, Node reader, Value operand) =>
        (reader.Varies & Varies.Time) != 0 && (builder[operand].Varies & Varies.Time) == 0;

    /// <summary>Constants, masks and the batch size are computed in place by fused programs; kernels need memory.</summary>
    private static bool IsStored(Operation root) => root is not (Constant or KeepMask or ExampleCount or StepCount);

    private static bool FitsLeft(Gemm gemm, Shape shape, View view)
    {
        int rows = gemm.BatchRank + gemm.RowRank;
        return view.MergedStride(shape, 0, gemm.BatchRank) is not null
            && view.MergedStride(shape, gemm.BatchRank, rows) is not null
            && view.MergedStride(shape, rows, shape.Rank) is int inner
            // The kernel for packed weights reads the left operand's inner axis as neighbours.
            && (!gemm.Packed || inner == 1);
    }

    private static bool FitsRight(Gemm gemm, Shape shape, View view)
    {
        int columns = gemm.BatchRank + gemm.InnerRank;
        return view.MergedStride(shape, 0, gemm.BatchRank) is not null
            && view.MergedStride(shape, gemm.BatchRank, columns) is not null
            && view.MergedStride(shape, columns, shape.Rank) == 1;
    }

    private static bool FitsPacking(PackMatrix pack, Shape shape, View view) =>
        view.MergedStride(shape, 0, pack.BatchRank) is not null
        && view.MergedStride(shape, pack.BatchRank, pack.BatchRank + pack.InnerRank) is not null
        && view.MergedStride(shape, pack.BatchRank + pack.InnerRank, shape.Rank) is not null;
}
