namespace HyperDsl.Models;

/// <summary>Data with something to learn, of the shapes of real data.</summary>
public static class SyntheticData
{
    private const int RuleSeed = 77;

    /// <summary>A fixed random pattern a class, with noise of its own for each example.</summary>
    public static Examples Classes(int count, int seed, string input, int[] shape, int classes)
    {
        int size = shape.Aggregate(1, (product, length) => product * length);
        float[] patterns = Normal(new Random(RuleSeed), classes * size);
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))];
        float[] noise = Normal(random, count * size);
        float[] values = [.. noise.Select((value, i) => (0.5f * value) + patterns[(labels[i / size] * size) + (i % size)])];
        return new Examples(count).Add(input, values, shape).Add("label", labels, classes);
    }

    /// <summary>Targets that are sines of random projections of x, another projection for each task.</summary>
    /// <param name="count">Examples.</param>
    /// <param name="seed">Which ones.</param>
    /// <param name="features">Length of x.</param>
    /// <param name="outputs">Length of a target.</param>
    /// <param name="tasks">The number of tasks; with 1 there is no input for it.</param>
    public static Examples Regression(int count, int seed, int features, int outputs, int tasks = 1)
    {
        float[] projections = Normal(new Random(RuleSeed), tasks * outputs * features);
        var random = new Random(seed);
        float[] x = Normal(random, count * features);
        int[] task = [.. Enumerable.Range(0, count).Select(_ => random.Next(tasks))];
        float[] targets = new float[count * outputs];
        for (int i = 0; i < targets.Length; i++)
        {
            int example = i / outputs;
            int row = (task[example] * outputs) + (i % outputs);
            double sum = 0;
            for (int k = 0; k < features; k++)
            {
                sum += x[(example * features) + k] * projections[(row * features) + k];
            }

            targets[i] = (float)Math.Sin(0.5 * sum);
        }

        Examples examples = new Examples(count).Add("x", x, features).Add("target", targets, outputs);
        return tasks > 1 ? examples.Add("task", task, tasks) : examples;
    }

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())))];
}
