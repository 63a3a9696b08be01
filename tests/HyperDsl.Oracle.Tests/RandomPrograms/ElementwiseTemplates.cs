using TorchSharp;
using static TorchSharp.torch.nn;

namespace HyperDsl.Oracle.RandomPrograms;

/// <content>Functions of single elements and pairs.</content>
public static partial class ProgramTemplates
{
    private static void Unary(ProgramBuilder builder)
    {
        ProgramValue x = builder.Any();
        (string code, double bound, Func<torch.Tensor, torch.Tensor> theirs) = builder.Choose<(string, double, Func<torch.Tensor, torch.Tensor>)>(
            ("Tanh({0})", 1, t => t.tanh()),
            ("Sigmoid({0})", 1, t => t.sigmoid()),
            ("Exp(Tanh({0}))", Math.E, t => t.tanh().exp()),
            ("Log(1 + Square({0}))", Math.Log(1 + (x.Bound * x.Bound)), t => (t.square() + 1).log()),
            ("Sqrt(0.5 + Square({0}))", x.Bound + 1, t => (t.square() + 0.5).sqrt()),
            ("Sin({0})", 1, t => t.sin()),
            ("Cos({0})", 1, t => t.cos()),
            ("Relu({0})", x.Bound, t => t.relu()),
            ("Softplus({0})", x.Bound + 1, t => functional.softplus(t, threshold: 1000)),
            ("Abs({0})", x.Bound, t => t.abs()),
            ("-{0}", x.Bound, t => -t),
            ("Power({0}, 3)", Math.Pow(x.Bound, 3), t => t.pow(3)),
            ("Power(1 + Abs({0}), -1.5)", 1, t => (t.abs() + 1).pow(-1.5)),
            ("Clip({0}, -0.3, 0.4)", 1, t => t.clamp(-0.3, 0.4)),
            ("{0} * Detach({0})", x.Bound * x.Bound, t => t * t.detach()));
        builder.Add(code.Replace("{0}", x.Name), x.Shape, bound, [x], (t, _) => theirs(t[0]));
    }

    private static void Binary(ProgramBuilder builder)
    {
        ProgramValue a = builder.Any();
        Combine(builder, a, builder.Pick(value => CanBroadcast(a.Shape, value.Shape))!);
    }

    private static void WithWeight(ProgramBuilder builder)
    {
        ProgramValue x = builder.Any();
        int[] shape = [.. x.Shape.Skip(builder.Between(0, x.Rank)).Select(size => builder.Between(0, 3) == 0 ? 1 : size)];
        Combine(builder, x, builder.Weight(shape));
    }

    private static void Combine(ProgramBuilder builder, ProgramValue a, ProgramValue b)
    {
        double sum = a.Bound + b.Bound, product = a.Bound * b.Bound;
        (string code, double bound, Func<torch.Tensor, torch.Tensor, torch.Tensor> theirs) =
            builder.Choose<(string, double, Func<torch.Tensor, torch.Tensor, torch.Tensor>)>(
                ("{0} + {1}", sum, (s, t) => s + t),
                ("{0} - {1}", sum, (s, t) => s - t),
                ("{0} * {1}", product, (s, t) => s * t),
                ("{0} / (1 + Square({1}))", a.Bound, (s, t) => s / (t.square() + 1)),
                ("Minimum({0}, {1})", sum, torch.minimum),
                ("Maximum({0}, {1})", sum, torch.maximum));
        builder.Add(
            code.Replace("{0}", a.Name).Replace("{1}", b.Name), BroadcastShape(a.Shape, b.Shape), bound, [a, b], (t, _) => theirs(t[0], t[1]));
    }

    private static void Selection(ProgramBuilder builder)
    {
        ProgramValue a = builder.Any();
        ProgramValue b = builder.Pick(value => CanBroadcast(a.Shape, value.Shape))!;
        (string comparison, Func<torch.Tensor, torch.Tensor> theirs) = builder.Choose<(string, Func<torch.Tensor, torch.Tensor>)>(
            ("<", t => t < 0.1), ("<=", t => t <= 0.1), (">", t => t > 0.1), (">=", t => t >= 0.1));
        builder.Add(
            $"Select({a.Name} {comparison} 0.1, {a.Name}, 2 * {b.Name})",
            BroadcastShape(a.Shape, b.Shape),
            a.Bound + (2 * b.Bound),
            [a, b],
            (t, _) => torch.where(theirs(t[0]), t[0], t[1] * 2));
    }

    private static void Scalar(ProgramBuilder builder)
    {
        ProgramValue x = builder.Any();
        double factor = builder.Between(-8, 8) / 4.0;
        builder.Add(
            $"{x.Name} * {Literal(factor)} + 0.25", x.Shape, (x.Bound * Math.Abs(factor)) + 1, [x], (t, _) => (t[0] * factor) + 0.25);
    }

    private static bool CanBroadcast(int[] a, int[] b) =>
        a.Reverse().Zip(b.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);

    private static int[] BroadcastShape(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        return [.. Enumerable.Range(0, rank).Select(axis => Math.Max(Size(a, axis), Size(b, axis)))];

        int Size(int[] shape, int axis) => axis < rank - shape.Length ? 1 : shape[axis - rank + shape.Length];
    }
}
