using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Analyses;

/// <summary>Which products count as products with generated weights, and what is said of them.</summary>
public class GeneratedWeightsTests
{
    [Theory]
    [InlineData("Dot(Dot(Diag(Dot(d, x)), w), x)", "ScaledResult [5, 4] 5 floats 25 of 20, 40")]
    [InlineData("Dot(Dot(w, Diag(x)), x)", "ScaledData [5, 4] 4 floats 24 of 20, 40")]
    [InlineData("Dot(Einsum(\"ijk,k->ij\", basis, Dot(small, x)), x)", "FactorFirst [5, 4] 8 floats 48 of 20, 60")]
    [InlineData("Dot(Einsum(\"ijk,k->ij\", basis, Dot(small, x)) + w, x)", "MatrixEach [5, 4] 20 floats 60 of 20, 60")]
    [InlineData("Dot(Reshape(generator.Call(x), 5, 4), x)", "MatrixEach [5, 4] 20 floats 100 of 20, 100")]
    [InlineData("Dot(generator.Call(x)[..4] * w, x)", "ScaledData [5, 4] 4 floats 24 of 20, 40")]
    [InlineData("Dot(Dot(w, Diag(x)), Outer(x, Concat(0, x, x)))[..5, 0]", "MatrixEach [5, 4] 20 floats 180 of 20, 180")]
    [InlineData("Dot(Tanh(w), x)", "MatrixOnce [5, 4] 0 floats 20 of 20, 20")]
    [InlineData("Dot(w * Expand(b, 1), x)", "MatrixOnce [5, 4] 0 floats 20 of 20, 40")]
    [InlineData("generator.Call(x)[..5] * Dot(w, x)", "ScaledResult [5, 4] 5 floats 25 of 20, 40")]
    public void Products_with_generated_weights(string product, string expected) =>
        Assert.Equal([expected], Said(product));

    [Theory]
    [InlineData("Dot(w, x)")]
    [InlineData("Dot(w[..2], x)")]
    [InlineData("Dot(Transpose(w), Dot(w, x))")]
    [InlineData("Dot(Concat(0, w, w), x)")]
    [InlineData("Dot(w, x) + b")]
    [InlineData("Sigmoid(Dot(v, x)) * Dot(w, x)")]
    [InlineData("Dot(Outer(x, x), x)")]
    [InlineData("Dot(MatMul(Outer(x, x), Transpose(w)), b)")]
    [InlineData("MatMul(Outer(Dot(w, x), x), Outer(x, Dot(w, x)))[0]")]
    public void Products_of_data_and_plain_weights(string product) => Assert.Empty(Said(product));

    [Fact]
    public void A_matrix_that_two_products_read_is_made()
    {
        EntryExplanation explanation = Explain("var own = Dot(Diag(Dot(d, x)), w); return Dot(own, x) + Dot(own, Tanh(x));");
        Assert.Equal([ProductForm.MatrixEach, ProductForm.MatrixEach], explanation.Products.Select(product => product.Chosen.Form));
        Assert.Equal(["own·x", "own·tanh(x)"], explanation.Products.Select(product => product.Product));
        Assert.Equal(20, Assert.Single(explanation.Matrices).Elements);
    }

    [Fact]
    public void A_scale_from_another_network_is_no_generated_matrix()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Scaled first = new();
                readonly Weight w = new(4, 4);
                [Predict] public Tensor P([Shape(4)] Tensor x) { Tensor y = first.Call(x); return y * Dot(w, y); }
            }
            [Network] public sealed partial class Scaled
            {
                [Hyper] readonly Linear generator = new(4, 4);
                readonly Weight w = new(4, 4);
                public Tensor Call(Tensor x) => generator.Call(x) * Dot(w, x);
            }
            """);
        Assert.Equal(
            ["y = (y + first.generator.bias) ⊙ (first.w·x)"],
            Compiler.Explain("P", model.Entries[0].Evaluation, model.Parameters, CancellationToken.None).Products
                .Select(product => product.Product));
    }

    private static string[] Said(string product) => Explain("return " + product + ";").Products.Select(said =>
        $"{said.Chosen.Form} {said.Shape} {said.Chosen.Floats} floats {said.Chosen.MultiplyAdds} of {said.NaiveFloats}, {said.NaiveMultiplyAdds}").ToArray();

    private static EntryExplanation Explain(string body)
    {
        TracedModel model = Tracing.TraceModel($$"""
            [HyperModel] public sealed partial class M : Model
            {
                [Hyper] readonly Linear generator = new(4, 20);
                readonly Weight w = new(5, 4), v = new(5, 4), d = new(5, 4), basis = new(5, 4, 2), small = new(2, 4), b = new(5);
                [Predict] public Tensor P([Shape(4)] Tensor x) { {{body}} }
                // Uses what an example may not, so that it is not complained about.
                [Predict] public Tensor All([Shape(4)] Tensor x) =>
                    Dot(Reshape(generator.Call(x), 5, 4), x) * Dot(w, x) * Dot(v, x) * Dot(d, x) * Sum(basis) * Sum(small) * b;
            }
            """);
        return Compiler.Explain("P", model.Entries[0].Evaluation, model.Parameters, CancellationToken.None);
    }
}
