namespace HyperDsl.Models;

/// <summary>All models of this project.</summary>
public static class ModelCases
{
    private static readonly ModelCase[] All =
    [
        Digits<SmallPlainDigits>(),
        Digits<SmallHyperDigits>() with { Generators = ["generated.generator.", "generated.embedding"] },
        Of<GeneratedDense>(
            (count, seed) => SyntheticData.Classes(count, seed, "x", [GeneratedDense.Features], GeneratedDense.Classes),
            nameof(GeneratedDense.Logits),
            (model, examples) => model.Logits(examples.Tensor("x")),
            (model, examples) => model.Loss(examples.Tensor("x"), examples.Label("label")),
            terms: 200),
        Of<GeneratedKernel>(
            (count, seed) => SyntheticData.Classes(
                count, seed, "image", [GeneratedKernel.Side, GeneratedKernel.Side, 2], GeneratedKernel.Classes),
            nameof(GeneratedKernel.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 400),
        Of<TaskWeights>(
            (count, seed) => SyntheticData.Regression(count, seed, TaskWeights.Features, TaskWeights.Outputs, TaskWeights.Tasks),
            nameof(TaskWeights.Predict),
            (model, examples) => model.Predict(examples.Tensor("x"), examples.Label("task")),
            (model, examples) => model.Loss(examples.Tensor("x"), examples.Label("task"), examples.Tensor("target")),
            terms: 200),
        Of<Perceptron>(
            (count, seed) => SyntheticData.Classes(count, seed, "x", [Perceptron.Features], Perceptron.Classes),
            nameof(Perceptron.Logits),
            (model, examples) => model.Logits(examples.Tensor("x")),
            (model, examples) => model.Loss(examples.Tensor("x"), examples.Label("label")),
            terms: 300) with { Masks = true },
        Of<ResidualNetwork>(
            (count, seed) => SyntheticData.Classes(
                count, seed, "image", [ResidualNetwork.Side, ResidualNetwork.Side, 3], ResidualNetwork.Classes),
            nameof(ResidualNetwork.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 2000) with { BatchStatistics = true },
        Tiles<DirectTiles>(),
        Tiles<TransposedTiles>(),
        Of<ComposedNetwork>(
            (count, seed) => SyntheticData.Regression(count, seed, ComposedNetwork.Features, ComposedNetwork.Outputs),
            nameof(ComposedNetwork.Mean),
            (model, examples) => model.Mean(examples.Tensor("x")),
            (model, examples) => model.Loss(examples.Tensor("x"), examples.Tensor("target")),
            terms: 300),
        Of<NestedGenerators>(
            (count, seed) => SyntheticData.Classes(count, seed, "x", [NestedGenerators.Features], NestedGenerators.Classes),
            nameof(NestedGenerators.Logits),
            (model, examples) => model.Logits(examples.Tensor("x")),
            (model, examples) => model.Loss(examples.Tensor("x"), examples.Label("label")),
            terms: 400) with { Generators = ["layers.", "outer.", "basis"] },
        Of<KernelMixtures>(
            (count, seed) => SyntheticData.Classes(
                count, seed, "image", [KernelMixtures.Side, KernelMixtures.Side, 2], KernelMixtures.Classes),
            nameof(KernelMixtures.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 500),
        Of<ManyOperations>(
            (count, seed) => SyntheticData.Classes(
                count, seed, "image", [ManyOperations.Rows, ManyOperations.Columns, 1], ManyOperations.Classes),
            nameof(ManyOperations.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 500),
    ];

    public static TheoryData<string> Names => [.. All.Select(item => item.Name)];

    public static TheoryData<string> WithoutBatchStatistics => Where(item => !item.BatchStatistics);

    public static TheoryData<string> WithGenerators => Where(item => item.Generators.Length > 0);

    public static ModelCase Find(string name) => All.Single(item => item.Name == name);

    private static TheoryData<string> Where(Func<ModelCase, bool> condition) =>
        [.. All.Where(condition).Select(item => item.Name)];

    private static ModelCase Digits<T>()
        where T : SmallDigits, new() => Of<T>(
            (count, seed) => SyntheticData.Classes(count, seed, "image", [SmallDigits.Side, SmallDigits.Side, 1], SmallDigits.Classes),
            nameof(SmallDigits.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 500);

    private static ModelCase Tiles<T>()
        where T : TiledKernels, new() => Of<T>(
            (count, seed) => SyntheticData.Classes(count, seed, "image", [TiledKernels.Side, TiledKernels.Side, 1], TiledKernels.Classes),
            nameof(TiledKernels.Logits),
            (model, examples) => model.Logits(examples.Tensor("image")),
            (model, examples) => model.Loss(examples.Tensor("image"), examples.Label("label")),
            terms: 600) with { Generators = ["widen.generator.", "widen.embedding", "narrow.embedding"] };

    private static ModelCase Of<T>(
        Func<int, int, Examples> data,
        string prediction,
        Func<T, Examples, Tensor> predict,
        Func<T, Examples, Tensor> loss,
        int terms)
        where T : Model, new() => new(
            typeof(T).Name,
            () => new T(),
            data,
            prediction,
            (model, examples) => predict((T)model, examples),
            (model, examples) => loss((T)model, examples)) { Terms = terms };
}
