using System.Runtime.CompilerServices;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Joins launches of products that add up rows and have nothing to do with each other: the gradients of all weights are known when the
/// backward pass ends, and each alone would be a launch, and another one that adds its parts. Two launches become one where they meet
/// (<see cref="MeetingPoint"/>); loops of the host are left alone.
/// </summary>
internal sealed class JoinGradients
{
    private readonly EquatableArray<Storage> storages;
    private readonly DeviceMemory memory;
    private readonly MeetingPoint meeting;
    private readonly ConditionalWeakTable<Launch, PlacedSum[]> sumsOf = new();

    private JoinGradients(RoutineProgram program)
    {
        (storages, memory) = (program.Storages, new DeviceMemory(program));
        meeting = new MeetingPoint(Conflict);
    }

    /// <summary>A sum, and where it finds its factors and its gradient.</summary>
    public sealed record PlacedSum(ProductSum Sum, EquatableArray<DeviceOperand> Operands, DeviceOperand Target);

    public static DeviceProgram Run(DeviceProgram program)
    {
        JoinGradients join = new(program.Source);
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { Steps = join.Joined(phase.Steps) }).ToEquatable(),
        };
    }

    /// <summary>The sum that a launch is; <c>null</c> if it is none that can be launched together with others.</summary>
    public static ProductSum? SumOf(Launch launch, EquatableArray<Storage> storages)
    {
        bool IsAligned(int operand) => ProductQuads.IsAligned(launch.Operands[operand], storages[launch.Operands[operand].Storage]);
        if (launch is not { Kernel: ProductKernel { InnerIsOpen: true } product, Adds: true, AddsRowsUp: true, Temporaries.Count: 0, Target: DeviceOperand target }
            || launch.Operands.Append(target).Any(operand => operand.IsTemporary)
            || storages[target.Storage].Place is not (Place.Gradient or Place.Lane or Place.LaneTotal))
        {
            return null;
        }
        IEnumerable<RowProgram> passes = new[] { product.LeftPrologue, product.RightPrologue }.OfType<Prologue>().Select(prologue => prologue.Pass);
        if (passes.Any(pass => pass.NeedsExampleIndex || pass.NeedsExampleCount || pass.NeedsStepCount))
        {
            return null;
        }
        ProductKernel aligned = product with
        {
            // Its own tile may have made no use of that.
            LeftIsAligned = product.LeftPrologue?.InQuads ?? IsAligned(0),
            RightIsAligned = product.RightPrologue?.InQuads ?? IsAligned(product.FirstOfRight),
        };
        return new ProductSum(aligned, launch.Rows, SumPlaces.Of(product), EquatableArray<int>.Empty);
    }

    /// <summary>Sums as one launch; <c>null</c> if no tile is good for all, or there are more buffers than arguments have room for.</summary>
    public static Launch? Launched(IReadOnlyList<PlacedSum> sums, params Launch[] launches)
    {
        if (ProductSumTiles.For([.. sums.Select(placed => placed.Sum)]) is not ProductTile tile)
        {
            return null;
        }
        PlacedSum[] ordered = [.. sums.GroupBy(placed => placed.Sum.By(tile)).SelectMany(equal => equal)];
        DeviceOperand[] inputs = [.. ordered.SelectMany(placed => placed.Operands).Distinct()];
        ProductSumsKernel kernel = new(
            tile,
            ordered.Select(placed => placed.Sum with
            {
                Operands = placed.Operands.Select(operand => Array.IndexOf(inputs, operand)).ToEquatable(),
            }).ToEquatable(),
            inputs.Length);
        return Math.Max(kernel.Inputs, kernel.Sums.Count) > DeviceKernel.MostOperands ? null : new Launch(
            kernel, inputs.Concat(ordered.Select(placed => placed.Target)).ToEquatable(), null, 0, false, launches[0].Rows,
            EquatableArray<int>.Empty, string.Join("\n", launches.Select(launch => launch.Comment)));
    }

    private Launch? Both(Launch earlier, Launch later, PlacedSum[] sums) =>
        SumsOf(earlier) is { Length: > 0 } earlierSums ? Launched([.. earlierSums, .. sums], earlier, later) : null;

    private EquatableArray<DeviceStep> Joined(EquatableArray<DeviceStep> steps)
    {
        List<DeviceStep> joined = [];
        foreach (DeviceStep step in steps)
        {
            if (step is not Launch later || SumsOf(later) is not { Length: > 0 } sums || !meeting.TryJoin(joined, later, earlier => Both(earlier, later, sums)))
            {
                joined.Add(step);
            }
        }
        return joined.ToEquatable();
    }

    /// <summary>Whether the order of two steps matters; of sums, it does not where they are added to different parts of a gradient.</summary>
    private bool Conflict(DeviceStep first, DeviceStep second)
    {
        if (!memory.Conflict(first, second))
        {
            return false;
        }
        if (first is not Launch a || second is not Launch b || SumsOf(a) is not { Length: > 0 } some || SumsOf(b) is not { Length: > 0 } others)
        {
            return true;
        }
        return memory.Overlap(some.SelectMany(sum => sum.Operands), others.Select(sum => sum.Target))
            || memory.Overlap(some.Select(sum => sum.Target), others.SelectMany(sum => sum.Operands))
            || some.Any(sum => others.Any(other => memory.Overlap(sum.Target, other.Target) && !AreApart(sum, other)));
    }

    private static bool AreApart(PlacedSum some, PlacedSum other) => some.Target.Storage == other.Target.Storage
        && SumPlaces.AreApart(some.Sum.Places, some.Target.Offset, other.Sum.Places, other.Target.Offset);

    private PlacedSum[] SumsOf(Launch launch) => sumsOf.GetValue(launch, FindSums);

    private PlacedSum[] FindSums(Launch launch)
    {
        if (launch.Kernel is ProductSumsKernel sums)
        {
            return [.. sums.Sums.Select((sum, i) => new PlacedSum(
                sum, sum.Operands.Select(operand => launch.Operands[operand]).ToEquatable(), launch.Operands[sums.Inputs + i]))];
        }
        return SumOf(launch, storages) is ProductSum alone ? [new PlacedSum(alone, launch.Operands, launch.Target!)] : [];
    }
}
