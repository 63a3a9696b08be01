namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Random models with fixed seeds: eager code against libtorch.</summary>
public sealed class RandomProgramTests : TorchTest
{
    private const int ProgramsPerBlock = 50;

    // Every rounding is amplified by the slope of what follows: bounded values, divisors of at least 1/2, roots of at least 1/10.
    private const double Amplification = 1 << 6;

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 8)];

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void Eager_code_agrees_with_libtorch(int block)
    {
        RandomProgram[] programs = [.. Enumerable.Range(block * ProgramsPerBlock, ProgramsPerBlock)
            .Select(seed => RandomProgram.Make(seed, size: 4 + (seed % 20)))];
        ProgramAssembly assembly = ProgramAssembly.Eager(programs);
        foreach (RandomProgram program in programs)
        {
            if (Disagreement(program, assembly) is string disagreement)
            {
                Assert.Fail(Shrink(program) ?? disagreement);
            }
        }
    }

    /// <summary>The shortest program, among those that end earlier, that disagrees too.</summary>
    private static string? Shrink(RandomProgram program)
    {
        for (int statement = 0; statement < program.Statements.Count; statement++)
        {
            RandomProgram shorter = program.EndingWith(statement);
            if (Disagreement(shorter, ProgramAssembly.Eager([shorter])) is string disagreement)
            {
                return disagreement;
            }
        }

        return null;
    }

    private static string? Disagreement(RandomProgram program, ProgramAssembly assembly)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var data = new ProgramData(program, seed: 1);
        double theirs = data.Theirs().Loss;
        double ours = EagerLoss(assembly.Create(program), data);
        double allowed = program.Roundings * Amplification * TorchReferee.UnitRoundoff * Math.Max(1, Math.Abs(theirs));
        return Math.Abs(ours - theirs) <= allowed
            ? null
            : $"Loss {ours:R} here, {theirs:R} in libtorch, allowed difference {allowed:E1}:\n{program.Source("[HyperModel]")}";
    }

    private static double EagerLoss(Model model, ProgramData data)
    {
        var weights = (Weight[])model.GetType().GetProperty("OwnWeights")!.GetValue(model)!;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].SetValues(data.Weights[i].ToArray());
        }

        var loss = (Tensor)model.GetType().GetMethod("Loss")!.Invoke(model, data.Arguments)!;
        return loss.ToArray().Average();
    }
}
