using HyperDsl.Cpu;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Compiled.Tests;

/// <summary>The compiler reserves room for packed operands; the kernels say how much they write.</summary>
public sealed class PackedSizeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 15)]
    [InlineData(16, 16)]
    [InlineData(33, 17)]
    [InlineData(100, 100)]
    public void Matrices_fit(int inner, int columns)
    {
        Assert.True(PackMatrix.PackedSize(inner, columns) >= HyperDsl.Cpu.Gemm.PackedSize<float>(inner, columns));
        Assert.True(PackMatrix.PackedSize(inner, columns) >= HyperDsl.Cpu.Gemm.PackedSize<double>(inner, columns));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 16, 1)]
    [InlineData(16, 16, 16)]
    [InlineData(4, 8, 2)]
    [InlineData(12, 12, 12)]
    [InlineData(34, 51, 17)]
    public void Kernels_fit(int inputs, int outputs, int groups)
    {
        CorrelationShape shape = new(9, 9, inputs, outputs, 3, 2, 1, 1, groups);
        CorrelationSizes sizes = new(9, 9, inputs, outputs, 3, 2, 1, 1, groups);
        Assert.True(sizes.PackedSize >= Convolution.PackedKernelSize<float>(shape));
        Assert.True(sizes.PackedSize >= Convolution.PackedKernelSize<double>(shape));
        CorrelationSizes gradient = new(11, 10, outputs, inputs, 3, 2, 1, 1, groups);
        Assert.True(gradient.PackedSize >= Convolution.PackedKernelFlippedSize<float>(shape));
        Assert.True(gradient.PackedSize >= Convolution.PackedKernelFlippedSize<double>(shape));
    }
}
