using HyperDsl.Tests.Dsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks.Cells;

/// <summary>How weights of cells that others rescale begin, in each of the published ways.</summary>
public sealed class HyperInitTests
{
    private const int Inputs = 3;
    private const int Units = 4;
    private const int HyperUnits = 5;
    private const int Embedding = 2;
    private const int Gates = 4;

    /// <summary>Elements are rounded to single precision; an inner product is a sum of this many of their products.</summary>
    private const double Rounding = Gates * Units * 4.0 / (1 << 24);

    [Fact]
    public void The_first_release_is_the_default_and_orthogonal_over_the_whole_block()
    {
        Dictionary<string, Weight> weights = Begun(new HyperLstm(Inputs, Units, HyperUnits, Embedding));
        Dictionary<string, Weight> same = Begun(new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.FirstRelease));
        Assert.All(weights, pair => Assert.Equal(pair.Value.ToArray(), same[pair.Key].ToArray()));
        foreach (string name in new[] { "fromState", "fromInput", "hyper.fromState", "hyper.fromInput" })
        {
            AssertOrthonormal(weights[name], blocks: 1);
        }
        AssertAll(weights["scale"], (float)(0.1 / Embedding));
        AssertAll(weights["scaleEmbedding.weight"], 0);
        AssertAll(weights["scaleEmbedding.bias"], 1);
        AssertAll(weights["biasScale"], 0);
        AssertAll(weights["bias"], 0);
        double[] normal = weights["biasEmbedding.weight"].ToArray();
        Assert.InRange(Math.Sqrt(normal.Average(value => value * value)), 0.006, 0.014);
    }

    [Fact]
    public void The_later_release_is_orthogonal_in_each_gate_and_uniform_for_inputs()
    {
        Dictionary<string, Weight> weights = Begun(new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.LaterRelease()));
        AssertOrthonormal(weights["fromState"], Gates);
        AssertOrthonormal(weights["hyper.fromState"], Gates);
        AssertWithin(weights["fromInput"], Math.Sqrt(6.0 / (Inputs + (Gates * Units))));
        AssertWithin(weights["hyper.fromInput"], Math.Sqrt(6.0 / (Inputs + Units + (Gates * HyperUnits))));
        AssertAll(weights["scaleEmbedding.bias"], 1);
        Dictionary<string, Weight> gru = Begun(
            new HyperGru(Inputs, Units, HyperUnits, Embedding, init: HyperInit.LaterRelease(gates: 3, hyperGates: 3)));
        AssertOrthonormal(gru["fromState"], 3);
        AssertOrthonormal(gru["hyper.fromState"], 3);
    }

    [Fact]
    public void Inputs_can_be_uniform_with_states_orthogonal_over_the_whole_block()
    {
        Dictionary<string, Weight> weights = Begun(new HyperLstm(Inputs, Units, HyperUnits, Embedding, init: HyperInit.XavierInputs));
        AssertOrthonormal(weights["fromState"], blocks: 1);
        AssertWithin(weights["fromInput"], Math.Sqrt(6.0 / (Inputs + (Gates * Units))));
    }

    [Fact]
    public void The_main_cell_can_begin_at_zero()
    {
        HyperInit init = HyperInit.ZeroMain(Inputs + Units, HyperUnits, Embedding);
        HyperLstm cell = new(Inputs, Units, HyperUnits, Embedding, init: init);
        Dictionary<string, Weight> weights = Begun(cell);
        AssertAll(weights["fromState"], 0);
        AssertAll(weights["fromInput"], 0);
        AssertWithin(weights["scale"], 1 / Math.Sqrt(Embedding));
        AssertWithin(weights["hyper.fromInput"], 1 / Math.Sqrt(Inputs + Units));
        AssertWithin(weights["scaleEmbedding.weight"], 1 / Math.Sqrt(HyperUnits));
    }

    [Fact]
    public void One_tensor_can_begin_otherwise()
    {
        HyperInit init = HyperInit.FirstRelease with { BiasScale = Initialiser.Ones, Scale = Initialiser.Constant(0.25) };
        Dictionary<string, Weight> weights = Begun(new HyperRnn(Inputs, Units, HyperUnits, Embedding, init: init));
        AssertAll(weights["biasScale"], 1);
        AssertAll(weights["stateScale"], 0.25f);
        AssertOrthonormal(weights["fromState"], blocks: 1);
    }

    /// <summary>What equation 5 sums: W[:, :, k] W[:, :, k]ᵀ = 0.01 I, or the other way round where there are more rows.</summary>
    [Fact]
    public void At_full_rank_each_of_the_matrices_that_are_summed_is_orthogonal_and_a_tenth_in_size()
    {
        Dictionary<string, Weight> weights = Begun(new HyperRnn(Inputs, Units, HyperUnits, Embedding, fullRank: true));
        foreach (string name in new[] { "stateScale", "inputScale" })
        {
            int columns = weights[name].Shape[1];
            for (int slice = 0; slice < Embedding; slice++)
            {
                Tensor matrix = Reshape(Slice(weights[name], 2, slice, 1), Units, columns);
                double[] products = Dot(Transpose(matrix), matrix).ToArray();
                for (int i = 0; i < products.Length; i++)
                {
                    Assert.Equal(i % (columns + 1) == 0 ? 0.01 : 0, products[i], 0.01 * Rounding);
                }
            }
        }
    }

    [Fact]
    public void Matrices_that_are_summed_can_begin_otherwise()
    {
        HyperRnn cell = new(
            Inputs, Units, HyperUnits, Embedding, fullRank: true, init: HyperInit.FirstRelease with { Summands = Initialiser.Constant(0.5) });
        Dictionary<string, Weight> weights = Begun(cell);
        AssertAll(weights["stateScale"], 0.5f);
        AssertAll(weights["inputScale"], 0.5f);
        HyperInit zero = HyperInit.ZeroMain(Inputs + Units, HyperUnits, Embedding);
        AssertAll(Begun(new HyperRnn(Inputs, Units, HyperUnits, Embedding, fullRank: true, init: zero))["stateScale"], 0);
    }

    [Fact]
    public void A_hyper_gru_begins_as_the_first_release()
    {
        Dictionary<string, Weight> weights = Begun(new HyperGru(Inputs, Units, HyperUnits, Embedding, layerNorm: true));
        string[] orthogonal = ["fromState", "fromInput", "hyper.fromState", "hyper.fromInput"];
        Dictionary<string, float> constant = new()
        {
            ["scaleEmbedding.weight"] = 0,
            ["scaleEmbedding.bias"] = 1,
            ["scale"] = (float)(0.1 / Embedding),
            ["biasScale"] = 0,
            ["bias"] = 0,
            ["stateBias"] = 0,
            ["hyper.bias"] = 0,
            ["hyper.stateBias"] = 0,
        };
        foreach (string gates in new[] { "gates", "hyper.gates" })
        {
            foreach (string norm in new[] { "gateNorm", "candidateNorm" })
            {
                constant[$"{gates}.{norm}.gain"] = 1;
                constant[$"{gates}.{norm}.shift"] = 0;
            }
        }
        Assert.All(orthogonal, name => AssertOrthonormal(weights[name], blocks: 1));
        Assert.All(constant, pair => AssertAll(weights[pair.Key], pair.Value));
        double[] normal = weights["biasEmbedding.weight"].ToArray();
        Assert.InRange(Math.Sqrt(normal.Average(value => value * value)), 0.005, 0.015);
        Assert.Equal(new HashSet<string>([.. orthogonal, .. constant.Keys, "biasEmbedding.weight"]), [.. weights.Keys]);
    }

    private static Dictionary<string, Weight> Begun(INetwork network)
    {
        ParameterStore store = new(network);
        store.Initialise(4);
        return store.Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    /// <summary>Whether the shorter of rows and columns of each block are orthonormal.</summary>
    private static void AssertOrthonormal(Weight weight, int blocks)
    {
        int rows = weight.Shape[0] / blocks;
        int columns = weight.Shape[1];
        for (int block = 0; block < blocks; block++)
        {
            Tensor matrix = Slice(weight, 0, block * rows, rows);
            Tensor product = rows <= columns ? Dot(matrix, Transpose(matrix)) : Dot(Transpose(matrix), matrix);
            int size = Math.Min(rows, columns);
            double[] found = product.ToArray();
            for (int i = 0; i < found.Length; i++)
            {
                Assert.Equal(i % (size + 1) == 0 ? 1 : 0, found[i], Rounding);
            }
        }
    }

    private static void AssertAll(Weight weight, float value) => Assert.All(weight.ToArray(), element => Assert.Equal(value, element));

    /// <summary>Whether a weight fills an interval around 0, and does not leave it.</summary>
    private static void AssertWithin(Weight weight, double bound)
    {
        Assert.All(weight.ToArray(), element => Assert.InRange(element, -bound, bound));
        Assert.True(weight.ToArray().Max(Math.Abs) > 0.6 * bound);
    }
}
