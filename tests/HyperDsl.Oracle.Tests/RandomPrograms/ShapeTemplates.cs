using TorchSharp;
using static TorchSharp.torch.nn;

namespace HyperDsl.Oracle.RandomPrograms;

/// <content>Operations that move elements.</content>
public static partial class ProgramTemplates
{
    private static void Reshape(ProgramBuilder builder)
    {
        ProgramValue x = builder.Any();
        int[] divisors = [.. Enumerable.Range(1, x.Count).Where(size => x.Count % size == 0)];
        int first = builder.Choose(divisors);
        int[] shape = builder.Choose<int[]>([x.Count], [first, x.Count / first], [first, 1, x.Count / first]);
        builder.Add($"Reshape({x.Name}, {List(shape)})", shape, x.Bound, [x], (t, _) => t[0].reshape([.. shape.Select(size => (long)size)]));
    }

    private static void Transpose(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 1) is { } x)
        {
            int[] order = [.. Enumerable.Range(0, x.Rank).OrderBy(_ => builder.Random.Next())];
            builder.Add(
                $"Transpose({x.Name}, {List(order)})",
                [.. order.Select(axis => x.Shape[axis])],
                x.Bound,
                [x],
                (t, _) => t[0].permute([.. order.Select(axis => (long)axis)]));
        }
    }

    private static void Slice(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } x)
        {
            int axis = builder.Between(0, x.Rank - 1);
            int start = builder.Between(0, x.Shape[axis] - 1);
            int length = builder.Between(1, x.Shape[axis] - start);
            builder.Add(
                $"Slice({x.Name}, {Literal(axis)}, {Literal(start)}, {Literal(length)})",
                [.. x.Shape.Select((size, index) => index == axis ? length : size)],
                x.Bound,
                [x],
                (t, _) => t[0].narrow(axis, start, length));
        }
    }

    private static void Index(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } x)
        {
            int fromEnd = builder.Between(1, x.Shape[0]);
            builder.Add($"{x.Name}[^{Literal(fromEnd)}]", x.Shape[1..], x.Bound, [x], (t, _) => t[0].select(0, x.Shape[0] - fromEnd));
        }
    }

    private static void Concat(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } a)
        {
            int axis = builder.Between(0, a.Rank - 1);
            ProgramValue b = builder.Pick(value =>
                value.Rank == a.Rank && value.Shape.Select((size, index) => index == axis || size == a.Shape[index]).All(equal => equal))!;
            builder.Add(
                $"Concat({Literal(axis)}, {a.Name}, {b.Name})",
                [.. a.Shape.Select((size, index) => index == axis ? size + b.Shape[axis] : size)],
                Math.Max(a.Bound, b.Bound),
                [a, b],
                (t, _) => torch.cat([t[0], t[1]], axis));
        }
    }

    private static void Stack(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank < 3) is { } a)
        {
            ProgramValue b = builder.Pick(value => value.Shape.SequenceEqual(a.Shape))!;
            int axis = builder.Between(0, a.Rank);
            builder.Add(
                $"Stack({Literal(axis)}, {a.Name}, {b.Name}, {a.Name})",
                [.. a.Shape[..axis], 3, .. a.Shape[axis..]],
                Math.Max(a.Bound, b.Bound),
                [a, b],
                (t, _) => torch.stack([t[0], t[1], t[0]], axis));
        }
    }

    private static void Pad(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } x)
        {
            int[] before = [.. x.Shape.Select(_ => builder.Between(0, 2))], after = [.. x.Shape.Select(_ => builder.Between(0, 2))];
            double value = builder.Between(-2, 2) / 4.0;
            long[] theirs = [.. before.Zip(after).Reverse().SelectMany(pair => new long[] { pair.First, pair.Second })];
            builder.Add(
                $"Pad({x.Name}, [{List(before)}], [{List(after)}], {Literal(value)})",
                [.. x.Shape.Select((size, axis) => before[axis] + size + after[axis])],
                x.Bound + 1,
                [x],
                (t, _) => functional.pad(t[0], theirs, PaddingModes.Constant, value));
        }
    }

    private static void Broadcast(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank < 3) is { } x)
        {
            int[] shape = [builder.Between(1, 3), .. x.Shape.Select(size => size == 1 ? builder.Between(1, 3) : size)];
            builder.Add(
                $"Broadcast({x.Name}, {List(shape)})", shape, x.Bound, [x], (t, _) => t[0].expand([.. shape.Select(size => (long)size)]));
        }
    }

    private static void Gather(ProgramBuilder builder)
    {
        ProgramValue table = builder.Weight(RandomProgram.Classes, builder.Between(1, 5));
        builder.Add($"Gather({table.Name}, label)", table.Shape[1..], 1, [table], (t, label) => t[0].select(0, label));
    }

    private static void OneHot(ProgramBuilder builder)
    {
        ProgramValue x = builder.Pick(value => value.Rank == 1)!;
        ProgramValue weight = builder.Weight(RandomProgram.Classes, x.Count);
        builder.Add(
            $"Dot(OneHot(label), {weight.Name}) * {x.Name}", x.Shape, x.Bound, [weight, x], (t, label) => t[0].select(0, label) * t[1]);
    }
}
