using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>The runtime's own networks, traced from the sources it carries.</summary>
public class RuntimeNetworkTests
{
    [Fact]
    public void Static_hyper_convolution_shares_its_generator()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly KernelGenerator generator = new(16, 16, 3, 4, 4);
                readonly StaticHyperConv first, second;
                public M() { first = new(generator, 1, 2); second = new(generator, 2, 2, stride: 2, padding: Padding.Valid); }
                [Predict] public Tensor Predict([Shape(8, 8, 16)] Tensor x) => second.Call(Relu(first.Call(x)));
            }
            """);
        Assert.Equal(
            [
                "generator.inner", "generator.innerBias", "generator.outer", "generator.outerBias", "first.embedding", "first.bias",
                "second.embedding", "second.bias",
            ],
            model.Parameters.Select(parameter => parameter.Name));
        Graph graph = model.Entries[0].Evaluation;
        Assert.Equal("[3, 3, 32]", graph[graph.Results[0].Node].Shape.ToString());
    }

    [Fact]
    public void Batch_normalisation_updates_in_training_only()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly BatchNorm norm = new(3);
                [Loss] public Tensor Loss([Shape(5, 3)] Tensor x) => Sum(norm.Call(x));
            }
            """);
        Assert.Equal([true, true, false, false], model.Parameters.Select(parameter => parameter.Trained));
        Assert.Equal(
            ["Loss Loss", "Update norm.mean", "Update norm.variance"],
            model.Entries[0].Training!.Results.Select(result => $"{result.Kind} {result.Name}"));
        Assert.Equal([0, 2, 3], model.Entries[0].Training!.Results.Select(result => result.Index));
        Assert.Single(model.Entries[0].Evaluation.Results);
    }

    [Fact]
    public void Every_network_and_composite_can_be_used() => Tracing.TraceModel("""
        [HyperModel] public sealed partial class M : Model
        {
            readonly Linear linear = new(12, 6);
            readonly LayerNorm norm = new(6);
            readonly Dropout dropout = new(0.5);
            readonly Embedding table = new(7, 6);
            readonly Convolution2d conv = new(2, 3, 3);
            [Loss] public Tensor Loss([Shape(4, 4, 2)] Tensor image, [Classes(7)] Label word, [Classes(6)] Label target)
            {
                Tensor y = AveragePool(conv.Call(image), 2, 2, 2, 2, 0, 0, 0, 0);
                y = dropout.Call(norm.Call(linear.Call(Flatten(y)))) + table.Call(word);
                return CrossEntropyBits(LogSoftmax(y), target) + Mean(Square(y)) + y[0] + LogSumExp(y);
            }
        }
        """);
}
