using static HyperDsl.Models.WrittenArithmetic;

namespace HyperDsl.Models;

/// <summary>What is made of ĥ, for each gate by itself: z, then d(z) and b(z).</summary>
internal static class WrittenScaling
{
    /// <summary>W a + b.</summary>
    public static double[] Linear(WrittenWeights linear, double[] a) => Plus(Times(linear["weight"], a), linear["bias"]);

    /// <summary>d of one of the products: those with h for each gate, then those with x.</summary>
    public static double[] Of(WrittenWeights weights, double[] a, int product, int gates)
    {
        WrittenWeights embedding = weights.Of("scaleEmbedding");
        double[] z = Plus(Times(embedding.Part("weight", product, 2 * gates), a), embedding.Part("bias", product, 2 * gates));
        return Times(weights.Part("scale", product, 2 * gates), z);
    }

    /// <summary>b of z_b, which has no bias of its own.</summary>
    public static double[] Bias(WrittenWeights weights, double[] a, int gate, int gates) =>
        Times(weights.Part("biasScale", gate, gates), Times(weights.Of("biasEmbedding").Part("weight", gate, gates), a));
}
