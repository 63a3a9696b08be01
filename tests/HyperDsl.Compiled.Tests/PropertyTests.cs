using System.Globalization;
using System.Runtime.InteropServices;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Compiled.Tests;

/// <summary>What holds for every compiled routine beside its numbers.</summary>
public sealed class PropertyTests
{
    private const int Drawn = 24;

    private static readonly TestModel[] Models =
        [.. Enumerable.Range(0, Drawn).Select(seed => RandomGraph.Draw(900 + seed, 10, training: true)), Network()];

    /// <summary>
    /// Signs and separators of sv-SE, de-DE, fi-FI and the invariant culture, set by hand because not every machine has the
    /// cultures themselves.
    /// </summary>
    [Theory]
    [InlineData("\u2212", ",", "\u00a0")]
    [InlineData("-", ",", ".")]
    [InlineData("\u2212", ",", " ")]
    [InlineData("-", ".", ",")]
    public void Emitted_text_is_the_same_in_every_culture(string minus, string point, string thousands)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string[] expected = Texts();
        try
        {
            CultureInfo foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NegativeSign = minus;
            foreign.NumberFormat.NumberDecimalSeparator = point;
            foreign.NumberFormat.NumberGroupSeparator = thousands;
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(expected, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Results_have_the_same_bits_for_any_number_of_threads_and_whatever_ran_before()
    {
        GraphCheck.Case[] cases = Models.Select(GraphCheck.Case.Of).ToArray();
        CompiledRoutine<float>[] routines = CompiledGraph.Load<float>(cases.Select(item => item.Program).ToArray());
        for (int i = 0; i < cases.Length; i++)
        {
            float[][][] runs = new[] { 1, 2, 3 }.Select(threads =>
            {
                using RoutineRun<float> run = new(Models[i], cases[i].Computed, routines[i], threads);
                float[][] first = run.Run(77);
                run.Run(5);
                run.Run(130);
                float[][] second = run.Run(77);
                AssertSameBits(first, second, Models[i]);
                return first;
            }).ToArray();
            AssertSameBits(runs[0], runs[1], Models[i]);
            AssertSameBits(runs[0], runs[2], Models[i]);
        }
    }

    [Fact]
    public void A_step_allocates_nothing_once_warm()
    {
        TestModel model = Network();
        GraphCheck.Case item = GraphCheck.Case.Of(model);
        using RoutineRun<float> run = new(model, item.Computed, CompiledGraph.Load<float>(item.Computed, model.Parameters), 1);
        RoutineArguments<float> arguments = run.Arguments(64);
        for (int i = 0; i < 3; i++)
        {
            run.RunOnce(arguments);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            run.RunOnce(arguments);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Results_that_depend_on_parameters_only_survive_a_run_without_the_first_phase()
    {
        CaseBuilder c = new();
        Value regularisation = c.Sum(c.Both(new Multiply(), c.W(7), c.W(7)), 0);
        TestModel model = c.Model(
            new Result(ResultKind.Loss, "loss", 0, regularisation.Id),
            new Result(ResultKind.Prediction, "x", 0, c.X(3).Id));
        GraphCheck.Case item = GraphCheck.Case.Of(model);
        using RoutineRun<float> run = new(model, item.Computed, CompiledGraph.Load<float>(item.Computed, model.Parameters), 2);
        float first = run.RunOnce(run.Arguments(4, version: 1));
        float second = run.RunOnce(run.Arguments(4, version: 1));
        Assert.NotEqual(0, first);
        Assert.Equal(first, second);
    }

    private static string[] Texts() => Models.SelectMany(model => new[] { true, false }
        .Select(single => CompiledGraph.Text(model.Differentiated(), model.Parameters, single))).ToArray();

    private static void AssertSameBits(float[][] expected, float[][] found, TestModel model)
    {
        for (int result = 0; result < expected.Length; result++)
        {
            Assert.True(
                MemoryMarshal.Cast<float, int>(expected[result]).SequenceEqual(MemoryMarshal.Cast<float, int>(found[result])),
                "result " + result + " of\n" + model.Graph);
        }
    }

    /// <summary>A generated convolution with batch statistics, dropout and a product: several phases, all kinds of storage.</summary>
    private static TestModel Network()
    {
        CaseBuilder c = new();
        Value kernel = c.Reshape(c.Einsum("ij,j>i", c.W(36, 4), c.W(4)), 3, 3, 1, 4);
        Value image = c.BatchNormalised(c.Convolve(c.X(6, 6, 1), kernel, 1, 1, 1, 1, 1, 1, 1));
        Value hidden = c.Both(new Multiply(), c.Add(new Relu(), image), c.Mask(6, 6, 4));
        return c.Training(c.Einsum("ij,j>i", c.W(5, 144), c.Reshape(hidden, 144)));
    }
}
