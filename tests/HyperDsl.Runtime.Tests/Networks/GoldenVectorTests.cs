using HyperDsl.Tests.Dsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks;

/// <summary>
/// Numbers computed with independent code in double precision, given to ten digits: the tolerance is half a unit of the last.
/// </summary>
public sealed class GoldenVectorTests
{
    private const double HalfUnit = 0.5e-10;

    private static readonly double[][] Hidden =
    [
        [0.3753662378, -0.2501682806, -0.6690792018],
        [-0.4957533563, -0.0838809029, 0.0917145922],
    ];

    // Rows of a kernel: [kernel row][channel o, kernel column], as equation 2 lays out f × (N_out · f).
    private static readonly double[][] Kernels =
    [
        [
            -0.1793234715, -0.5028368318, 0.4557443042, 0.6700452953, 0.0586837696, 0.4651367333,
            0.10781161, -0.795333949, -0.2794908024, -0.1921422225, -0.4939863276, 0.4806506863,
        ],
        [
            -0.1741250099, -0.0503591728, -0.0063173245, 0.684107663, 0.5065467353, -0.0011293815,
            0.1307339079, -0.3522122998, -0.7498295773, -0.160366475, -0.0557312774, 0.006372229,
        ],
    ];

    private static void Close(double[] expected, Tensor actual) => Close(expected, actual.ToArray(), HalfUnit * 1.01);

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
    }

    [Fact]
    public void Equation_2_by_operations()
    {
        Tensor z = TensorAssert.Fill(0, 2);
        Tensor a = Dot(TensorAssert.Fill(1, 2, 3, 2), z) + TensorAssert.Fill(2, 2, 3);
        Tensor wOut = TensorAssert.Fill(3, 2, 6, 3);
        Tensor bOut = TensorAssert.Fill(4, 2, 6);

        Tensor kernels = Stack(0, Dot(wOut, a[0]) + bOut, Dot(wOut, a[1]) + bOut);

        Close(Hidden[0], a[0]);
        Close(Hidden[1], a[1]);
        Close(Kernels[0], kernels[0]);
        Close(Kernels[1], kernels[1]);
        Close([3.8854649506], Sum(Square(kernels)));
    }

    [Theory]
    [InlineData(KernelMap.Direct)]
    [InlineData(KernelMap.Transposed)]
    public void Equation_2_by_the_network(KernelMap map)
    {
        // Direct: two input and three output channels; transposed: the same numbers with the channels' roles exchanged.
        KernelGenerator generator = map == KernelMap.Direct
            ? new(inputs: 2, outputs: 3, size: 2, embedding: 2, hidden: 3)
            : new(inputs: 3, outputs: 2, size: 2, embedding: 2, hidden: 3, KernelMap.Transposed);
        ParameterStore store = new(generator);
        SetParameters(store);

        Tensor kernel = generator.Generate(TensorAssert.Fill(0, 2));

        TensorAssert.Shape(kernel, map == KernelMap.Direct ? [2, 2, 2, 3] : [2, 2, 3, 2]);
        for (int i = 0; i < 2; i++)
        {
            Tensor part = map == KernelMap.Direct ? kernel[.., .., i, ..] : kernel[.., .., .., i];
            // Single-precision parameters: five roundings of numbers below 1, each multiplied by less than 1 and summed over 3 + 2.
            Close(Kernels[i], Transpose(part, 0, 2, 1).ToArray(), 16.0 / (1 << 24));
        }
    }

    /// <summary>The golden layout [kernel row][o, kernel column] into [kernel row, kernel column, o].</summary>
    private static void SetParameters(ParameterStore store)
    {
        void Set(string name, Tensor values) =>
            store.Weights.Single(weight => weight.Key == name).Value.SetValues(values.ToArray());
        Set("inner", TensorAssert.Fill(1, 2, 3, 2));
        Set("innerBias", TensorAssert.Fill(2, 2, 3));
        Set("outer", Transpose(Reshape(TensorAssert.Fill(3, 2, 6, 3), 2, 3, 2, 3), 0, 2, 1, 3));
        Set("outerBias", Transpose(Reshape(TensorAssert.Fill(4, 2, 6), 2, 3, 2), 0, 2, 1));
    }

    [Fact]
    public void Equations_5_and_8_of_the_recurrent_network()
    {
        Tensor h = TensorAssert.Fill(10, 3);
        Tensor x = TensorAssert.Fill(11, 2);
        Tensor zh = TensorAssert.Fill(12, 2);
        Tensor zx = TensorAssert.Fill(13, 2);
        Tensor zb = TensorAssert.Fill(14, 2);
        Tensor bias = Dot(TensorAssert.Fill(17, 3, 2), zb) + TensorAssert.Fill(18, 3);
        Tensor wh = TensorAssert.Fill(19, 3, 3);
        Tensor wx = TensorAssert.Fill(20, 3, 2);
        Tensor dh = TensorAssert.Fill(21, 3, 2);
        Tensor dx = TensorAssert.Fill(22, 3, 2);

        Tensor full = Tanh(Dot(Dot(TensorAssert.Fill(15, 3, 3, 2), zh), h) + Dot(Dot(TensorAssert.Fill(16, 3, 2, 2), zx), x) + bias);
        Tensor scaled = Tanh((Dot(dh, zh) * Dot(wh, h)) + (Dot(dx, zx) * Dot(wx, x)) + bias);
        Tensor diagonal = Tanh(Dot(Dot(Diag(Dot(dh, zh)), wh), h) + Dot(Dot(Diag(Dot(dx, zx)), wx), x) + bias);

        Close([-0.5203352319, -0.2716530404, -0.1091494999], full);
        Close([-0.3979280520, -0.2067903558, -0.0146454809], scaled);
        TensorAssert.Close(scaled.ToArray(), diagonal, 32);
    }

    [Fact]
    public void The_scaled_form_is_a_special_case_of_the_full_one()
    {
        Tensor wh = TensorAssert.Fill(19, 3, 3);
        Tensor dh = TensorAssert.Fill(21, 3, 2);
        Tensor z = TensorAssert.Fill(12, 2);
        Tensor h = TensorAssert.Fill(10, 3);

        Tensor full = Dot(Dot(Einsum("ik,ij->ijk", dh, wh), z), h);

        TensorAssert.Close((Dot(dh, z) * Dot(wh, h)).ToArray(), full, 32);
    }
}
