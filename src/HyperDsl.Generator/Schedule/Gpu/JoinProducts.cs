using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Joins launches of products that have nothing to do with each other: those that do not vary with the example, such as the generators of all
/// layers, and those of a step of a host's loop, such as products of the same state. Alone, each has too few tiles for a device. A launch moves
/// forward to an earlier one past whatever does not touch what it touches.
/// </summary>
internal sealed class JoinProducts
{
    private readonly DeviceMemory memory;
    private readonly EquatableArray<Storage> storages;

    private JoinProducts(RoutineProgram program) => (memory, storages) = (new DeviceMemory(program), program.Storages);

    public static DeviceProgram Run(DeviceProgram program)
    {
        JoinProducts join = new(program.Source);
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { Steps = join.Joined(phase.Steps, RowCount.One) }).ToEquatable(),
        };
    }

    /// <summary>A step, and the launches that it was made of.</summary>
    private sealed record JoinedStep(DeviceStep Step, Launch[] Products);

    /// <param name="steps">Steps of a phase, or of a loop.</param>
    /// <param name="rows">How many rows the products have that are joined: outside of loops of the host, those of all examples fill a device alone.</param>
    private EquatableArray<DeviceStep> Joined(EquatableArray<DeviceStep> steps, RowCount rows)
    {
        List<JoinedStep> joined = [];
        foreach (DeviceStep step in steps)
        {
            if (step is not Launch launch || launch.Rows != rows || !CanJoin(launch))
            {
                joined.Add(new JoinedStep(step is DeviceLoop loop ? loop with { Body = Joined(loop.Body, RowCount.Examples) } : step, []));
            }
            else if (Earlier(joined, launch) is (int place, var both))
            {
                joined[place] = both;
            }
            else
            {
                joined.Add(new JoinedStep(step, [launch]));
            }
        }
        return joined.Select(step => step.Step).ToEquatable();
    }

    /// <summary>The first step that a launch can join, and the two as one: so all first products of chains meet, and all second ones.</summary>
    private (int Place, JoinedStep Both)? Earlier(List<JoinedStep> steps, Launch later)
    {
        (int Place, JoinedStep Both)? found = null;
        for (int i = steps.Count - 1; i >= 0 && !memory.Conflict(steps[i].Step, later); i--)
        {
            if (steps[i].Products.Length > 0 && Join([.. steps[i].Products, later]) is JoinedStep both)
            {
                found = (i, both);
            }
        }
        return found;
    }

    /// <summary>
    /// Whether all sizes are known, nothing is added up, and every launch finds the buffers at the same places; or the number of rows is not known.
    /// </summary>
    private bool CanJoin(Launch launch)
    {
        ProductKernel[] products = ProductReader.ProductsOf(launch.Kernel);
        if (products.Length != 1 || launch.Adds || launch.Temporaries.Count > 0 || OperandsOf(launch).Any(operand => operand.IsTemporary))
        {
            return false;
        }
        IEnumerable<RowProgram> passes = new[]
        {
            products[0].LeftPrologue?.Pass, products[0].RightPrologue?.Pass, (launch.Kernel as FusedProductKernel)?.Epilogue,
        }.OfType<RowProgram>();
        if (passes.Any(pass => pass.NeedsExampleIndex || pass.NeedsExampleCount || pass.NeedsStepCount))
        {
            return false;
        }
        return launch.Rows == RowCount.One
            ? !products[0].AllAxes.Any(axis => axis.IsOpen) && !passes.Any(pass => pass.OverExamples)
                && OperandsOf(launch).All(operand => ArenaOf(operand) is Place.Parameter or Place.Gradient or Place.Shared or Place.Lane)
            : products[0].Tile is not null && products[0].Rows.Any(axis => axis.IsOpen);
    }

    private Place ArenaOf(DeviceOperand operand) =>
        storages[operand.Storage].Place is Place.LaneTotal ? Place.Lane : storages[operand.Storage].Place;

    private static DeviceOperand[] OperandsOf(Launch launch) => launch.Target is DeviceOperand target ? [.. launch.Operands, target] : [.. launch.Operands];

    /// <summary>Launches as one, by the best tile for which a kernel has room.</summary>
    private JoinedStep? Join(Launch[] launches)
    {
        ProductPart[] parts = [.. launches.Select(PartOf)];
        foreach (ProductTile tile in ProductTiles.ForAll([.. parts.Select(part => part.Product)], launches[0].Rows))
        {
            ProductPart?[] tiled = [.. parts.Select(part => part.With(tile))];
            if (!tiled.Contains(null) && Join(launches, tiled!, tile) is Launch joined)
            {
                return new JoinedStep(joined, launches);
            }
        }
        return null;
    }

    private Launch? Join(Launch[] launches, ProductPart[] parts, ProductTile tile)
    {
        (ProductPart Part, DeviceOperand[] Operands)[] members =
            [.. parts.Zip(launches, (part, launch) => (part, OperandsOf(launch))).GroupBy(member => member.part).SelectMany(equal => equal)];
        DeviceOperand[] operands = [.. members.SelectMany(member => member.Operands).Distinct()];
        ProductsKernel kernel = new(
            tile,
            members.Select(member => new ProductMember(
                member.Part, member.Operands.Select(operand => Array.IndexOf(operands, operand)).ToEquatable())).ToEquatable(),
            operands.Select(ArenaOf).ToEquatable(),
            tile.InQuads && operands.All(IsAligned));
        return operands.Length > (kernel.HasRows ? DeviceKernel.MostOperands : ProductsKernel.MostBuffers) || kernel.Parts.Length * tile.ThreadRows * tile.ThreadColumns > ProductsKernel.MostElements
            ? null
            : new Launch(
                kernel, operands.ToEquatable(), null, 0, false, launches[0].Rows, EquatableArray<int>.Empty,
                string.Join("\n", launches.Select(launch => launch.Comment)));
    }

    /// <summary>A launch's product, which knows where fours of neighbours can be accessed at once: its own tile may have made no use of that.</summary>
    private ProductPart PartOf(Launch launch)
    {
        ProductPart part = new(launch.Kernel);
        ProductKernel product = part.Product;
        return part.With(product with
        {
            LeftIsAligned = product.LeftPrologue?.InQuads ?? IsAligned(launch.Operands[0]),
            RightIsAligned = product.RightPrologue?.InQuads ?? IsAligned(launch.Operands[product.FirstOfRight]),
            ResultIsAligned = launch.Target is DeviceOperand target && IsAligned(target),
        });
    }

    private bool IsAligned(DeviceOperand operand) => ProductQuads.IsAligned(operand, storages[operand.Storage]);
}
