using ILGPU;
using ILGPU.Runtime.Cuda;

namespace HyperDsl.Gpu;

/// <summary>What kernels do around products on NVIDIA's tensor cores, whose factors have eight exponent bits and ten mantissa bits (TF32).</summary>
public static class TensorCores
{
    /// <summary>Mantissa bits of a single-precision number that a TF32 number has not.</summary>
    private const int Dropped = 13;

    /// <summary>The nearest TF32 number; of two equally near ones the larger in magnitude (PTX has it as <c>cvt.rna.tf32.f32</c>).</summary>
    public static float Round(float value)
    {
        // A carry into the exponent is what rounding up a full mantissa means. A NaN would wrap around, and one whose payload is dropped be infinite.
        uint bits = Interop.FloatAsInt(value) + (1u << (Dropped - 1));
        return float.IsNaN(value) ? float.NaN : Interop.IntAsFloat(bits & ~((1u << Dropped) - 1));
    }

    /// <summary>As <see cref="Round(float)"/>, four neighbours.</summary>
    public static Float4 Round(Float4 value)
    {
        value.X = Round(value.X);
        value.Y = Round(value.Y);
        value.Z = Round(value.Z);
        value.W = Round(value.W);
        return value;
    }

    /// <summary>Whether such a device multiplies TF32 numbers.</summary>
    internal static bool AreIn(CudaArchitecture architecture) => architecture >= CudaArchitecture.SM_80;
}
