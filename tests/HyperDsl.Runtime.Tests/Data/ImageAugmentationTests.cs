using HyperDsl.Data;

namespace HyperDsl.Tests.Data;

public class ImageAugmentationTests
{
    private const int Side = 28;

    [Fact]
    public void Insertion_and_crop_equals_its_definition_bit_for_bit()
    {
        byte[] image = Noise(Side * Side * 3, seed: 5);
        for (int trial = 0; trial < 200; trial++)
        {
            float[] result = Apply(new InsertAndCrop(), image, 3, trial);
            Assert.Equal(ByDefinition(image, Side, Side, 3, inserted: 2, new RandomStream(1, 0, trial)), result);
        }
    }

    [Fact]
    public void Every_inserted_row_and_every_crop_occurs()
    {
        // Each row of this image holds its own number, so that the rows of the result can be read off.
        byte[] image = [.. Enumerable.Range(0, Side * Side).Select(index => (byte)(index / Side * 4))];
        var inserted = new int[Side];
        var tops = new int[3];
        const int Trials = 6000;
        for (int trial = 0; trial < Trials; trial++)
        {
            float[] result = Apply(new InsertAndCrop(), image, 1, trial);
            int between = 0;
            for (int row = 0; row < Side; row++)
            {
                if (result[row * Side] % 4 != 0)
                {
                    between++;
                    inserted[(int)(result[row * Side] / 4)]++;
                }
            }

            Assert.InRange(between, 0, 2);
            tops[result[0] == 0 ? 0 : result[0] <= 4 ? 1 : 2]++;
        }

        // 27 places share about 2 · 28/30 insertions a trial; the bound is 6 standard deviations of a count.
        double expected = Trials * 2.0 * Side / (Side + 2) / (Side - 1);
        Assert.All(
            inserted[1..^2],
            count =>
                Assert.InRange(count, expected * 0.9 - (6 * Math.Sqrt(expected)), expected * 1.1 + (6 * Math.Sqrt(expected))));
        Assert.All(tops, count => Assert.True(count > Trials / 10));
    }

    [Fact]
    public void Shifting_moves_pads_and_mirrors()
    {
        const int Padding = 3;
        byte[] image = Noise(5 * 6, seed: 7, least: 1);
        var seen = new HashSet<(int Top, int Left, bool Mirrored)>();
        for (int trial = 0; trial < 3000; trial++)
        {
            var random = new RandomStream(1, 0, trial);
            float[] result = new float[30];
            Array.Fill(result, 99);
            new PadCropMirror(Padding).Apply(image, 5, 6, 1, ref random, result);
            seen.Add(Placement(image, result, Padding));
        }

        Assert.Equal(7 * 7 * 2, seen.Count);
    }

    [Fact]
    public void Mirroring_keeps_the_channels_of_a_pixel_together()
    {
        byte[] image = Noise(4 * 5 * 3, seed: 9);
        float[] mirrored = new float[image.Length];
        int trial = 0;
        do
        {
            var random = new RandomStream(1, 0, trial++);
            new PadCropMirror(0).Apply(image, 4, 5, 3, ref random, mirrored);
        }
        while (mirrored[0] == image[0]);
        for (int index = 0; index < image.Length; index++)
        {
            (int row, int column, int channel) = (index / 15, index / 3 % 5, index % 3);
            Assert.Equal(image[(((row * 5) + 4 - column) * 3) + channel], mirrored[index]);
        }
    }

    [Fact]
    public void Without_augmentation_pixels_stay()
    {
        byte[] image = Noise(Side * Side, seed: 1);
        Assert.Equal(image.Select(value => (float)value), Apply(ImageAugmentation.None, image, 1, 0));
    }

    [Fact]
    public void Random_integers_are_even()
    {
        const int Draws = 70000;
        const int Bound = 7;
        var counts = new int[Bound];
        for (int draw = 0; draw < Draws; draw++)
        {
            // The first number of neighbouring keys: the way augmentation uses it.
            var random = new RandomStream(3, 4, draw);
            counts[random.Next(Bound)]++;
        }

        double squares = counts.Sum(count => Math.Pow(count - (Draws / (double)Bound), 2) / (Draws / (double)Bound));
        Assert.InRange(squares, 0.3, 22.5); // chi-squared with 6 degrees of freedom, about 0.001 on each side
    }

    private static (int, int, bool) Placement(byte[] image, float[] result, int padding)
    {
        for (int top = -padding; top <= padding; top++)
        {
            for (int left = -padding; left <= padding; left++)
            {
                foreach (bool mirrored in (bool[])[false, true])
                {
                    bool equal = true;
                    for (int index = 0; index < 30 && equal; index++)
                    {
                        int row = (index / 6) + top;
                        int column = (mirrored ? 5 - (index % 6) : index % 6) + left;
                        float expected = row is >= 0 and < 5 && column is >= 0 and < 6 ? image[(row * 6) + column] : 0;
                        equal = result[index] == expected;
                    }

                    if (equal)
                    {
                        return (top, left, mirrored);
                    }
                }
            }
        }

        throw new Xunit.Sdk.XunitException("The result is no shifted image.");
    }

    /// <summary>The notebook's procedure, one insertion after the other, on whole images of doubles.</summary>
    private static float[] ByDefinition(byte[] image, int height, int width, int channels, int inserted, RandomStream random)
    {
        var rows = new List<double[]>();
        for (int row = 0; row < height; row++)
        {
            rows.Add([.. image.AsSpan(row * width * channels, width * channels).ToArray().Select(value => (double)value)]);
        }

        int top = Insert(rows, inserted, ref random);
        var columns = new List<double[]>();
        for (int column = 0; column < width; column++)
        {
            columns.Add([.. rows.SelectMany(row => row.AsSpan(column * channels, channels).ToArray())]);
        }

        int left = Insert(columns, inserted, ref random);
        var result = new List<float>();
        for (int row = top; row < top + height; row++)
        {
            for (int column = left; column < left + width; column++)
            {
                result.AddRange(columns[column].AsSpan(row * channels, channels).ToArray().Select(value => (float)value));
            }
        }

        return [.. result];
    }

    private static int Insert(List<double[]> lines, int inserted, ref RandomStream random)
    {
        for (int time = 0; time < inserted; time++)
        {
            int before = random.Next(lines.Count - 1);
            lines.Insert(before + 1, [.. lines[before].Zip(lines[before + 1], (a, b) => (a + b) / 2)]);
        }

        return random.Next(inserted + 1);
    }

    private static float[] Apply(ImageAugmentation augmentation, byte[] image, int channels, int item)
    {
        var random = new RandomStream(1, 0, item);
        float[] result = new float[image.Length];
        augmentation.Apply(image, Side, Side, channels, ref random, result);
        return result;
    }

    private static byte[] Noise(int count, int seed, int least = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(least, 256))];
    }
}
