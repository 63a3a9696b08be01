using System.Numerics;
using HyperDsl.Execution;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Compiled.Tests;

/// <summary>Runs graphs compiled, in both precisions, and compares with the interpreter of graphs.</summary>
internal static class GraphCheck
{
    private const double SingleRoundoff = 1.0 / (1 << 24);
    private const double DoubleRoundoff = 1.0 / (1L << 53);

    /// <summary>Checks a graph whose result <c>loss</c> is a scalar for each example: mean loss and all gradients.</summary>
    public static void Training(Graph graph, int examples) => Check(TestModel.Of(graph), examples);

    /// <summary>Checks a graph with one prediction.</summary>
    public static void Prediction(Graph graph, int examples) => Check(TestModel.Of(graph), examples);

    public static void Check(TestModel model, params int[] examples)
    {
        Case item = Case.Of(model);
        string? failure = Failures([item], examples)[0];
        Assert.True(failure is null, failure + "\n" + model.Graph + "\ncompiled from\n" + item.Computed);
    }

    /// <summary>What is wrong with each of many models, <c>null</c> where nothing is.</summary>
    public static string?[] Failures(IReadOnlyList<Case> cases, params int[] examples)
    {
        string?[] failures = new string?[cases.Count];
        Compare<double>(cases, examples, DoubleRoundoff, failures);
        Compare<float>(cases, examples, SingleRoundoff, failures);
        return failures;
    }

    /// <summary>A model on its way through the compiler.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Computed">Its graph, reordered and differentiated.</param>
    /// <param name="Program">Its program.</param>
    public sealed record Case(TestModel Model, Graph Computed, RoutineProgram Program)
    {
        public static Case Of(TestModel model)
        {
            Graph computed = model.Differentiated();
            return new Case(model, computed, CompiledGraph.Program(computed, model.Parameters));
        }
    }

    private static void Compare<T>(IReadOnlyList<Case> cases, int[] examples, double roundoff, string?[] failures)
        where T : unmanaged, INumber<T>
    {
        CompiledRoutine<T>[] routines = CompiledGraph.Load<T>(cases.Select(item => item.Program).ToArray());
        for (int i = 0; i < cases.Count; i++)
        {
            Case item = cases[i];
            Graph meaning = item.Model.Meaning();
            using RoutineRun<T> run = new(item.Model, item.Computed, routines[i], 2);
            foreach (int count in examples)
            {
                failures[i] ??= Difference(item, meaning, run.Run(count), ErrorBounds.Of(meaning, count, roundoff), count);
            }
        }
    }

    private static string? Difference<T>(Case item, Graph meaning, T[][] found, ErrorBounds bounds, int examples)
        where T : unmanaged, INumber<T>
    {
        for (int index = 0; index < found.Length; index++)
        {
            Result result = item.Computed.Results[index];
            Result meant = meaning.Results.Single(other => other.Kind == result.Kind && other.Name == result.Name);
            int width = meaning[meant.Node].Shape.Count;
            double[][] values = bounds.Values[meant.Node];
            for (int i = 0; i < found[index].Length; i++)
            {
                double expected = values[values.Length == 1 ? 0 : i / width][i % width];
                double tolerance = bounds.Tolerance(meant.Node, i / width, i % width);
                double actual = double.CreateChecked(found[index][i]);
                if (!(Math.Abs(expected - actual) <= tolerance))
                {
                    return $"{typeof(T).Name}, {examples} examples, {result.Kind} {result.Name} [{i}]: expected {expected:R}, "
                        + $"found {actual:R}, tolerance {tolerance:R}";
                }
            }
        }
        return null;
    }
}
