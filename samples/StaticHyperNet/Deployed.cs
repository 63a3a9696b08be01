using System.Diagnostics;
using System.Globalization;
using HyperDsl;
using HyperDsl.Data;

namespace StaticHyperNet;

/// <summary>The deployed form of the generated network, whose second kernel is stored instead of generated.</summary>
public static class Deployed
{
    /// <summary>Reads a stored network, predicts an empty image, and says how long that took.</summary>
    /// <param name="path">What a run with <c>--baked</c> stored.</param>
    /// <param name="threads">Worker threads.</param>
    /// <exception cref="IOException">The file is missing, damaged, or of another network.</exception>
    public static BakedModel Load(string path, int threads)
    {
        long begin = Stopwatch.GetTimestamp();
        BakedModel baked = new HyperNet { Threads = threads }.LoadBaked(nameof(DigitNet.Logits), path);
        baked.Predict(new Batch(1).Add("image", new float[DigitNet.Side * DigitNet.Side]));
        double loading = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;

        // The system keeps a process's start in hundredths of a second.
        using var self = Process.GetCurrentProcess();
        double sinceStart = (DateTime.UtcNow - self.StartTime.ToUniversalTime()).TotalMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"first prediction {loading:0.0} ms after opening the file, {sinceStart:0} ms after the start of the process"));
        return baked;
    }

    /// <summary>The result on a set of images in one line.</summary>
    /// <param name="baked">The network.</param>
    /// <param name="images">The images.</param>
    public static string Summary(BakedModel baked, LabelledImages images) => string.Create(
        CultureInfo.InvariantCulture, $"{baked.ParameterCount:N0} parameters, test error {100 * Error(baked, images):0.00} %");

    private static double Error(BakedModel baked, LabelledImages images)
    {
        float[] logits = baked.Predict(new Batch(images.Count).Add("image", DigitData.Pixels(images)));
        int errors = 0;
        for (int example = 0; example < images.Count; example++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(example * DigitNet.Classes, DigitNet.Classes);
            errors += IndexOfGreatest(row) == images.Labels[example] ? 0 : 1;
        }

        return (double)errors / images.Count;
    }

    private static int IndexOfGreatest(ReadOnlySpan<float> values)
    {
        int greatest = 0;
        for (int index = 1; index < values.Length; index++)
        {
            greatest = values[index] > values[greatest] ? index : greatest;
        }

        return greatest;
    }
}
