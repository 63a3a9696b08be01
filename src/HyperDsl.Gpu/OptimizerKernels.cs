using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>
/// Optimisers' steps and clipping on stretches of the flat buffer, a thread an element. The formulas are those of
/// <see cref="Training.Optimizer"/>'s classes; fused multiply-adds there are two roundings here unless the device contracts them.
/// </summary>
internal static class OptimizerKernels
{
    public const int Threads = 256;

    /// <summary>Most parts of a sum of squares.</summary>
    public const int MostParts = 256;

    public static readonly GpuKernel<SquaresArguments> SumOfSquaresKernel = new("SumOfSquares", SumOfSquares, Threads);
    public static readonly GpuKernel<NormArguments> NormKernel = new("Norm", Norm, Threads);
    public static readonly GpuKernel<ClipArguments> ClipKernel = new("Clip", Clip, Threads);
    public static readonly GpuKernel<SgdArguments> SgdKernel = new("Sgd", Sgd, Threads);
    public static readonly GpuKernel<AdamArguments> AdamKernel = new("Adam", Adam, Threads);
    public static readonly GpuKernel<RmsPropArguments> RmsPropKernel = new("RmsProp", RmsProp, Threads);

    /// <summary>Arguments of <see cref="SumOfSquares"/>: each group adds up one part of the gradient.</summary>
    public struct SquaresArguments
    {
        public ArrayView<float> Gradient;
        public ArrayView<float> Parts;
        public int Length;
        public int Chunk;
        public int FirstPart;
        public float Limit;
    }

    /// <summary>Arguments of <see cref="Norm"/>; <c>Result</c> is the norm and the factor that brings it down to the bound.</summary>
    public struct NormArguments
    {
        public ArrayView<float> Parts;
        public ArrayView<float> Result;
        public int Count;
        public float Bound;
    }

    /// <summary>Arguments of <see cref="Clip"/>.</summary>
    public struct ClipArguments
    {
        public ArrayView<float> Gradient;
        public ArrayView<float> Norm;
        public int Length;
        public float Limit;
    }

    /// <summary>Arguments of <see cref="Sgd"/>; <c>Velocity</c> is not touched without momentum.</summary>
    public struct SgdArguments
    {
        public ArrayView<float> Parameter;
        public ArrayView<float> Gradient;
        public ArrayView<float> Velocity;
        public int Length;
        public float Rate;
        public float Momentum;
        public float WeightDecay;
        public int Nesterov;
    }

    /// <summary>Arguments of <see cref="Adam"/>.</summary>
    public struct AdamArguments
    {
        public ArrayView<float> Parameter;
        public ArrayView<float> Gradient;
        public ArrayView<float> Mean;
        public ArrayView<float> Square;
        public int Length;
        public float StepSize;
        public float Beta2;
        public float NewMean;
        public float NewSquare;
        public float InverseCorrection;
        public float Epsilon;
        public float Decay;
        public float Shrink;
    }

    /// <summary>Arguments of <see cref="RmsProp"/>.</summary>
    public struct RmsPropArguments
    {
        public ArrayView<float> Parameter;
        public ArrayView<float> Gradient;
        public ArrayView<float> Square;
        public ArrayView<float> Mean;
        public ArrayView<float> Velocity;
        public int Length;
        public float Rate;
        public float Decay;
        public float NewSquare;
        public float Momentum;
        public float Epsilon;
        public int Centred;
        public int Graves;
    }

    private static void SumOfSquares(SquaresArguments args)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Threads);
        int end = Math.Min((Grid.IdxX + 1) * args.Chunk, args.Length);
        float sum = 0f;
        for (int index = (Grid.IdxX * args.Chunk) + Group.IdxX; index < end; index += Threads)
        {
            float value = Limited(args.Gradient[index], args.Limit);
            sum += value * value;
        }

        sum = GroupReduction.SumOfLanes(shared, sum, 1);
        if (Group.IdxX == 0)
        {
            args.Parts[args.FirstPart + Grid.IdxX] = sum;
        }
    }

    private static void Norm(NormArguments args)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Threads);
        float sum = 0f;
        for (int part = Group.IdxX; part < args.Count; part += Threads)
        {
            sum += args.Parts[part];
        }

        sum = GroupReduction.SumOfLanes(shared, sum, 1);
        if (Group.IdxX == 0)
        {
            float norm = MathF.Sqrt(sum);
            args.Result[0] = norm;
            args.Result[1] = norm > args.Bound ? args.Bound / norm : 1f;
        }
    }

    private static void Clip(ClipArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index < args.Length)
        {
            args.Gradient[index] = Limited(args.Gradient[index], args.Limit) * args.Norm[1];
        }
    }

    private static void Sgd(SgdArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index >= args.Length)
        {
            return;
        }

        float p = args.Parameter[index];
        float g = (args.WeightDecay * p) + args.Gradient[index];
        if (args.Momentum != 0f)
        {
            float v = (args.Momentum * args.Velocity[index]) + g;
            args.Velocity[index] = v;
            g = args.Nesterov != 0 ? (args.Momentum * v) + g : v;
        }

        args.Parameter[index] = p - (args.Rate * g);
    }

    private static void Adam(AdamArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index >= args.Length)
        {
            return;
        }

        float p = args.Parameter[index];
        float g = (args.Decay * p) + args.Gradient[index];
        float m = args.Mean[index];
        m += args.NewMean * (g - m);
        float v = (args.Beta2 * args.Square[index]) + (args.NewSquare * g * g);
        args.Mean[index] = m;
        args.Square[index] = v;
        float denominator = (MathF.Sqrt(v) * args.InverseCorrection) + args.Epsilon;
        args.Parameter[index] = (p * args.Shrink) - (args.StepSize * (m / denominator));
    }

    private static void RmsProp(RmsPropArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index >= args.Length)
        {
            return;
        }

        float g = args.Gradient[index];
        float v = (args.Decay * args.Square[index]) + (args.NewSquare * g * g);
        args.Square[index] = v;
        if (args.Centred != 0)
        {
            float a = args.Mean[index];
            a += args.NewSquare * (g - a);
            args.Mean[index] = a;
            v -= a * a;
            v = v < 0f ? 0f : v;
        }

        float direction = args.Graves != 0
            ? args.Rate * g / MathF.Sqrt(v + args.Epsilon)
            : g / (MathF.Sqrt(v) + args.Epsilon);
        float b = (args.Momentum * args.Velocity[index]) + direction;
        args.Velocity[index] = b;
        args.Parameter[index] -= (args.Graves != 0 ? 1f : args.Rate) * b;
    }

    /// <summary>Cut to ±limit; NaN stays.</summary>
    private static float Limited(float value, float limit) => value > limit ? limit : value < -limit ? -limit : value;
}
