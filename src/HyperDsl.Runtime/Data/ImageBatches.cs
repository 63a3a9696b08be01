using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Data;

/// <summary>How <see cref="ImageBatches"/> makes batches of images.</summary>
public sealed record ImageBatchOptions
{
    /// <summary>Seed of order and augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether the images that do not fill a batch form a smaller one at the end of the epoch.</summary>
    public bool KeepRemainder { get; init; }

    /// <summary>What is done to each image; a function of seed, epoch and image.</summary>
    public ImageAugmentation Augmentation { get; init; } = ImageAugmentation.None;

    /// <summary>Whether another thread makes the next batch meanwhile; never changes a bit of it.</summary>
    public bool Prefetch { get; init; }

    /// <summary>The model's input of pixels, numbers from 0 to 1 of shape [height, width, channels].</summary>
    public string ImageInput { get; init; } = "image";

    /// <summary>The model's input of classes.</summary>
    public string LabelInput { get; init; } = "label";

    /// <summary>For the evaluation of all images in their own order.</summary>
    public static ImageBatchOptions Evaluation { get; } = new() { Shuffle = false, KeepRemainder = true };
}

/// <summary>Batches of labelled images. Memory is made once: one batch, or two with prefetching.</summary>
public sealed class ImageBatches : BatchSource
{
    private const float LargestByte = 255;
    private readonly LabelledImages images;
    private readonly ImageBatchOptions options;
    private readonly int size;
    private readonly int[] order;
    private readonly BackgroundTask? prefetching;
    private long orderEpoch = -1;
    private Slot current;
    private Slot next;

    /// <summary>Makes batches.</summary>
    /// <param name="images">At least one batch of images.</param>
    /// <param name="size">Images of a batch.</param>
    /// <param name="options">How; by default shuffled with seed 0, without augmentation.</param>
    public ImageBatches(LabelledImages images, int size, ImageBatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        this.images = images;
        this.options = options ?? new ImageBatchOptions();
        this.size = this.options.KeepRemainder ? Math.Min(size, images.Count) : size;
        ArgumentOutOfRangeException.ThrowIfLessThan(images.Count, Math.Max(1, this.size), nameof(images));
        order = new int[images.Count];
        current = MakeSlot();
        next = current;
        if (this.options.Prefetch)
        {
            next = MakeSlot();
            prefetching = new BackgroundTask("next batch of images", () => Fill(next, next.Place));
        }
    }

    /// <inheritdoc/>
    public override int BatchesPerEpoch => options.KeepRemainder ? (images.Count + size - 1) / size : images.Count / size;

    /// <inheritdoc/>
    public override int ExamplesPerEpoch => options.KeepRemainder ? images.Count : BatchesPerEpoch * size;

    /// <inheritdoc/>
    public override string Order => string.Create(
        CultureInfo.InvariantCulture,
        $"{size} of {images.Count}, {(options.Shuffle ? "shuffled" : "in order")}, seed {options.Seed}, {options.Augmentation}"
        + $"{(options.KeepRemainder ? ", with remainder" : "")}");

    /// <inheritdoc/>
    protected override Batch Deliver(DataPosition place)
    {
        if (prefetching is null)
        {
            Fill(current, place);
            return current.Batch!;
        }

        bool pending = prefetching.Pending;
        if (pending)
        {
            prefetching.End();
        }

        if (!pending || next.Place != place)
        {
            Fill(next, place);
        }

        (current, next) = (next, current);
        next.Place = After(place);
        prefetching.Begin();
        return current.Batch!;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => prefetching?.Dispose();

    private Slot MakeSlot()
    {
        var pixels = new float[checked(size * images.ImageSize)];
        var labels = new int[size];
        int remainder = images.Count % size;
        return new Slot(pixels, labels, MakeBatch(size), remainder == 0 ? null : MakeBatch(remainder));

        Batch MakeBatch(int count) => new Batch(count)
            .Add(options.ImageInput, pixels.AsMemory(0, count * images.ImageSize))
            .Add(options.LabelInput, labels.AsMemory(0, count));
    }

    private void Fill(Slot slot, DataPosition place)
    {
        PrepareOrder(place.Epoch);
        int first = place.Batch * size;
        int count = Math.Min(size, images.Count - first);
        for (int index = 0; index < count; index++)
        {
            int example = order[first + index];
            Span<float> target = slot.Pixels.AsSpan(index * images.ImageSize, images.ImageSize);
            var random = new RandomStream(options.Seed, place.Epoch, example);
            options.Augmentation.Apply(images.Image(example), images.Height, images.Width, images.Channels, ref random, target);
            slot.Labels[index] = images.Labels[example];
        }

        Divide(slot.Pixels.AsSpan(0, count * images.ImageSize));
        slot.Batch = (count == size ? slot.Whole : slot.Remainder!).Watch(null);
        slot.Place = place;
    }

    private void PrepareOrder(long epoch)
    {
        if (epoch == orderEpoch)
        {
            return;
        }

        if (options.Shuffle)
        {
            EpochOrder.Shuffle(options.Seed, epoch, order);
        }
        else
        {
            EpochOrder.Identity(order);
        }

        orderEpoch = epoch;
    }

    private static void Divide(Span<float> pixels)
    {
        ref float first = ref MemoryMarshal.GetReference(pixels);
        int whole = pixels.Length & ~15;
        for (int index = 0; index < whole; index += 16)
        {
            (Vector512.LoadUnsafe(ref first, (nuint)index) / LargestByte).StoreUnsafe(ref first, (nuint)index);
        }

        foreach (ref float pixel in pixels[whole..])
        {
            pixel /= LargestByte;
        }
    }

    private sealed class Slot(float[] pixels, int[] labels, Batch whole, Batch? remainder)
    {
        public float[] Pixels { get; } = pixels;

        public int[] Labels { get; } = labels;

        public Batch Whole { get; } = whole;

        public Batch? Remainder { get; } = remainder;

        /// <summary>The one of the two that was filled last.</summary>
        public Batch? Batch { get; set; }

        public DataPosition Place { get; set; }
    }
}
