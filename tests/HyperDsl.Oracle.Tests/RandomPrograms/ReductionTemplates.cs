using TorchSharp;
using static TorchSharp.torch.nn;

namespace HyperDsl.Oracle.RandomPrograms;

/// <content>Sums, greatest elements and what is written with them.</content>
public static partial class ProgramTemplates
{
    private static void Sum(ProgramBuilder builder) =>
        Reduce(builder, "Sum", x => x.Bound, (t, axes, keep) => t.sum(axes, keep));

    private static void Mean(ProgramBuilder builder) =>
        Reduce(builder, "Mean", x => x.Bound, (t, axes, keep) => t.mean(axes, keep));

    private static void Max(ProgramBuilder builder) =>
        Reduce(builder, "Max", x => x.Bound, (t, axes, keep) => t.amax(axes, keep));

    private static void Softmax(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } x)
        {
            bool logarithm = builder.Between(0, 1) == 1;
            builder.Add(
                $"{(logarithm ? "LogSoftmax" : "Softmax")}({x.Name})",
                x.Shape,
                logarithm ? (2 * x.Bound) + Math.Log(x.Shape[^1]) : 1,
                [x],
                (t, _) => logarithm ? functional.log_softmax(t[0], -1) : functional.softmax(t[0], -1),
                x.Shape[^1]);
        }
    }

    private static void LogSumExp(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } x)
        {
            builder.Add(
                $"LogSumExp({x.Name})", x.Shape[..^1], x.Bound + Math.Log(x.Shape[^1]), [x], (t, _) => torch.logsumexp(t[0], -1), x.Shape[^1]);
        }
    }

    private static void LayerNorm(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0 && value.Shape[^1] > 1) is { } x)
        {
            int width = x.Shape[^1];
            ProgramValue gain = builder.Weight(width), shift = builder.Weight(width);
            builder.Add(
                $"LayerNorm({x.Name}, {gain.Name}, {shift.Name}, 0.01)",
                x.Shape,
                1 + Math.Sqrt(width),
                [x, gain, shift],
                (t, _) => functional.layer_norm(t[0], [width], t[1], t[2], 0.01),
                4 * width);
        }
    }

    private static void Reduce(
        ProgramBuilder builder, string name, Func<ProgramValue, double> bound, Func<torch.Tensor, long[], bool, torch.Tensor> theirs)
    {
        if (builder.Pick(value => value.Rank > 0) is not { } x)
        {
            return;
        }

        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(_ => builder.Between(0, 1) == 1)];
        axes = axes.Length == 0 ? [builder.Between(0, x.Rank - 1)] : axes;
        bool keep = builder.Between(0, 1) == 1;
        int terms = axes.Aggregate(1, (product, axis) => product * x.Shape[axis]);
        int[] shape = [.. Enumerable.Range(0, x.Rank).Where(axis => keep || !axes.Contains(axis)).Select(axis => axes.Contains(axis) ? 1 : x.Shape[axis])];
        int[] written = [.. axes.Select(axis => builder.Between(0, 1) == 1 ? axis - x.Rank : axis)];
        builder.Add(
            $"{name}({x.Name}, [{List(written)}], keep: {(keep ? "true" : "false")})",
            shape,
            bound(x) * (name == "Sum" ? terms : 1),
            [x],
            (t, _) => theirs(t[0], [.. axes.Select(axis => (long)axis)], keep),
            terms);
    }
}
