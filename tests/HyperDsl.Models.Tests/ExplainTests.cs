using HyperDsl.Execution;

namespace HyperDsl.Models;

/// <summary>What compiled models say of their generated weights.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_static_hypernetwork_generates_its_kernel_once()
    {
        ModelExplanation explanation = new StaticHyperNet.HyperNet().Explain();
        // The counts of the paper and of its authors' notebook.
        Assert.Equal((8_666L, 4_244L, 12_544L), (explanation.MainParameters, explanation.HyperParameters, explanation.GeneratedWeights));
        Assert.Equal(["Logits", "Loss"], explanation.Entries.Select(entry => entry.Entry));
        Assert.All(explanation.Entries, entry =>
        {
            GeneratedProduct kernel = Assert.Single(entry.Products);
            Assert.Equal([7, 7, 16, 16], kernel.Shape);
            // a[c] is 16 × 4 sums of 4, the kernel 12,544 sums of 4; a convolution at 14 × 14 places.
            const int Making = (16 * 4 * 4) + (12_544 * 4);
            const int Convolution = 14 * 14 * 12_544;
            Assert.Equal(
                (ProductForm.MatrixOnce, 0L, (long)Convolution, 12_544L, (long)Making),
                (kernel.Form, kernel.Floats, kernel.MultiplyAdds, kernel.SharedFloats, kernel.SharedMultiplyAdds));
            Assert.Equal((12_544L, (long)Making + Convolution), (kernel.NaiveFloats, kernel.NaiveMultiplyAdds));
            Assert.False(kernel.EachStep);
        });
    }

    [Fact]
    public void The_page_shows_what_is_said_of_the_sample()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HyperDsl.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        string page = File.ReadAllText(Path.Combine(folder!, "docs", "explain.md")).ReplaceLineEndings("\n");
        Assert.Contains("```\n" + new StaticHyperNet.HyperNet().Explain() + "\n```", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Equation_5_as_written_scales_the_product()
    {
        ModelExplanation explanation = new RewrittenCharacters().Explain();
        Assert.Equal(170, explanation.GeneratedWeights);
        GeneratedProduct[] products = [.. explanation.Entries[0].Products];
        Assert.Equal(["weights·cell.h", "inputWeights·oneHot(text)"], products.Select(product => product.Product));
        Assert.All(products, product => Assert.Equal((ProductForm.ScaledResult, true), (product.Form, product.EachStep)));
        // Ten rows of W·h, and ten scales; with the matrix, its hundred elements are scaled first.
        Assert.Equal(
            (10L, 110L, 100L, 200L),
            (products[0].Floats, products[0].MultiplyAdds, products[0].NaiveFloats, products[0].NaiveMultiplyAdds));
        Assert.Contains("No field is marked [Hyper]", explanation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sum_of_matrices_multiplies_the_data_first_where_that_is_cheaper()
    {
        GeneratedProduct product = new HyperRnnFullRank().Explain().Entries[0].Products[0];
        // z ⊗ h has 2 × 5 elements, with which 5 × 5 × 2 weights are multiplied; the sum of two matrices costs as much, and the product 25.
        Assert.Equal(
            (ProductForm.FactorFirst, 10L, 60L, 25L, 75L),
            (product.Form, product.Floats, product.MultiplyAdds, product.NaiveFloats, product.NaiveMultiplyAdds));
    }

    [Fact]
    public void Weights_of_every_example_are_made_where_nothing_is_cheaper()
    {
        ModelExplanation explanation = new GeneratedDense().Explain();
        GeneratedProduct product = Assert.Single(explanation.Entries[0].Products);
        // 54 weights, each a sum of 5, and the product.
        Assert.Equal(
            (ProductForm.MatrixEach, 54L, (54L * 5) + 54), (product.Form, product.Floats, product.MultiplyAdds));
        Assert.Equal((54L, 360L), (explanation.GeneratedWeights, explanation.HyperParameters));
        Assert.Equal("weight·x", product.Product);
    }

    [Fact]
    public void Scalings_written_by_hand_in_the_cells_are_known_for_what_they_are()
    {
        const int Inputs = CellModel.Inputs;
        const int Units = CellModel.Units;
        ModelExplanation lstm = new HyperLstmModel().Explain();
        Assert.Equal(4 * Units * (Units + Inputs), lstm.GeneratedWeights);
        Assert.Equal((4 * Units * (Units + Inputs)) + (4 * Units), lstm.MainParameters);
        Assert.Equal(
            ["d[0..20] ⊙ (cell.fromState·cell.h)", "d[20..40] ⊙ (cell.fromInput·x)"], lstm.Entries[0].Products.Select(product => product.Product));
        Assert.All(lstm.Entries[0].Products, product => Assert.Equal((ProductForm.ScaledResult, 4L * Units), (product.Form, product.Floats)));
        ModelExplanation stacked = new StackedModel().Explain();
        // Two cells below a plain one, each with a product of its state and one of its input.
        Assert.Equal([[16, 4], [16, 3], [6, 6], [6, 4]], stacked.Entries[0].Products.Select(product => product.Shape));
    }

    /// <summary>W_h, W_x, b and the first h are the main cell's; the first ĥ and the ĥ that is there before it make weights.</summary>
    [Fact]
    public void Learned_first_states_belong_to_the_cell_that_they_are_of()
    {
        ModelExplanation learned = new HyperRnnOfLearnedState().Explain();
        ModelExplanation zeros = new HyperRnnFromPrevious().Explain();
        Assert.Equal(CellModel.Units, learned.MainParameters - zeros.MainParameters);
        Assert.Equal(2 * CellModel.HyperUnits, learned.HyperParameters - zeros.HyperParameters);
    }

    [Theory]
    [InlineData(typeof(Perceptron))]
    [InlineData(typeof(LayerNormLstmModel))]
    [InlineData(typeof(GruModel))]
    [InlineData(typeof(LayerNormGruModel))]
    public void Gates_and_masks_are_no_generated_weights(Type model)
    {
        ModelExplanation explanation = ((Model)Activator.CreateInstance(model)!).Explain();
        Assert.Equal((0, 0), (explanation.HyperParameters, explanation.GeneratedWeights));
        Assert.All(explanation.Entries, entry => Assert.Empty(entry.Products));
        Assert.Contains("no product with generated weights", explanation.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Main_and_hyper_parameters_are_all_parameters(string name)
    {
        Model model = ModelCases.Find(name).New();
        ModelExplanation explanation = model.Explain();
        Assert.Equal(model.ParameterCount, explanation.MainParameters + explanation.HyperParameters);
        Assert.All(explanation.Entries.SelectMany(entry => entry.Products), product =>
        {
            Assert.True(product.Floats <= product.NaiveFloats && product.MultiplyAdds <= product.NaiveMultiplyAdds, product.Product);
            Assert.Contains("\n  " + product.Product + "\n", explanation.ToString(), StringComparison.Ordinal);
        });
    }
}
