using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Compiled.Tests;

/// <summary>Weights that differ from example to example are never stored where the product can do without them.</summary>
public sealed class ReassociationTests
{
    private const int Outputs = 24;
    private const int Inputs = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scaled_rows_of_a_weight_stay_a_vector(bool training) =>
        Check(Scaled, training);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scaled_columns_of_a_weight_stay_a_vector(bool training) =>
        Check(ScaledColumns, training);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mixture_of_weights_is_not_stored(bool training) =>
        Check(Mixture, training);

    private static void Check(Func<CaseBuilder, Value> product, bool training)
    {
        CaseBuilder c = new();
        Value y = product(c);
        TestModel model = training ? c.Training(y) : c.Predicting(y);
        GraphCheck.Case item = GraphCheck.Case.Of(model);
        Generator.Schedule.Storage[] own = item.Program.Storages
            .Where(storage => storage.Place is Place.Scratch or Place.Batch && storage.Size >= Outputs * Inputs).ToArray();
        Assert.True(own.Length == 0, string.Join("\n", own.Select(storage => storage.ToString())) + "\n" + item.Computed);
        GraphCheck.Check(model, 1, 19);
    }

    /// <summary><c>(diag(d) W) x</c>, HyperNetworks eq. 8.</summary>
    private static Value Scaled(CaseBuilder c)
    {
        Value d = c.Tanh(c.Einsum("ij,j>i", c.W(Outputs, 3), c.X(3)));
        Value own = c.Both(new Multiply(), c.Reshape(d, Outputs, 1), c.W(Outputs, Inputs));
        return c.Einsum("ij,j>i", own, c.Tanh(c.X(Inputs)));
    }

    /// <summary><c>(W diag(d)) x</c>.</summary>
    private static Value ScaledColumns(CaseBuilder c)
    {
        Value d = c.Tanh(c.Einsum("ij,j>i", c.W(Inputs, 3), c.X(3)));
        Value own = c.Both(new Multiply(), c.W(Outputs, Inputs), c.Reshape(d, 1, Inputs));
        return c.Einsum("ij,j>i", own, c.Tanh(c.X(Inputs)));
    }

    /// <summary><c>(Σ z_k W_k) x</c> with few terms.</summary>
    private static Value Mixture(CaseBuilder c)
    {
        Value z = c.Tanh(c.Einsum("ij,j>i", c.W(2, 3), c.X(3)));
        Value own = c.Einsum("ijk,k>ij", c.W(Outputs, Inputs, 2), z);
        return c.Einsum("ij,j>i", own, c.Tanh(c.X(Inputs)));
    }
}
