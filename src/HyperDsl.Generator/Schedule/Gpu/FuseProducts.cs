using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Fuses element-wise passes into the products whose results they read: an element goes through the pass while it lies in a register,
/// and is stored only if another launch of the routine, in whatever phase or turn of a loop, reads it. Several products that one pass reads
/// become one kernel if their results have the same axes; where the pass only adds them, one sum.
/// </summary>
internal sealed class FuseProducts
{
    private readonly DeviceMemory memory;
    private readonly Dictionary<DeviceOperand, int> readers;

    public FuseProducts(DeviceProgram program)
    {
        memory = new DeviceMemory(program.Source);
        readers = program.Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)
            .SelectMany(launch => DeviceMemory.ReadBy(launch).Select(Whole).Distinct())
            .GroupBy(operand => operand)
            .ToDictionary(group => group.Key, group => group.Count());
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        FuseProducts fuse = new(program);
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { Steps = fuse.Fused(phase.Steps) }).ToEquatable(),
        };
    }

    /// <summary>All of what an operand is a part of.</summary>
    private static DeviceOperand Whole(DeviceOperand operand) => operand.IsTemporary ? operand : operand with { Offset = 0 };

    /// <summary>Steps of the routine that follow one another, fused.</summary>
    public EquatableArray<DeviceStep> Fused(EquatableArray<DeviceStep> steps)
    {
        List<DeviceStep> list = [.. steps.Select(step => step is DeviceLoop loop ? loop with { Body = Fused(loop.Body) } : step)];
        for (int at = 0; at < list.Count; at++)
        {
            if (list[at] is Launch { Kernel: PassKernel pass } launch && IsElementwise(pass.Program))
            {
                at = Fuse(list, at, launch);
            }
        }
        return list.ToEquatable();
    }

    /// <summary>Whether a thread's element depends on no other one.</summary>
    private static bool IsElementwise(RowProgram program) =>
        !program.Instructions.Any(instruction => instruction.Reduces || (instruction.Writes && instruction.PerRow));

    /// <summary>Fuses products before a pass into it; where the pass stands then.</summary>
    private int Fuse(List<DeviceStep> list, int at, Launch pass)
    {
        ProductFusion fusion = ProductFusion.Of(pass, memory, place => readers[Whole(place)] > 1);
        List<int> chosen = [];
        for (int i = at - 1; i >= 0; i--)
        {
            if (list[i] is not Launch candidate || fusion.With(candidate) is not ProductFusion wider)
            {
                continue;
            }
            int[] between = Enumerable.Range(i + 1, at - i - 1).Where(other => !chosen.Contains(other)).ToArray();
            if (between.Any(other => memory.Conflict(list[other], candidate)))
            {
                if (chosen.Count > 0 || between.Any(other => memory.Conflict(list[other], pass)))
                {
                    continue;
                }
                // The product cannot wait for the pass, but the pass can follow it at once.
                list.RemoveAt(at);
                at = i + 1;
                list.Insert(at, pass);
            }
            chosen.Add(i);
            fusion = wider;
        }
        if (chosen.Count == 0)
        {
            return at;
        }
        foreach (DeviceOperand place in fusion.Taken)
        {
            readers[Whole(place)]--;
        }
        list[at] = fusion.Launch();
        foreach (int index in chosen)
        {
            list.RemoveAt(index);
        }
        return at - chosen.Count;
    }
}
