using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>
/// Sums and maxima over threads of a group, in an order that depends on positions only. All threads of the group take part. Kernels call
/// these methods; ILGPU compiles them into the kernel.
/// </summary>
public static class GroupReduction
{
    /// <summary>The sum over each run of so many neighbouring threads, for all of them.</summary>
    /// <param name="shared">A number for each thread of the group.</param>
    /// <param name="value">This thread's number.</param>
    /// <param name="lanes">A power of two.</param>
    public static float Sum(ArrayView<float> shared, float value, int lanes)
    {
        int thread = Group.IdxX;
        int lane = thread % lanes;
        shared[thread] = value;
        Group.Barrier();
        for (int half = lanes / 2; half > 0; half /= 2)
        {
            if (lane < half)
            {
                shared[thread] += shared[thread + half];
            }

            Group.Barrier();
        }

        float sum = shared[thread - lane];
        Group.Barrier();
        return sum;
    }

    /// <summary>As <see cref="Sum"/>, the maximum; NaN if any number is NaN.</summary>
    public static float Maximum(ArrayView<float> shared, float value, int lanes)
    {
        int thread = Group.IdxX;
        int lane = thread % lanes;
        shared[thread] = value;
        Group.Barrier();
        for (int half = lanes / 2; half > 0; half /= 2)
        {
            if (lane < half)
            {
                shared[thread] = DeviceMath.Maximum(shared[thread], shared[thread + half]);
            }

            Group.Barrier();
        }

        float maximum = shared[thread - lane];
        Group.Barrier();
        return maximum;
    }

    /// <summary>The sum over threads whose indices differ by multiples of <paramref name="elements"/>; valid in the first of them.</summary>
    /// <param name="shared">A number for each thread of the group.</param>
    /// <param name="value">This thread's number.</param>
    /// <param name="elements">A power of two.</param>
    public static float SumOfLanes(ArrayView<float> shared, float value, int elements)
    {
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half >= elements; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] += shared[thread + half];
            }

            Group.Barrier();
        }

        return shared[thread];
    }

    /// <summary>How many parts an axis of a length, 1 or more, is cut into.</summary>
    public static int Parts(Reduction reduction, int length) => ((length - 1) / reduction.Chunk) + 1;

    /// <summary>An element's sum over parts that lie one after another, in their order.</summary>
    /// <param name="reduction">Where they lie.</param>
    /// <param name="place">The element in the first part.</param>
    /// <param name="elements">Elements of a part.</param>
    /// <param name="parts">How many.</param>
    public static float SumOfParts(Reduction reduction, int place, int elements, int parts)
    {
        float sum = 0f;
        for (int part = 0; part < parts; part++)
        {
            sum += reduction.Target[place + (part * elements)];
        }

        return sum;
    }

    /// <summary>Writes an element of a reduction.</summary>
    public static void Write(Reduction reduction, int split, int element, float value)
    {
        int place = (split * reduction.Elements) + element;
        reduction.Target[place] = reduction.Adds != 0 ? reduction.Target[place] + value : value;
    }

    /// <summary>Writes four neighbouring elements of a reduction, the first at a multiple of 16 bytes.</summary>
    public static void Write(Reduction reduction, int split, int element, Float4 value)
    {
        ArrayView<Float4> target = reduction.Target.Cast<Float4>();
        int place = ((split * reduction.Elements) + element) / 4;
        if (reduction.Adds != 0)
        {
            Float4 old = target[place];
            value.X = old.X + value.X;
            value.Y = old.Y + value.Y;
            value.Z = old.Z + value.Z;
            value.W = old.W + value.W;
        }

        target[place] = value;
    }
}
