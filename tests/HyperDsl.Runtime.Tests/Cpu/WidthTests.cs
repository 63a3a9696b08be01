using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace HyperDsl.Cpu;

/// <summary>Processors differ in the width of their vectors, and kernels with them; results do not.</summary>
public unsafe class WidthTests
{
    /// <summary>What is stored here was computed with 256-bit vectors. Sums are taken in the same order on every machine.</summary>
    [Fact]
    public void Products_and_functions_have_the_same_bits_on_every_machine()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (m, n, k) in new[] { (1, 140, 70), (2, 70, 300), (23, 97, 530), (64, 33, 17), (5, 640, 128) })
        {
            Packed(hash, m, n, k);
        }

        foreach (var (m, n, k) in new[] { (83, 260, 300), (9, 40, 65), (40, 1, 100) })
        {
            Transposed(hash, m, n, k);
        }

        Narrow(hash, 11, 4, 77);
        Functions(hash);
        Assert.Equal("FB1B5FFA91DA3A08A55D0D9CB43CB8F5BD55FF8A", Convert.ToHexString(hash.GetHashAndReset())[..40]);
    }

    /// <summary>On a processor with 512-bit vectors the kernels for 256-bit ones are tested in a process that may not use the wider ones.</summary>
    [SkippableFact]
    public void Kernels_for_256_bits_are_right_where_there_are_512()
    {
        Skip.IfNot(
            Vector512.IsHardwareAccelerated, "This processor has no 512-bit vectors: the other tests have run the kernels for narrower ones.");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "test", typeof(WidthTests).Assembly.Location, "--filter", "FullyQualifiedName~HyperDsl.Cpu" })
        {
            start.ArgumentList.Add(argument);
        }

        // The switch's name up to .NET 9, and since.
        start.Environment["DOTNET_EnableAVX512F"] = "0";
        start.Environment["DOTNET_EnableAVX512"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);

        // This test itself is skipped there: the wider vectors are off indeed.
        Assert.Matches("Failed: +0, Passed: +[1-9][0-9]*, Skipped: +1", output);
    }

    private static void Packed(IncrementalHash hash, int m, int n, int k)
    {
        using var a = GuardedMemory<float>.Random(m * k, m);
        using var b = GuardedMemory<float>.Random(k * n, n);
        using var packed = GuardedMemory<float>.Random(Gemm.PackedSize<float>(k, n), 5);
        using var c = GuardedMemory<float>.Random(m * n, k);
        Gemm.Pack(b.Pointer, k, n, n, 1, packed.Pointer);
        Gemm.MultiplyPacked(m, n, k, a.Pointer, k, packed.Pointer, c.Pointer, n, accumulate: true);
        Append(hash, c.Pointer, m * n);
    }

    private static void Transposed(IncrementalHash hash, int m, int n, int k)
    {
        using var a = GuardedMemory<float>.Random(m * k, m);
        using var b = GuardedMemory<float>.Random(k * n, n);
        using var c = GuardedMemory<float>.Random(m * n, k);
        Gemm.Multiply(m, n, k, a.Pointer, 1, m, b.Pointer, n, c.Pointer, n, accumulate: true);
        Append(hash, c.Pointer, m * n);
    }

    private static void Narrow(IncrementalHash hash, int m, int n, int k)
    {
        using var a = GuardedMemory<float>.Random(m * k, m);
        using var packed = GuardedMemory<float>.Random(k * n, n);
        using var c = GuardedMemory<float>.Random(m * n, k);
        Gemm.MultiplyNarrow(m, n, k, a.Pointer, k, packed.Pointer, c.Pointer, n);
        Append(hash, c.Pointer, m * n);
    }

    private static void Functions(IncrementalHash hash)
    {
        using var values = GuardedMemory<float>.Random(3 * 16, 7);
        for (var x = -110f; x < 100; x += 0.37f)
        {
            var vector = Vector512.Create(x) + Vector512.Load(values.Pointer);
            VectorMath.Exp(vector).Store(values.Pointer);
            VectorMath.Sigmoid(vector).Store(values.Pointer + 16);
            VectorMath.Tanh(vector).Store(values.Pointer + 32);
            Append(hash, values.Pointer, 3 * 16);
            Vector512<float>.Indices.Store(values.Pointer);
        }
    }

    private static void Append(IncrementalHash hash, float* values, int count) =>
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(values, count)));
}
