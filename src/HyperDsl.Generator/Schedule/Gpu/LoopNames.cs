using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Names of values in a kernel that walks a sequence: those of the routine, with a capital, apart from the kernel's own.</summary>
internal sealed class LoopNames
{
    private readonly HashSet<string> given = new(StringComparer.Ordinal)
    {
        // Arguments of every such kernel, and types that its code names.
        "Key", "Examples", "Steps", "Room", "Group", "Grid", "Math", "MathF", "DeviceMath", "DeviceRandom", "GroupReduction", "SharedMemory",
        "ArrayView", "Reduction", "GpuKernels",
    };

    public string Next(string name)
    {
        string capital = char.ToUpperInvariant(name[0]) + name.Substring(1);
        string candidate = capital;
        for (int number = 2; !given.Add(candidate); number++)
        {
            candidate = capital + "_" + Literal.Integer(number);
        }
        return candidate;
    }
}
