using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Execution;

/// <summary>What the arithmetic runs on.</summary>
public static class Processor
{
    /// <summary>
    /// Whether vectors are computed by vector instructions. If not, everything still works, with the same bits but many times slower.
    /// </summary>
    public static bool IsVectorised => Vector128.IsHardwareAccelerated && (!IsX86 || Fma.IsSupported);

    private static bool IsX86 => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>Which instructions are used, in words, and what to do if they are the slow ones.</summary>
    public static string Describe()
    {
        if (!IsVectorised)
        {
            return "No fused multiply-add on vectors: arithmetic is emulated and some 100 times slower. With NativeAOT set "
                + "<IlcInstructionSet>x86-64-v3</IlcInstructionSet> (or native) in the project that is published.";
        }

        if (Vector512.IsHardwareAccelerated)
        {
            return "512-bit vectors with fused multiply-add (AVX-512).";
        }

        return Vector256.IsHardwareAccelerated
            ? "256-bit vectors with fused multiply-add (AVX2); vectors of 512 bits are two of them."
            : "128-bit vectors with fused multiply-add; vectors of 512 bits are four of them.";
    }
}
