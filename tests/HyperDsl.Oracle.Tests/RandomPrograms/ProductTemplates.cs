using TorchSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <content>Products of matrices, with given and with generated ones.</content>
public static partial class ProgramTemplates
{
    private static void DotWeight(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is not { } x)
        {
            return;
        }

        bool left = builder.Between(0, 1) == 1;
        int inner = left ? x.Shape[0] : x.Shape[^1];
        ProgramValue weight = left ? builder.Weight(builder.Between(1, 5), inner) : builder.Weight(inner, builder.Between(1, 5));
        AddDot(builder, left ? weight : x, left ? x : weight);
    }

    private static void DotVectors(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank > 0) is { } a
            && builder.Pick(value => value.Rank > 0 && value.Shape[0] == a.Shape[^1] && value.Rank + a.Rank <= 5) is { } b)
        {
            AddDot(builder, a, b);
        }
    }

    /// <summary>A weight matrix whose rows an example scales, times a vector: the core of a dynamic hypernetwork.</summary>
    private static void DiagonalTimesMatrix(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank == 1) is { } scale && builder.Pick(value => value.Rank == 1) is { } x)
        {
            ProgramValue weight = builder.Weight(scale.Count, x.Count);
            builder.Add(
                $"Dot(Dot(Diag({scale.Name}), {weight.Name}), {x.Name})",
                [scale.Count],
                scale.Bound * x.Bound * x.Count,
                [scale, weight, x],
                (t, _) => torch.diag(t[0]).matmul(t[1]).matmul(t[2]),
                x.Count + scale.Count);
        }
    }

    /// <summary>A matrix that is a linear combination of others by an example's vector, times another vector.</summary>
    private static void GeneratedMatrix(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank == 1) is { } z && builder.Pick(value => value.Rank == 1) is { } x)
        {
            int outputs = builder.Between(1, 4);
            ProgramValue weight = builder.Weight(outputs, x.Count, z.Count);
            builder.Add(
                $"Dot(Dot({weight.Name}, {z.Name}), {x.Name})",
                [outputs],
                z.Bound * x.Bound * z.Count * x.Count,
                [weight, z, x],
                (t, _) => t[0].matmul(t[1]).matmul(t[2]),
                z.Count * x.Count);
        }
    }

    private static void MatMul(ProgramBuilder builder)
    {
        if (builder.Pick(value => value.Rank is 2 or 3) is { } a)
        {
            ProgramValue b = builder.Weight([.. a.Shape[..^2], a.Shape[^1], builder.Between(1, 4)]);
            builder.Add(
                $"MatMul({a.Name}, {b.Name})",
                [.. a.Shape[..^1], b.Shape[^1]],
                a.Bound * a.Shape[^1],
                [a, b],
                (t, _) => torch.matmul(t[0], t[1]),
                a.Shape[^1]);
        }
    }

    private static void Einsum(ProgramBuilder builder)
    {
        const string Letters = "abcdef";
        ProgramValue a = builder.Any();
        int fresh = builder.Between(0, 2);
        string left = Letters[..a.Rank];
        string shared = string.Concat(left.Where(_ => builder.Between(0, 1) == 1));
        string right = Shuffled(builder, shared + Letters.Substring(a.Rank, Math.Min(fresh, Letters.Length - a.Rank)));
        string output = Shuffled(builder, string.Concat((left + right).Distinct().Where(letter => !shared.Contains(letter) || builder.Between(0, 1) == 1)));
        var sizes = right.Concat(left).Distinct().ToDictionary(letter => letter, letter =>
            left.Contains(letter) ? a.Shape[left.IndexOf(letter)] : builder.Between(1, 3));
        int terms = sizes.Where(size => !output.Contains(size.Key)).Aggregate(1, (product, size) => product * size.Value);
        int[] shape = [.. output.Select(letter => sizes[letter])];
        if (shape.Length > 4)
        {
            return;
        }

        ProgramValue b = builder.Weight([.. right.Select(letter => sizes[letter])]);
        string formula = $"{left},{right}->{output}";
        builder.Add(
            $"Einsum(\"{formula}\", {a.Name}, {b.Name})", shape, a.Bound * terms, [a, b], (t, _) => torch.einsum(formula, t[0], t[1]), terms);
    }

    private static void AddDot(ProgramBuilder builder, ProgramValue a, ProgramValue b) => builder.Add(
        $"Dot({a.Name}, {b.Name})",
        [.. a.Shape[..^1], .. b.Shape[1..]],
        a.Bound * b.Bound * b.Shape[0],
        [a, b],
        (t, _) => torch.tensordot(t[0], t[1], [t[0].ndim - 1], [0L]),
        b.Shape[0]);

    private static string Shuffled(ProgramBuilder builder, string letters) =>
        string.Concat(letters.OrderBy(_ => builder.Random.Next()));
}
