using ILGPU;

namespace HyperDsl.Gpu.Tests;

/// <summary>Kernels that call what emitted kernels call, once an element.</summary>
internal static class DeviceMathKernels
{
    public static readonly GpuKernel<FunctionArguments> FunctionsKernel = new("Functions", Functions, 256);
    public static readonly GpuKernel<MaskArguments> MaskKernel = new("Mask", Mask, 256);
    public static readonly GpuKernel<MaskArguments> HalfMaskKernel = new("HalfMask", HalfMask, 256);

    public struct FunctionArguments
    {
        public ArrayView<float> X;
        public ArrayView<float> Result;
        public int Length;
        public int Function;
    }

    public struct MaskArguments
    {
        public ArrayView<float> Result;
        public int Length;
        public ulong Key;
        public int Threshold;
    }

    public const int MaskWidth = 10;

    /// <summary>A probability of a half as a threshold, a constant as in emitted code.</summary>
    private const int Half = 8388608;

    private static void Functions(FunctionArguments args)
    {
        int index = (Grid.IdxX * 256) + Group.IdxX;
        if (index >= args.Length)
        {
            return;
        }

        float x = args.X[index];
        args.Result[index] = args.Function switch
        {
            0 => DeviceMath.Exp(x),
            1 => DeviceMath.Tanh(x),
            2 => DeviceMath.Sigmoid(x),
            3 => DeviceMath.Log(x),
            4 => DeviceMath.Softplus(x),
            5 => DeviceMath.Sin(x),
            6 => DeviceMath.Cos(x),
            7 => DeviceMath.Maximum(x, 0.25f),
            _ => DeviceMath.Minimum(0.25f, x),
        };
    }

    private static void Mask(MaskArguments args)
    {
        int index = (Grid.IdxX * 256) + Group.IdxX;
        if (index >= args.Length)
        {
            return;
        }

        int example = index / MaskWidth;
        int element = index % MaskWidth;
        args.Result[index] = DeviceRandom.KeepMask(args.Key, 0, example, element, args.Threshold)
            + (2f * DeviceRandom.KeepMask(args.Key, 1, example, element, args.Threshold))
            + (4f * DeviceRandom.KeepMask(args.Key, 31, example, element, args.Threshold));
    }

    /// <summary>A mask of probability ½ alone: the form that a driver once compiled wrongly.</summary>
    private static void HalfMask(MaskArguments args)
    {
        int index = (Grid.IdxX * 256) + Group.IdxX;
        if (index < args.Length)
        {
            args.Result[index] = DeviceRandom.KeepMask(args.Key, 1, index / MaskWidth, index % MaskWidth, Half);
        }
    }
}
