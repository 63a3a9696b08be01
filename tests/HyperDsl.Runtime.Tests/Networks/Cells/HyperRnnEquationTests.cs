using HyperDsl.Tests.Dsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks.Cells;

/// <summary>Equations 5 and 8 of Ha, Dai and Le 2016, by the cell, against numbers of independent code.</summary>
public sealed class HyperRnnEquationTests
{
    private const double HalfUnit = 0.5e-10 * 1.01;

    [Theory]
    [InlineData(true, new[] { -0.5203352319, -0.2716530404, -0.1091494999 })]
    [InlineData(false, new[] { -0.3979280520, -0.2067903558, -0.0146454809 })]
    public void One_step(bool fullRank, double[] expected)
    {
        HyperRnn cell = Make(fullRank);
        double[] found = cell.Step(TensorAssert.Fill(11, 2)).ToArray();
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.First - pair.Second, -HalfUnit, HalfUnit));
    }

    [Fact]
    public void Equation_8_is_equation_5_with_matrices_that_are_one_matrix_with_scaled_rows()
    {
        HyperRnn scaled = Make(fullRank: false);
        HyperRnn full = Make(fullRank: true);
        Dictionary<string, Weight> to = Weights(full);
        to["stateScale"].SetValues(Einsum("ik,ij->ijk", TensorAssert.Fill(21, 3, 2), TensorAssert.Fill(19, 3, 3)).ToArray());
        to["inputScale"].SetValues(Einsum("ik,ij->ijk", TensorAssert.Fill(22, 3, 2), TensorAssert.Fill(20, 3, 2)).ToArray());
        TensorAssert.Close(
            scaled.Step(TensorAssert.Fill(11, 2)).ToArray(), full.Step(TensorAssert.Fill(11, 2)), roundings: 20);
    }

    /// <summary>A cell whose embeddings are the given ones whatever its input is.</summary>
    private static HyperRnn Make(bool fullRank)
    {
        HyperRnn cell = new(inputs: 2, units: 3, hyperUnits: 2, embedding: 2, fullRank);
        Dictionary<string, Weight> weights = Weights(cell);
        foreach (Weight weight in weights.Values)
        {
            weight.SetValues(new double[weight.Count]);
        }
        weights["stateEmbedding.bias"].SetValues(TensorAssert.FillValues(12, 2));
        weights["inputEmbedding.bias"].SetValues(TensorAssert.FillValues(13, 2));
        // z_b has no bias: ĥ = φ(b̂) is (½, ½), and a diagonal of 2 z_b makes z_b of it.
        weights.Single(pair => pair.Key is "hyper.bias").Value.SetValues([Math.Atanh(0.5), Math.Atanh(0.5)]);
        double[] z = TensorAssert.FillValues(14, 2);
        weights["biasEmbedding.weight"].SetValues([2 * z[0], 0, 0, 2 * z[1]]);
        weights["biasScale"].SetValues(TensorAssert.FillValues(17, 6));
        weights["bias"].SetValues(TensorAssert.FillValues(18, 3));
        if (fullRank)
        {
            weights["stateScale"].SetValues(TensorAssert.FillValues(15, 18));
            weights["inputScale"].SetValues(TensorAssert.FillValues(16, 12));
        }
        else
        {
            weights["fromState"].SetValues(TensorAssert.FillValues(19, 9));
            weights["fromInput"].SetValues(TensorAssert.FillValues(20, 6));
            weights["stateScale"].SetValues(TensorAssert.FillValues(21, 6));
            weights["inputScale"].SetValues(TensorAssert.FillValues(22, 6));
        }
        WeightVisitor.Walk(cell).States.Single(state => state.Name == "h").Write(TensorAssert.Fill(10, 3));
        return cell;
    }

    private static Dictionary<string, Weight> Weights(HyperRnn cell) =>
        WeightVisitor.Walk(cell).Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
}
