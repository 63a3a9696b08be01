using HyperDsl.Execution;

namespace HyperDsl.Tests.Dsl;

public sealed class ParameterStoreTests
{
    private sealed class Leaf : INetwork
    {
        public readonly Weight Weight = new(3) { Init = Initialiser.Normal() };

        public void VisitWeights(WeightVisitor visitor) => visitor.Visit("weight", Weight);
    }

    private sealed class Tree : INetwork
    {
        public readonly Leaf Shared = new();
        public readonly List<Leaf> Leaves = [new(), new()];
        public readonly Weight[] Weights = [new(2, 2) { Init = Initialiser.Normal() }, new(17) { Trained = false }];

        public void VisitWeights(WeightVisitor visitor)
        {
            visitor.Visit("shared", Shared);
            visitor.Visit("again", Shared);
            visitor.Visit("leaves", Leaves);
            visitor.Visit("weights", Weights);
            visitor.Visit("missing", (Weight?)null);
            visitor.Visit("missing", (INetwork?)null);
            visitor.Visit("self", this);
        }
    }

    private sealed class TreeModel(ModelPlan? plan = null) : Model
    {
        public readonly Tree Tree = new();

        protected override ModelPlan? Plan { get; } = plan;

        public override void VisitWeights(WeightVisitor visitor) => visitor.Visit("tree", Tree);
    }

    private sealed class Bare : Model;

    [Fact]
    public void Weights_are_named_by_the_first_path() => Assert.Equal(
        ["shared.weight", "leaves.0.weight", "leaves.1.weight", "weights.0", "weights.1"],
        WeightVisitor.Walk(new Tree()).Weights.Select(weight => weight.Key));

    [Fact]
    public unsafe void Weights_lie_in_one_aligned_buffer()
    {
        Tree tree = new();
        ParameterStore store = new(tree);

        Assert.Equal([0, 16, 32, 48, 64], store.Parameters.Select(parameter => parameter.Offset));
        Assert.Equal(96, store.Length);
        Assert.Equal(0u, (nuint)store.Pointer % 64);
        Assert.True(new Span<float>(store.Pointer, store.Length).SequenceEqual(store.Values));
        Assert.Equal(store["leaves.1.weight"].ToArray(), tree.Leaves[1].Weight.ToArray().Select(value => (float)value));
        store["leaves.1.weight"][2] = 42;
        Assert.Equal(42, tree.Leaves[1].Weight.ToArray()[2]);
        Assert.Contains("weights.0", Assert.Throws<KeyNotFoundException>(() => store["other"].Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialising_is_a_function_of_the_seed()
    {
        TreeModel model = new();
        float[] first = model.Parameters.Values.ToArray();
        long version = model.Parameters.Version;

        model.Initialise(1);
        Assert.NotEqual(first, model.Parameters.Values.ToArray());
        Assert.True(model.Parameters.Version > version);
        model.Initialise(0);
        Assert.Equal(first, model.Parameters.Values.ToArray());
        Assert.Equal(3 + 3 + 3 + 4, model.ParameterCount);
        Assert.NotEqual(model.Parameters["tree.shared.weight"].ToArray(), model.Parameters["tree.leaves.0.weight"].ToArray());
    }

    [Fact]
    public void Values_set_before_are_kept()
    {
        Tree tree = new();
        tree.Shared.Weight.SetValues([1, 2, 3]);

        ParameterStore store = new(tree);

        Assert.Equal([1, 2, 3], store["shared.weight"].ToArray());
    }

    [Fact]
    public void A_plan_must_fit_the_weights()
    {
        ParameterPlan[] parameters = [.. new TreeModel().Parameters.Parameters];
        Assert.Equal(5, new TreeModel(new ModelPlan(parameters, [])).Weights.Count);

        void Refused(ParameterPlan[] wrong, string words)
        {
            TreeModel model = new(new ModelPlan(wrong, []));
            Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => model.Parameters).Message, StringComparison.Ordinal);
        }
        Refused([.. parameters[..4], parameters[4] with { Name = "tree.x" }], "compiled with 'tree.x' [17], not trained");
        Refused([.. parameters[..4], parameters[4] with { Trained = true }], "Weight 4");
        Refused(parameters[..4], "compiled with none");
        Refused([parameters[0], parameters[1] with { Shape = [4] }, .. parameters[2..]], "[4]");
        Refused([parameters[0], parameters[1] with { Offset = 8 }, .. parameters[2..]], "multiple of 16");
    }

    [Fact]
    public void Weights_without_values_say_so()
    {
        Assert.Contains("Initialise(seed)", Assert.Throws<InvalidOperationException>(() => new Leaf().Weight + 1.0).Message, StringComparison.Ordinal);
        Assert.Equal([0, 0], new Weight(2).ToArray());
    }

    [Fact]
    public void A_weight_belongs_to_one_model()
    {
        Leaf leaf = new();
        _ = new ParameterStore(leaf);

        Assert.Contains("two models", Assert.Throws<InvalidOperationException>(() => new ParameterStore(leaf)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_were_not_compiled_say_so() => Assert.Contains(
        "Bare was not compiled", Assert.Throws<InvalidOperationException>(() => new Bare().Parameters).Message, StringComparison.Ordinal);

    [Fact]
    public void Gradients_are_laid_out_as_parameters()
    {
        ParameterStore store = new(new Tree());
        GradientStore gradients = new(store);

        gradients["leaves.1.weight"][1] = 5;

        Assert.Equal(5, gradients.Values[store.Parameters[2].Offset + 1]);
        gradients.Clear();
        Assert.All(gradients.Values.ToArray(), value => Assert.Equal(0, value));
    }
}
