using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Equal values lie in memory once: of what a pass stores twice, and of what it copies, one stays if its memory holds it as long as either is
/// read. Such copies are values that had padding around them before <see cref="FusePrologues"/>, and are stored without gaps since.
/// </summary>
internal sealed class EqualValues
{
    private readonly EquatableArray<Storage> storages;
    private readonly DeviceMemory memory;
    private readonly List<DeviceStep>[] phases;
    private Dictionary<int, int> uses = [];

    private EqualValues(DeviceProgram program)
    {
        (storages, memory) = (program.Source.Storages, new DeviceMemory(program.Source));
        phases = [.. program.Phases.Select(phase => phase.Steps.ToList())];
        CountUses();
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        EqualValues values = new(program);
        foreach (List<DeviceStep> steps in values.phases)
        {
            // A step that is gone or smaller is looked at again: it may have stored a value a third time.
            for (int step = 0; step < steps.Count; step++)
            {
                while (step < steps.Count && values.JoinOne(steps, step))
                {
                    values.CountUses();
                }
            }
        }
        return program with { Phases = program.Phases.Select((phase, i) => phase with { Steps = values.phases[i].ToEquatable() }).ToEquatable() };
    }

    private void CountUses() => uses = DeviceMemory.UsesIn(phases.SelectMany(steps => steps));

    private bool JoinOne(List<DeviceStep> steps, int step)
    {
        foreach (EqualPair pair in EqualPair.Of(steps[step]))
        {
            if (Join(steps, step, pair))
            {
                return true;
            }
        }
        return false;
    }

    private bool Join(List<DeviceStep> steps, int step, EqualPair pair)
    {
        Launch launch = (Launch)steps[step];
        DeviceOperand stored = pair.At(launch, pair.Stored);
        DeviceOperand equal = pair.At(launch, pair.Equal);
        return IsWhole(stored, pair.Elements) && IsWhole(equal, pair.Elements) && AreAlike(storages[stored.Storage], storages[equal.Storage])
            && (ReadEqual(steps, step, pair, stored, equal) || (!pair.EqualIsStored && WriteStored(steps, step, pair, stored, equal)));
    }

    private bool IsWhole(DeviceOperand operand, int elements) =>
        operand is { IsTemporary: false, Offset: 0 } && storages[operand.Storage].Size == elements;

    private static bool AreAlike(Storage a, Storage b) => (a.PerExample, a.PerStep) == (b.PerExample, b.PerStep);

    /// <summary>Whoever read what the pass stores reads the other value.</summary>
    private bool ReadEqual(List<DeviceStep> steps, int step, EqualPair pair, DeviceOperand stored, DeviceOperand equal)
    {
        // The pass may change what it loads, behind the copy.
        if (!memory.IsPrivate(stored) || (!pair.EqualIsStored && Writes((Launch)steps[step], equal)))
        {
            return false;
        }
        int[] touching = [.. StepsTouching(steps, stored)];
        if (touching.Length == 0 || touching[0] != step || !AreAllHere(steps, touching, stored)
            || touching.Skip(1).Any(reader => Writes((Launch)steps[reader], stored)) || OverlapsOthers(pair, (Launch)steps[step], equal)
            || IsWritten(steps, step + 1, touching[touching.Length - 1], equal) || pair.Without((Launch)steps[step]) is not Launch rest)
        {
            return false;
        }
        Replace(steps, step, rest, touching.Skip(1), stored, equal);
        return true;
    }

    /// <summary>Whoever wrote what the pass copies writes the copy.</summary>
    private bool WriteStored(List<DeviceStep> steps, int step, EqualPair pair, DeviceOperand stored, DeviceOperand equal)
    {
        if (!memory.IsPrivate(equal) || memory.Overlap(DeviceMemory.ReadBy((Launch)steps[step]), [stored]))
        {
            return false;
        }
        int[] touching = [.. StepsTouching(steps, equal)];
        if (touching[0] >= step || !AreAllHere(steps, touching, equal) || !IsOnlyWritten((Launch)steps[touching[0]], equal)
            || touching.Skip(1).Any(reader => Writes((Launch)steps[reader], equal)) || OverlapsOthers(pair, (Launch)steps[step], stored)
            || steps.Skip(touching[0]).Take(step - touching[0]).SelectMany(DeviceMemory.LaunchesOf).Any(other => memory.Overlap(DeviceMemory.TouchedBy(other), [stored]))
            || IsWritten(steps, step + 1, touching[touching.Length - 1], stored) || pair.Without((Launch)steps[step]) is not Launch rest)
        {
            return false;
        }
        Replace(steps, step, rest, touching, equal, stored);
        return true;
    }

    private void Replace(List<DeviceStep> steps, int step, Launch rest, IEnumerable<int> touching, DeviceOperand gone, DeviceOperand kept)
    {
        DeviceOperand Moved(DeviceOperand operand) => operand.Storage == gone.Storage ? operand with { Storage = kept.Storage } : operand;
        steps[step] = rest;
        foreach (int place in touching)
        {
            Launch launch = (Launch)steps[place];
            steps[place] = launch with
            {
                Operands = launch.Operands.Select(Moved).ToEquatable(), Target = launch.Target is DeviceOperand target ? Moved(target) : null,
            };
        }
        if (!Enumerable.Range(0, rest.Operands.Count).Any(rest.Kernel.Writes))
        {
            steps.RemoveAt(step);
        }
    }

    /// <summary>Launches of a list that touch a value, in order.</summary>
    private static IEnumerable<int> StepsTouching(List<DeviceStep> steps, DeviceOperand value) => Enumerable.Range(0, steps.Count)
        .Where(step => steps[step] is Launch launch && DeviceMemory.TouchedBy(launch).Any(operand => operand.Storage == value.Storage));

    /// <summary>Whether nothing else touches a value, and no kernel that knows where in an arena it lies.</summary>
    private bool AreAllHere(List<DeviceStep> steps, int[] touching, DeviceOperand value) =>
        touching.Sum(step => DeviceMemory.TouchedBy((Launch)steps[step]).Count(operand => operand.Storage == value.Storage)) == uses[value.Storage]
        && touching.All(step => ((Launch)steps[step]).Kernel is not LoopKernel);

    private static bool Writes(Launch launch, DeviceOperand value) => DeviceMemory.WrittenBy(launch).Any(operand => operand.Storage == value.Storage);

    private static bool IsOnlyWritten(Launch launch, DeviceOperand value) =>
        Writes(launch, value) && DeviceMemory.ReadBy(launch).All(operand => operand.Storage != value.Storage);

    /// <summary>Whether what else the pass stores lies where a value does.</summary>
    private bool OverlapsOthers(EqualPair pair, Launch launch, DeviceOperand value) => memory.Overlap(
        DeviceMemory.WrittenBy(launch).Where(operand => operand.Storage != pair.At(launch, pair.Stored).Storage && operand.Storage != value.Storage), [value]);

    private bool IsWritten(List<DeviceStep> steps, int first, int last, DeviceOperand value) => steps.Skip(first).Take(last - first + 1)
        .SelectMany(DeviceMemory.LaunchesOf).Any(launch => memory.Overlap(DeviceMemory.WrittenBy(launch), [value]));
}
