using System.Reflection;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Random models with fixed seeds: eager and compiled code against libtorch.</summary>
public sealed class RandomProgramTests : TorchTest
{
    private const int ProgramsPerBlock = 50;
    private const double SingleRoundoff = 1.0 / (1 << 24);

    // Every rounding is amplified by the slope of what follows: bounded values, divisors of at least 1/2, roots of at least 1/10.
    private const double Amplification = 1 << 6;

    private delegate string? Check(RandomProgram program, ProgramAssembly assembly);

    public static TheoryData<int> EagerBlocks => [.. Enumerable.Range(0, 8)];

    public static TheoryData<int> CompiledBlocks => [.. Enumerable.Range(0, 5)];

    [SkippableTheory]
    [MemberData(nameof(EagerBlocks))]
    public void Eager_code_agrees_with_libtorch(int block) => RunBlock(block, ProgramAssembly.Eager, EagerDisagreement);

    [SkippableTheory]
    [MemberData(nameof(CompiledBlocks))]
    public void Compiled_code_agrees_with_libtorch(int block) => RunBlock(block, ProgramAssembly.Generated, CompiledDisagreement);

    private static void RunBlock(int block, Func<IEnumerable<RandomProgram>, ProgramAssembly> compile, Check check)
    {
        RandomProgram[] programs = [.. Enumerable.Range(block * ProgramsPerBlock, ProgramsPerBlock)
            .Select(seed => RandomProgram.Make(seed, size: 4 + (seed % 20)))];
        ProgramAssembly assembly = compile(programs);
        foreach (RandomProgram program in programs)
        {
            if (check(program, assembly) is string disagreement)
            {
                Assert.Fail(Shrink(program, compile, check) ?? Message(program, disagreement));
            }
        }
    }

    /// <summary>The shortest program, among those that end earlier, that disagrees too.</summary>
    private static string? Shrink(RandomProgram program, Func<IEnumerable<RandomProgram>, ProgramAssembly> compile, Check check)
    {
        for (int statement = 0; statement < program.Statements.Count; statement++)
        {
            RandomProgram shorter = program.EndingWith(statement);
            if (check(shorter, compile([shorter])) is string disagreement)
            {
                return Message(shorter, disagreement);
            }
        }

        return null;
    }

    private static string? EagerDisagreement(RandomProgram program, ProgramAssembly assembly)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var data = new ProgramData(program, seed: 1);
        Model model = assembly.Create(program);
        var weights = (Weight[])model.GetType().GetProperty("OwnWeights")!.GetValue(model)!;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].SetValues(data.Weights[i].ToArray());
        }

        var loss = (Tensor)model.GetType().GetMethod("Loss", BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance)!.Invoke(model, data.Arguments)!;
        return Compare(program, "Loss", [loss.ToArray().Average()], [data.Theirs().Loss], TorchReferee.UnitRoundoff);
    }

    private static string? CompiledDisagreement(RandomProgram program, ProgramAssembly assembly)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var data = new ProgramData(program, seed: 1);
        Model model = assembly.Create(program);
        model.Threads = 1;
        for (int i = 0; i < program.Weights.Count; i++)
        {
            Array.ConvertAll(data.Weights[i].ToArray(), value => (float)value).CopyTo(model.Parameters[program.Weights[i].Name]);
        }

        (double loss, double[][] gradients) = data.Theirs();
        double[] doubles = new double[model.Parameters.Length];
        var singles = new GradientStore(model.Parameters);
        double doubleLoss = model.LossAndGradient64("Loss", data.Batch, doubles);
        double singleLoss = model.LossAndGradient("Loss", data.Batch, singles);
        double[] widened = Array.ConvertAll(singles.Values.ToArray(), value => (double)value);
        return Compare(program, "Loss in double precision", [doubleLoss], [loss], TorchReferee.UnitRoundoff)
            ?? Compare(program, "Loss in single precision", [singleLoss], [loss], SingleRoundoff)
            ?? Compare(program, "Loss without gradients", [model.Loss("Loss", data.Batch)], [loss], SingleRoundoff)
            ?? CompareGradients(program, model, "double", doubles, gradients, TorchReferee.UnitRoundoff)
            ?? CompareGradients(program, model, "single", widened, gradients, SingleRoundoff);
    }

    private static string? CompareGradients(
        RandomProgram program, Model model, string precision, double[] ours, double[][] theirs, double roundoff)
    {
        for (int i = 0; i < theirs.Length; i++)
        {
            string name = program.Weights[i].Name;
            double[] own = ours[model.Parameters.Plan(name).Offset..][..theirs[i].Length];
            if (Compare(program, $"Gradient of {name} in {precision} precision", own, theirs[i], roundoff) is string disagreement)
            {
                return disagreement;
            }
        }

        return null;
    }

    private static string? Compare(RandomProgram program, string what, double[] ours, double[] theirs, double roundoff)
    {
        double allowed = program.Roundings * Amplification * roundoff * Math.Max(1, theirs.Max(Math.Abs));
        for (int i = 0; i < theirs.Length; i++)
        {
            if (!(Math.Abs(ours[i] - theirs[i]) <= allowed))
            {
                return $"{what}, element {i}: {ours[i]:R} here, {theirs[i]:R} in libtorch, allowed difference {allowed:E1}";
            }
        }

        return null;
    }

    private static string Message(RandomProgram program, string disagreement) => $"{disagreement}:\n{program.Source()}";
}
