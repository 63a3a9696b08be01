using HyperDsl.Data;

namespace HyperDsl.Tests.Data;

public class ImageBatchesTests
{
    private static readonly LabelledImages Images = MakeImages(50);

    [Fact]
    public void An_epoch_delivers_every_image_once()
    {
        using var batches = new ImageBatches(Images, 8, new ImageBatchOptions { KeepRemainder = true });
        Assert.Equal((7, 50), (batches.BatchesPerEpoch, batches.ExamplesPerEpoch));
        for (int epoch = 0; epoch < 2; epoch++)
        {
            List<int> counts = [];
            List<float> firsts = [];
            for (int index = 0; index < 7; index++)
            {
                (float[] pixels, int[] labels) = Read(batches.Next());
                counts.Add(labels.Length);
                firsts.AddRange(labels.Select((label, example) => pixels[example * 16] * 255));
                Assert.All(labels.Select((label, example) => (label, example)), item =>
                    Assert.Equal((int)MathF.Round(pixels[item.example * 16] * 255) % 10, item.label));
            }

            Assert.Equal([8, 8, 8, 8, 8, 8, 2], counts);
            Assert.Equal(Enumerable.Range(0, 50), firsts.Select(first => (int)MathF.Round(first)).Order());
            Assert.Equal(new DataPosition(epoch + 1, 0), batches.Position);
        }
    }

    [Fact]
    public void Without_the_remainder_all_batches_are_whole()
    {
        using var batches = new ImageBatches(Images, 8);
        Assert.Equal((6, 48), (batches.BatchesPerEpoch, batches.ExamplesPerEpoch));
        Assert.All(Enumerable.Range(0, 13), _ => Assert.Equal(8, batches.Next().Count));
        Assert.Equal(new DataPosition(2, 1), batches.Position);
    }

    [Fact]
    public void Pixels_run_from_0_to_1()
    {
        var two = new LabelledImages(1, 2, 1, 2, new byte[] { 0, 255, 51, 1 }, new[] { 0, 1 });
        using var batches = new ImageBatches(two, 2, ImageBatchOptions.Evaluation);
        Assert.Equal([0f, 1f, 51 / 255f, 1 / 255f], batches.Next().Real(new("image", [1, 2, 1], 0)).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batches_are_a_function_of_the_position(bool prefetch)
    {
        ImageBatchOptions options = new() { Seed = 5, KeepRemainder = true, Augmentation = new InsertAndCrop(2) };
        using var straight = new ImageBatches(Images, 8, options);
        using var jumping = new ImageBatches(Images, 8, options with { Prefetch = prefetch });
        List<(float[] Pixels, int[] Labels)> expected = [.. Enumerable.Range(0, 21).Select(_ => Read(straight.Next()))];
        Assert.All(Enumerable.Range(0, 21), index => Same(expected[index], Read(jumping.Next())));
        foreach (int index in (int[])[13, 14, 15, 2, 20, 6, 7])
        {
            jumping.Position = new DataPosition(index / 7, index % 7);
            Same(expected[index], Read(jumping.Next()));
        }
    }

    [Fact]
    public void An_image_is_augmented_the_same_in_any_batch_size()
    {
        ImageBatchOptions options = new() { Shuffle = false, Augmentation = new InsertAndCrop(2) };
        using var fives = new ImageBatches(Images, 5, options);
        using var tens = new ImageBatches(Images, 10, options);
        Assert.Equal((float[])[.. Read(fives.Next()).Pixels, .. Read(fives.Next()).Pixels], Read(tens.Next()).Pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_allocates_nothing(bool prefetch)
    {
        using var batches = new ImageBatches(
            Images, 8, new ImageBatchOptions { Prefetch = prefetch, Augmentation = new PadCropMirror() });
        for (int index = 0; index < 8; index++)
        {
            batches.Next();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < 20; index++)
        {
            batches.Next();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_that_is_used_again_watches_nothing(bool prefetch)
    {
        using var batches = new ImageBatches(Images, 8, new ImageBatchOptions { Prefetch = prefetch, KeepRemainder = true });
        for (int index = 0; index < 3 * batches.BatchesPerEpoch; index++)
        {
            Batch batch = batches.Next();
            Assert.Null(batch.Watched);
            batch.Watch(new Watched());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_an_augmentation_throws_arrives(bool prefetch)
    {
        using var batches = new ImageBatches(
            Images, 8, new ImageBatchOptions { Prefetch = prefetch, Augmentation = new FailsInEpoch1() });
        for (int index = 0; index < 6; index++)
        {
            batches.Next();
        }

        Assert.Throws<NotFiniteNumberException>(batches.Next);
        Assert.Throws<NotFiniteNumberException>(batches.Next);
        batches.Position = default;
        batches.Next();
    }

    [Fact]
    public void Sizes_and_positions_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageBatches(Images, 51));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageBatches(Images, 0));
        using var all = new ImageBatches(Images, 1000, ImageBatchOptions.Evaluation);
        Assert.Equal(50, all.Next().Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Position = new DataPosition(0, 1));
    }

    internal static LabelledImages MakeImages(int count)
    {
        byte[] pixels = new byte[count * 16];
        new Random(8).NextBytes(pixels);
        int[] labels = new int[count];
        for (int index = 0; index < count; index++)
        {
            pixels[index * 16] = (byte)index;
            labels[index] = index % 10;
        }

        return new LabelledImages(4, 4, 1, 10, pixels, labels);
    }

    private static void Same((float[] Pixels, int[] Labels) expected, (float[] Pixels, int[] Labels) actual)
    {
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    private static (float[] Pixels, int[] Labels) Read(Batch batch) =>
        (batch.Real(new("image", [4, 4, 1], 0)).ToArray(), batch.Index(new("label", [], 10)).ToArray());

    private sealed class FailsInEpoch1 : ImageAugmentation
    {
        private int images;

        public override void Apply(
            ReadOnlySpan<byte> image, int height, int width, int channels, ref RandomStream random, Span<float> result)
        {
            // Not a pure function as augmentations should be: it works 48 times, fails 2 times and works again.
            images++;
            if (images is 49 or 50)
            {
                throw new NotFiniteNumberException();
            }
        }

        public override string ToString() => nameof(FailsInEpoch1);
    }
}
