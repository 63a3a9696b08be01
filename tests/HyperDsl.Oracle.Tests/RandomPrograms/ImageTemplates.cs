using TorchSharp;
using static TorchSharp.torch.nn;

namespace HyperDsl.Oracle.RandomPrograms;

/// <content>Convolution and pooling.</content>
public static partial class ProgramTemplates
{
    private static void Convolve(ProgramBuilder builder)
    {
        if (Window.Random(builder) is { } window)
        {
            int channels = window.Image.Shape[2];
            int groups = builder.Choose([.. Enumerable.Range(1, channels).Where(count => channels % count == 0)]);
            int outputs = groups * builder.Between(1, 3);
            ProgramValue kernel = builder.Weight(window.SizeY, window.SizeX, channels / groups, outputs);
            AddConvolution(builder, window, kernel, groups);
        }
    }

    /// <summary>A kernel that is made of an example's values: another one for each example.</summary>
    private static void ConvolveOwnKernel(ProgramBuilder builder)
    {
        if (Window.Random(builder) is { } window && builder.Pick(value => value.Rank == 1) is { } z)
        {
            ProgramValue generator = builder.Weight(window.SizeY, window.SizeX, window.Image.Shape[2], builder.Between(1, 3), z.Count);
            ProgramValue kernel = builder.Add(
                $"Dot({generator.Name}, {z.Name})", generator.Shape[..^1], z.Bound * z.Count, [generator, z], (t, _) => t[0].matmul(t[1]), z.Count);
            AddConvolution(builder, window, kernel, groups: 1);
        }
    }

    private static void MaxPool(ProgramBuilder builder) =>
        Pool(builder, "MaxPool", (padded, window) => functional.max_pool2d(padded, window.Sizes, window.Strides), double.NegativeInfinity);

    private static void AveragePool(ProgramBuilder builder) => Pool(
        builder,
        "AveragePool",
        (padded, window) =>
        {
            torch.Tensor ones = window.Pad(torch.ones_like(Planes(padded, window)), 0);
            return functional.avg_pool2d(padded, window.Sizes, window.Strides) / functional.avg_pool2d(ones, window.Sizes, window.Strides);
        },
        0);

    private static torch.Tensor Planes(torch.Tensor padded, Window window) =>
        padded.narrow(2, window.Top, window.Image.Shape[0]).narrow(3, window.Left, window.Image.Shape[1]);

    private static void Pool(ProgramBuilder builder, string name, Func<torch.Tensor, Window, torch.Tensor> theirs, double padding)
    {
        if (Window.Random(builder) is { } window)
        {
            builder.Add(
                $"{name}({window.Image.Name}, {window.SizeY}, {window.SizeX}, {window.Arguments})",
                [window.OutputHeight, window.OutputWidth, window.Image.Shape[2]],
                window.Image.Bound,
                [window.Image],
                (t, _) => theirs(window.Pad(t[0].permute(2, 0, 1).unsqueeze(0), padding), window).squeeze(0).permute(1, 2, 0),
                window.SizeY * window.SizeX);
        }
    }

    private static void AddConvolution(ProgramBuilder builder, Window window, ProgramValue kernel, int groups)
    {
        int terms = window.SizeY * window.SizeX * kernel.Shape[2];
        builder.Add(
            $"Convolve({window.Image.Name}, {kernel.Name}, {window.Arguments}, {Literal(groups)})",
            [window.OutputHeight, window.OutputWidth, kernel.Shape[3]],
            window.Image.Bound * kernel.Bound * terms,
            [window.Image, kernel],
            (t, _) => functional.conv2d(
                window.Pad(t[0].permute(2, 0, 1).unsqueeze(0), 0), t[1].permute(3, 2, 0, 1), strides: window.Strides, groups: groups)
                .squeeze(0).permute(1, 2, 0),
            terms);
    }

    /// <summary>Windows that slide over an image with padding.</summary>
    private sealed record Window(ProgramValue Image, int SizeY, int SizeX, int StrideY, int StrideX, int Top, int Bottom, int Left, int Right)
    {
        public int OutputHeight => ((Image.Shape[0] + Top + Bottom - SizeY) / StrideY) + 1;

        public int OutputWidth => ((Image.Shape[1] + Left + Right - SizeX) / StrideX) + 1;

        public long[] Sizes => [SizeY, SizeX];

        public long[] Strides => [StrideY, StrideX];

        /// <summary>Strides and padding as the operations take them.</summary>
        public string Arguments => List([StrideY, StrideX, Top, Bottom, Left, Right]);

        public static Window? Random(ProgramBuilder builder)
        {
            if (builder.Pick(value => value.Rank == 3) is not { } image)
            {
                return null;
            }

            int sizeY = builder.Between(1, Math.Min(3, image.Shape[0])), sizeX = builder.Between(1, Math.Min(3, image.Shape[1]));
            return new Window(
                image,
                sizeY,
                sizeX,
                builder.Between(1, 2),
                builder.Between(1, 2),
                builder.Between(0, sizeY - 1),
                builder.Between(0, sizeY - 1),
                builder.Between(0, sizeX - 1),
                builder.Between(0, sizeX - 1));
        }

        public torch.Tensor Pad(torch.Tensor planes, double value) =>
            functional.pad(planes, [Left, Right, Top, Bottom], PaddingModes.Constant, value);
    }
}
