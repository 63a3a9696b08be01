using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperDsl.Gpu.Tests;

/// <summary>How many numbers of an example a training step reads and writes in global memory: the numbers of docs/architecture.md.</summary>
public sealed partial class TrafficTests
{
    /// <summary>
    /// An image of 8×8×2, sixteen generated kernels, relu, maxima of 2×2, ten classes. At least: the image, read by the convolution and by its
    /// kernels' gradient; 1,024 activations, 256 maxima and ten logits, each written once, and read once by the backward pass: 2,836.
    /// </summary>
    [Fact]
    public void A_static_hypernetwork()
    {
        Assert.Equal(9_789, Numbers(EmittedModel.HyperDigits.Files["Small.HyperDigits.Gpu.LossTraining.g.cs"]));
    }

    /// <summary>Sizes of what launches are given, for one example, each taken as read or written once.</summary>
    private static int Numbers(string routine)
    {
        Dictionary<string, int> sizes = [];
        int numbers = 0;
        foreach (string line in routine.Split('\n'))
        {
            if (Buffer().Match(line) is { Success: true } buffer)
            {
                sizes[buffer.Groups[1].Value] = line.Contains("// [examples]", StringComparison.Ordinal)
                    ? buffer.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries)
                        .Aggregate(1, (size, extent) => size * int.Parse(extent, CultureInfo.InvariantCulture))
                    : 0;
            }
            else if (line.TrimStart().StartsWith("run.", StringComparison.Ordinal))
            {
                numbers += Name().Matches(line).Sum(name => sizes.GetValueOrDefault(name.Value));
            }
        }

        return numbers;
    }

    [GeneratedRegex(@"ArrayView<\w+> (\w+) = .*; // .*\[([\d, ]*)\]\s*$")]
    private static partial Regex Buffer();

    [GeneratedRegex(@"\b[a-z]\w*")]
    private static partial Regex Name();
}
