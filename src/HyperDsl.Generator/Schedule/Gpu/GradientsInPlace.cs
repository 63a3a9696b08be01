using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Sums over examples that are only copied to where a gradient belongs, in another order of axes or as a part of it, are added up there:
/// whoever adds the parts of a sum knows every element's address (<see cref="SumPlaces"/>). Gradients hold zeros when a routine begins.
/// <see cref="SumsInPlace"/> has done the same for copies of all in the same order, before anything was fused.
/// </summary>
internal sealed class GradientsInPlace
{
    private readonly EquatableArray<Storage> storages;
    private readonly DeviceMemory memory;
    private readonly List<DeviceStep>[] phases;
    private readonly HashSet<DeviceOperand> assembled;

    private GradientsInPlace(DeviceProgram program)
    {
        storages = program.Source.Storages;
        memory = new DeviceMemory(program.Source);
        phases = [.. program.Phases.Select(phase => phase.Steps.ToList())];
        assembled = [.. Copies().Select(copy => copy.Target).Where(IsAssembled)];
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        GradientsInPlace inPlace = new(program);
        // A copy that is gone leaves its launch changed.
        while (inPlace.Copies().Any(inPlace.AddInPlace))
        {
        }
        return program with
        {
            Phases = program.Phases.Select((phase, i) => inPlace.WithLanes(phase, inPlace.phases[i])).ToEquatable(),
        };
    }

    /// <summary>All copies of sums to gradients, one by one where a pass makes several.</summary>
    private List<SumCopy> Copies() => [.. phases.SelectMany(steps => steps).OfType<Launch>()
        .SelectMany(launch => SumCopy.Of(launch, storages))];

    /// <summary>Whether a gradient is only stored to, element by element, by as many as it has: so no element is stored twice.</summary>
    private bool IsAssembled(DeviceOperand target)
    {
        int stored = 0;
        foreach ((Launch launch, DeviceOperand operand, int number) in Touching(target))
        {
            if (operand.Storage != target.Storage || launch.Kernel is not PassKernel { WalksRows: false, Program.OverExamples: false } pass
                || !pass.Writes(number) || !phases.Any(steps => steps.Contains(launch)))
            {
                return false;
            }
            stored += pass.Program.RowExtents.Concat(pass.Program.ColumnExtents).Aggregate(1, (product, extent) => checked(product * extent));
        }
        return stored == storages[target.Storage].Size;
    }

    private IEnumerable<(Launch Launch, DeviceOperand Operand, int Number)> Touching(DeviceOperand place) =>
        from launch in phases.SelectMany(steps => steps).SelectMany(DeviceMemory.LaunchesOf)
        from touched in launch.Operands.Select((operand, number) => (operand, number))
            .Concat(launch.Target is DeviceOperand target ? [(target, launch.Operands.Count)] : [])
        where memory.Overlap(touched.operand, place)
        select (launch, touched.operand, touched.number);

    /// <summary>Lets the one launch that adds up what a copy reads add it up where the copy stores it, and removes the copy.</summary>
    private bool AddInPlace(SumCopy copy)
    {
        bool isReadElsewhere = copy.Others is Launch others && memory.Overlap(others.Operands, [copy.Source]);
        if (isReadElsewhere || !assembled.Contains(copy.Target) || Touching(copy.Source).ToArray() is not { Length: 2 } touches)
        {
            return false;
        }
        (Launch adding, DeviceOperand operand, int number) = touches.FirstOrDefault(touch => !ReferenceEquals(touch.Launch, copy.Launch));
        if (adding is null || operand.Offset != 0 || storages[operand.Storage] is not { Place: Place.Lane } sum
            || (sum.Offset, sum.Size) != (storages[copy.Source.Storage].Offset, storages[copy.Source.Storage].Size))
        {
            return false;
        }
        List<DeviceStep>? steps = phases.FirstOrDefault(steps => steps.Contains(adding));
        if (steps is null || Moved(adding, number, copy) is not Launch moved)
        {
            return false;
        }
        steps[steps.IndexOf(adding)] = moved;
        Remove(copy);
        return true;
    }

