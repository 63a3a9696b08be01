using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>Kernels on plain stretches of memory, the same for all models.</summary>
internal static class MemoryKernels
{
    public const int Threads = 256;

    public static readonly GpuKernel<FillArguments> FillKernel = new("Fill", Fill, Threads);
    public static readonly GpuKernel<AddPartsArguments> AddPartsKernel = new("AddParts", AddParts, Threads);

    /// <summary>Arguments of <see cref="Fill"/>.</summary>
    public struct FillArguments
    {
        public ArrayView<float> Target;
        public int Length;
        public float Number;
    }

    /// <summary>Arguments of <see cref="AddParts"/>.</summary>
    public struct AddPartsArguments
    {
        public ArrayView<float> Target;
        public ArrayView<float> Parts;
        public int Elements;
        public int Count;
        public int Adds;
    }

    private static void Fill(FillArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index < args.Length)
        {
            args.Target[index] = args.Number;
        }
    }

    /// <summary>Adds the parts of a sum in order.</summary>
    private static void AddParts(AddPartsArguments args)
    {
        int index = (Grid.IdxX * Threads) + Group.IdxX;
        if (index >= args.Elements)
        {
            return;
        }

        float sum = args.Adds != 0 ? args.Target[index] : 0f;
        for (int part = 0; part < args.Count; part++)
        {
            sum += args.Parts[(part * args.Elements) + index];
        }

        args.Target[index] = sum;
    }
}
