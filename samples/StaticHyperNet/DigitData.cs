using HyperDsl.Data;

namespace StaticHyperNet;

/// <summary>Images to train on, to choose the best weights by, and to test once.</summary>
/// <param name="Train">For training.</param>
/// <param name="Validation">For choosing.</param>
/// <param name="Test">For the result.</param>
public sealed record DigitData(LabelledImages Train, LabelledImages Validation, LabelledImages Test)
{
    // The notebook keeps 5,000 of MNIST's 60,000 images.
    private const int ValidationShare = 12;
    private const int EvaluationBatch = 500;

    private static readonly string SmallFolder = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>Reads a data set.</summary>
    /// <param name="folder">A folder of IDX files; null for the small one that comes with the sample.</param>
    /// <param name="batch">Images a step.</param>
    /// <exception cref="InvalidDataException">Its images do not fit the network, or there are too few.</exception>
    /// <exception cref="IOException">A file is missing, or damaged.</exception>
    public static DigitData Read(string? folder, int batch)
    {
        string source = folder ?? SmallFolder;
        if (!Directory.Exists(source))
        {
            throw new DirectoryNotFoundException($"There is no folder {source}.");
        }

        (LabelledImages train, LabelledImages test) = IdxReader.ReadFolder(source, DigitNet.Classes);
        if (new[] { train, test }.Any(images => images.Height != DigitNet.Side || images.Width != DigitNet.Side))
        {
            throw new InvalidDataException(
                $"The images in {source} are {train.Height}×{train.Width} and {test.Height}×{test.Width}; the network takes {DigitNet.Side}×{DigitNet.Side}.");
        }

        (LabelledImages validation, LabelledImages rest) = train.Split(train.Count / ValidationShare);
        return validation.Count > 0 && rest.Count >= batch
            ? new DigitData(rest, validation, test)
            : throw new InvalidDataException($"{source} has {train.Count} images to train on, too few for steps of {batch}.");
    }

    /// <summary>Batches for training: shuffled, with rows and columns inserted and cut at random.</summary>
    /// <param name="batch">Images a step.</param>
    /// <param name="seed">The seed.</param>
    public ImageBatches TrainingBatches(int batch, int seed) => new(Train, batch, new ImageBatchOptions
    {
        Seed = (ulong)seed,
        Augmentation = new InsertAndCrop(),
        Prefetch = true,
    });

    /// <summary>Grey values of all images of a set, from 0 to 1.</summary>
    public static float[] Pixels(LabelledImages images) =>
        [.. Enumerable.Range(0, images.Count).SelectMany(index => images.Image(index).ToArray()).Select(value => value / 255f)];

    /// <summary>All images of a set in order, as they are.</summary>
    public static ImageBatches EvaluationBatches(LabelledImages images) => new(images, EvaluationBatch, ImageBatchOptions.Evaluation);
}
