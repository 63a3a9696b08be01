using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu.Calls;

/// <summary>Prints matrix products: as few calls as the strides allow, with the examples as rows or as inner axis.</summary>
internal static class GemmCall
{
    /// <summary>Sizes and distances of a product, every group of axes merged into one.</summary>
    private sealed record Sizes(
        int Batch, int M, int N, int K, int ABatch, int ARow, int AInner, int BBatch, int BInner);

    public static void Emit(CallContext call, Gemm gemm)
    {
        Sizes s = Measure(call.Step, gemm);
        string m = Literal.Integer(s.M);
        string n = Literal.Integer(s.N);
        string k = Literal.Integer(s.K);
        if (gemm.OverExamples)
        {
            EmitOverExamples(call, s);
            return;
        }
        bool rowsMerge = s.M == 1 || call.InputSteps[0] == s.M * s.ARow;
        string rowStride = Literal.Integer(s.M == 1 && call.Rows is not null ? call.InputSteps[0] : s.ARow);
        if (gemm.Packed && rowsMerge && s.Batch == 1)
        {
            string rows = s.M == 1 ? call.Rows! : call.Rows + " * " + m;
            call.Writer.Line(Packed(s, rows!, call.Inputs[0], rowStride, call.Inputs[1], call.Output, n));
            return;
        }
        if (gemm.Packed && s.M == 1)
        {
            // One row an example: for each matrix of the batch the examples are the rows of one product.
            using (BatchLoop(call, s))
            {
                call.Writer.Line(Packed(
                    s, call.Rows!, Batched(call.Inputs[0], s.ABatch, s), rowStride, Batched(call.Inputs[1], s.BBatch, s),
                    Batched(call.Output, s.N, s), Literal.Integer(call.OutputStep)));
            }
            return;
        }
        string a = Batched(call.InputAt(0), s.ABatch, s);
        string b = Batched(call.InputAt(1), s.BBatch, s);
        string c = Batched(call.OutputAt, s.M * s.N, s);
        string line = gemm.Packed
            ? Packed(s, m, a, Literal.Integer(s.ARow), b, c, n)
            : $"Gemm.Multiply({m}, {n}, {k}, {a}, {Literal.Integer(s.ARow)}, {Literal.Integer(s.AInner)}, {b}, "
                + $"{Literal.Integer(s.BInner)}, {c}, {n}, accumulate: false);";
        ForEachBatch(call, s, line);
    }

    private static string Packed(Sizes s, string rows, string a, string aRow, string b, string c, string cRow)
    {
        string arguments = $"({rows}, {Literal.Integer(s.N)}, {Literal.Integer(s.K)}, {a}, {aRow}, {b}, {c}, {cRow}";
        return PackMatrix.IsNarrow(s.K, s.N)
            ? "Gemm.MultiplyNarrow" + arguments + ");"
            : "Gemm.MultiplyPacked" + arguments + ", accumulate: false);";
    }

    /// <summary>Where examples are added up they are one more inner axis; a single call covers the slice if strides agree.</summary>
    private static void EmitOverExamples(CallContext call, Sizes s)
    {
        string m = Literal.Integer(s.M);
        string n = Literal.Integer(s.N);
        bool merges = s.K == 1
            || (call.InputSteps[0] == s.K * s.AInner && call.InputSteps[1] == s.K * s.BInner);
        string aInner = Literal.Integer(s.K == 1 ? call.InputSteps[0] : s.AInner);
        string bInner = Literal.Integer(s.K == 1 ? call.InputSteps[1] : s.BInner);
        string k = !merges ? Literal.Integer(s.K) : s.K == 1 ? call.Rows! : call.Rows + " * " + Literal.Integer(s.K);
        string a = Batched(merges ? call.Inputs[0] : call.InputAt(0), s.ABatch, s);
        string b = Batched(merges ? call.Inputs[1] : call.InputAt(1), s.BBatch, s);
        string c = Batched(call.Output, s.M * s.N, s);
        string line = $"Gemm.Multiply({m}, {n}, {k}, {a}, {Literal.Integer(s.ARow)}, {aInner}, {b}, {bInner}, "
            + $"{c}, {n}, accumulate: true);";
        if (merges)
        {
            using (BatchLoop(call, s))
            {
                call.Writer.Line(line);
            }
            return;
        }
        ForEachBatch(call, s, line);
    }

    public static void EmitPacking(CallContext call, PackMatrix pack)
    {
        Shape shape = call.Step.InputShapes[0];
        View view = new(0, 0, call.Step.InputStrides[0]);
        int columns = pack.BatchRank + pack.InnerRank;
        int k = PackMatrix.Product(shape, pack.BatchRank, columns);
        int n = PackMatrix.Product(shape, columns, shape.Rank);
        Sizes s = new(
            PackMatrix.Product(shape, 0, pack.BatchRank), 1, n, k,
            view.MergedStride(shape, 0, pack.BatchRank)!.Value, 0, 0, 0, 0);
        string from = Batched(call.InputAt(0), s.ABatch, s);
        string to = Batched(call.OutputAt, PackMatrix.PackedSize(k, n), s);
        ForEachBatch(
            call, s,
            $"Gemm.{(PackMatrix.IsNarrow(k, n) ? "PackNarrow" : "Pack")}({from}, {Literal.Integer(k)}, {Literal.Integer(n)}, "
            + $"{Literal.Integer(view.MergedStride(shape, pack.BatchRank, columns)!.Value)}, "
            + $"{Literal.Integer(view.MergedStride(shape, columns, shape.Rank)!.Value)}, {to});");
    }

    private static Sizes Measure(CallStep step, Gemm gemm)
    {
        Shape left = step.InputShapes[0];
        View a = new(0, 0, step.InputStrides[0]);
        View b = new(0, 0, step.InputStrides[1]);
        int rows = gemm.BatchRank + gemm.RowRank;
        int batch = PackMatrix.Product(left, 0, gemm.BatchRank);
        int k = PackMatrix.Product(left, rows, left.Rank);
        int n = gemm.Columns.Aggregate(1, (product, size) => product * size);
        Shape right = step.InputShapes[1];
        return new Sizes(
            batch, PackMatrix.Product(left, gemm.BatchRank, rows), n, k,
            a.MergedStride(left, 0, gemm.BatchRank)!.Value,
            a.MergedStride(left, gemm.BatchRank, rows)!.Value,
            a.MergedStride(left, rows, left.Rank)!.Value,
            gemm.Packed ? PackMatrix.PackedSize(k, n) : b.MergedStride(right, 0, gemm.BatchRank)!.Value,
            gemm.Packed ? 0 : b.MergedStride(right, gemm.BatchRank, gemm.BatchRank + gemm.InnerRank)!.Value);
    }

    private static string Batched(string pointer, int step, Sizes s) =>
        s.Batch == 1 ? pointer : pointer + " + ((nint)q * " + Literal.Integer(step) + ")";

    private static SourceWriter.Scope? BatchLoop(CallContext call, Sizes s) => s.Batch == 1
        ? null
        : call.Writer.Block("for (int q = 0; q < " + Literal.Integer(s.Batch) + "; q++)");

    private static void ForEachBatch(CallContext call, Sizes s, string line)
    {
        if (s.Batch == 1)
        {
            call.ForEachExample(line);
            return;
        }
        using (BatchLoop(call, s))
        {
            call.ForEachExample(line);
        }
    }
}