    /// <summary>The launch as it adds to where a copy stores; <c>null</c> if it cannot.</summary>
    private Launch? Moved(Launch launch, int number, SumCopy copy)
    {
        int size = storages[copy.Source.Storage].Size;
        if (launch.Kernel is ScatterSumKernel scatter && number == 2)
        {
            return scatter.Places.MovedBy(copy.Program) is SumPlaces places
                ? launch with
                {
                    Kernel = scatter with { Places = places },
                    Operands = new EquatableArray<DeviceOperand>(launch.Operands[0], launch.Operands[1], copy.Target),
                }
                : null;
        }
        if (number != launch.Operands.Count || !launch.Adds || !launch.AddsRowsUp)
        {
            return null;
        }
        if (SumPlaces.InOrder(size).MovedBy(copy.Program) is { IsInOrder: true })
        {
            return launch with
            {
                Target = copy.Target,
                Kernel = launch.Kernel is ProductKernel product
                    ? product with { ResultIsAligned = product.ResultIsAligned && ProductQuads.IsAligned(copy.Target, storages[copy.Target.Storage]) }
                    : launch.Kernel,
            };
        }
        if (launch.Kernel is ProductKernel turned && copy.Target.Offset == 0 && storages[copy.Target.Storage].Size == size
            && Turned(turned, copy.Program) is ProductKernel whole)
        {
            return launch with { Target = copy.Target, Kernel = whole };
        }
        // Parts of a product that is launched alone are as large as its target.
        return JoinGradients.SumOf(launch, storages) is ProductSum sum && sum.Places.MovedBy(copy.Program) is SumPlaces moved
            ? JoinGradients.Launched([new(sum with { Places = moved }, launch.Operands, copy.Target)], launch)
            : null;
    }

    /// <summary>A product with its result's axes as a copy has them; <c>null</c> if the copy cuts them.</summary>
    private static ProductKernel? Turned(ProductKernel product, RowProgram copy)
    {
        SumPlaces places = SumPlaces.Of(product);
        int? Moved(ProductAxis axis) =>
            places.MovedBy(copy, new SumAxis(axis.Extent, axis.Result)) is { Axes.Count: 1 } moved ? moved.Axes[0].Stride : null;
        EquatableArray<ProductAxis> AllMoved(EquatableArray<ProductAxis> axes) => axes.Select(axis => axis with { Result = Moved(axis)!.Value }).ToEquatable();
        return product.Groups.Concat(product.Rows).Concat(product.Columns).Any(axis => Moved(axis) is null) ? null : product with
        {
            Groups = AllMoved(product.Groups), Rows = AllMoved(product.Rows), Columns = AllMoved(product.Columns), ResultIsAligned = false,
        };
    }

    private void Remove(SumCopy copy)
    {
        foreach (List<DeviceStep> steps in phases)
        {
            int place = steps.IndexOf(copy.Launch);
            if (place >= 0 && copy.Others is Launch others)
            {
                steps[place] = others;
            }
            else if (place >= 0)
            {
                steps.RemoveAt(place);
            }
        }
    }

    /// <summary>A phase with its new steps, in which only those lanes are cleared that something still touches.</summary>
    private DevicePhase WithLanes(DevicePhase phase, List<DeviceStep> steps)
    {
        Storage[] touched = [.. phases.SelectMany(others => others).SelectMany(DeviceMemory.LaunchesOf)
            .SelectMany(DeviceMemory.TouchedBy)
            .Where(operand => !operand.IsTemporary).Select(operand => storages[operand.Storage])
            .Where(storage => storage.Place is Place.Lane or Place.LaneTotal && storage.Offset < phase.LaneOffset + phase.LaneSize
                && storage.Offset + storage.Size > phase.LaneOffset)];
        int begin = touched.Select(storage => storage.Offset).DefaultIfEmpty(phase.LaneOffset).Min();
        int end = touched.Select(storage => storage.Offset + storage.Size).DefaultIfEmpty(phase.LaneOffset).Max();
        return new DevicePhase(steps.ToEquatable(), begin, end - begin);
    }
}
