using HyperDsl.Generator.Ir;

namespace HyperDsl.Compiled.Tests;

/// <summary>Graphs nobody would think of, compiled and compared with the interpreter.</summary>
public sealed class RandomGraphTests
{
    /// <summary>Graphs of one compilation.</summary>
    private const int Group = 40;

    public static TheoryData<int, int, bool> Groups()
    {
        TheoryData<int, int, bool> data = [];
        foreach (int examples in new[] { 1, 2, 16, 17, 100 })
        {
            data.Add(examples * 1000, examples, true);
            data.Add((examples * 1000) + 500, examples, false);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Agree_with_the_interpreter(int firstSeed, int examples, bool training)
    {
        TestModel[] models = Enumerable.Range(firstSeed, Group)
            .Select(seed => RandomGraph.Draw(seed, examples >= 100 ? 5 : 3 + (seed % 14), training)).ToArray();
        string?[] failures = ShrunkGraph.Failures(models, examples);
        string[] report = Enumerable.Range(0, Group).Where(i => failures[i] is not null)
            .Select(i => $"seed {firstSeed + i}: {ShrunkGraph.Explain(models[i], failures[i]!, examples)}").ToArray();
        Assert.True(report.Length == 0, string.Join("\n", report));
    }
}
