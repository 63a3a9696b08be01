using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// Arithmetic of <see cref="Vector512{T}"/>: partial loads and stores, reductions in a fixed order, and elementary functions.
/// The scalar functions of <c>float</c> return the bits that one lane of the vector functions returns, on every machine.
/// </summary>
public static unsafe partial class VectorMath
{
    /// <summary>
    /// Whether a <see cref="Vector512{T}"/> is two of the processor's own vectors: the kernels then hold it in halves. What is inlined into
    /// passes writes the condition out: a branch on a call is inlined with both sides, and the locals of the dead one count.
    /// </summary>
    internal static bool IsTwoHalves => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated;

    /// <summary>a · b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> FusedMultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        where T : unmanaged
        => typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc cref="FusedMultiplyAdd{T}(Vector512{T}, Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<T> FusedMultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        where T : unmanaged
        => typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>Loads the first <paramref name="count"/> lanes, 0 to all of them; the others are zero and their memory is not touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadPartial<T>(T* source, int count)
        where T : unmanaged
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            return Avx512F.MaskLoad((float*)source, FirstLanes(count), Vector512<float>.Zero).As<float, T>();
        }

        if (Avx512F.IsSupported && typeof(T) == typeof(double))
        {
            return Avx512F.MaskLoad((double*)source, FirstLanes64(count), Vector512<double>.Zero).As<double, T>();
        }

        return Avx2.IsSupported ? LoadHalves(source, count) : LoadLanes(source, count);
    }

    /// <summary>Stores the first <paramref name="count"/> lanes, 0 to all of them; memory beyond is not touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial<T>(Vector512<T> value, T* target, int count)
        where T : unmanaged
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)target, FirstLanes(count), value.As<T, float>());
        }
        else if (Avx512F.IsSupported && typeof(T) == typeof(double))
        {
            Avx512F.MaskStore((double*)target, FirstLanes64(count), value.As<T, double>());
        }
        else if (Avx2.IsSupported)
        {
            StoreHalves(value, target, count);
        }
        else
        {
            StoreLanes(value, target, count);
        }
    }

    /// <summary>As <see cref="LoadPartial{T}"/>, fastest where all lanes are wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> LoadFirst<T>(T* source, int count)
        where T : unmanaged
        => count == Vector512<T>.Count ? Vector512.Load(source) : LoadPartial(source, count);

    /// <summary>As <see cref="StorePartial{T}"/>, fastest where all lanes are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFirst<T>(Vector512<T> value, T* target, int count)
        where T : unmanaged
    {
        if (count == Vector512<T>.Count)
        {
            value.Store(target);
        }
        else
        {
            StorePartial(value, target, count);
        }
    }

    /// <summary>The sum of all lanes, halves added to halves: the order is the same on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value)
    {
        var half = value.GetLower() + value.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        var pairs = quarter + Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1));
        return pairs.GetElement(0) + pairs.GetElement(1);
    }

    /// <inheritdoc cref="Sum(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> value)
    {
        var half = value.GetLower() + value.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter.GetElement(0) + quarter.GetElement(1);
    }

    /// <summary>The largest lane; NaN if any lane is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> value)
    {
        var half = Vector256.Max(value.GetLower(), value.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return MathF.Max(
            MathF.Max(quarter.GetElement(0), quarter.GetElement(1)),
            MathF.Max(quarter.GetElement(2), quarter.GetElement(3)));
    }

    /// <inheritdoc cref="Max(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(Vector512<double> value)
    {
        var half = Vector256.Max(value.GetLower(), value.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return Math.Max(quarter.GetElement(0), quarter.GetElement(1));
    }

    /// <summary>The larger value in each lane; NaN where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Maximum<T>(Vector512<T> a, Vector512<T> b)
        where T : unmanaged
        => Vector512.Max(a, b);

    /// <summary>The smaller value in each lane; NaN where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Minimum<T>(Vector512<T> a, Vector512<T> b)
        where T : unmanaged
        => Vector512.Min(a, b);

    /// <inheritdoc cref="Maximum{T}(Vector512{T}, Vector512{T})"/>
    public static float Maximum(float a, float b) => MathF.Max(a, b);

    /// <inheritdoc cref="Maximum{T}(Vector512{T}, Vector512{T})"/>
    public static double Maximum(double a, double b) => Math.Max(a, b);

    /// <inheritdoc cref="Minimum{T}(Vector512{T}, Vector512{T})"/>
    public static float Minimum(float a, float b) => MathF.Min(a, b);

    /// <inheritdoc cref="Minimum{T}(Vector512{T}, Vector512{T})"/>
    public static double Minimum(double a, double b) => Math.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstLanes(int count)
        => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FirstLanes64(int count)
        => Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();

    /// <summary>Masked loads of 256 bits, which like those of 512 touch no memory of lanes that are masked out.</summary>
    private static Vector512<T> LoadHalves<T>(T* source, int count)
        where T : unmanaged
    {
        var half = Vector256<T>.Count;
        if (sizeof(T) == sizeof(float))
        {
            var low = Avx.MaskLoad((float*)source, FirstOfHalf(count));
            return Vector512.Create(low, Avx.MaskLoad((float*)(source + half), FirstOfHalf(count - half))).As<float, T>();
        }

        var lowest = Avx.MaskLoad((double*)source, FirstOfHalf64(count));
        return Vector512.Create(lowest, Avx.MaskLoad((double*)(source + half), FirstOfHalf64(count - half))).As<double, T>();
    }

    private static void StoreHalves<T>(Vector512<T> value, T* target, int count)
        where T : unmanaged
    {
        var half = Vector256<T>.Count;
        if (sizeof(T) == sizeof(float))
        {
            Avx.MaskStore((float*)target, FirstOfHalf(count), value.GetLower().As<T, float>());
            Avx.MaskStore((float*)(target + half), FirstOfHalf(count - half), value.GetUpper().As<T, float>());
        }
        else
        {
            Avx.MaskStore((double*)target, FirstOfHalf64(count), value.GetLower().As<T, double>());
            Avx.MaskStore((double*)(target + half), FirstOfHalf64(count - half), value.GetUpper().As<T, double>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FirstOfHalf(int count)
        => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FirstOfHalf64(int count)
        => Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble();

    private static Vector512<T> LoadLanes<T>(T* source, int count)
        where T : unmanaged
    {
        var lanes = stackalloc T[Vector512<T>.Count];
        for (var lane = 0; lane < Vector512<T>.Count; lane++)
        {
            lanes[lane] = lane < count ? source[lane] : default;
        }

        return Vector512.Load(lanes);
    }

    private static void StoreLanes<T>(Vector512<T> value, T* target, int count)
        where T : unmanaged
    {
        for (var lane = 0; lane < count; lane++)
        {
            target[lane] = value.GetElement(lane);
        }
    }
}
