using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Takes passes into the loads of the products that read what they make. An element-wise pass whose result only products read is computed where
/// a tile is copied to shared memory, if that pays (<see cref="PrologueCost"/>); padding is no memory at all but a comparison of indices, and
/// what would be padded is stored without gaps. What passes read must still be there when the last product runs.
/// </summary>
internal sealed class FusePrologues
{
    private readonly Storage[] storages;
    private readonly DeviceMemory memory;
    private readonly Dictionary<int, int> uses;

    private FusePrologues(DeviceProgram program)
    {
        storages = [.. program.Source.Storages];
        memory = new DeviceMemory(program.Source);
        uses = DeviceMemory.UsesIn(program.Phases.SelectMany(phase => phase.Steps));
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        FusePrologues fuse = new(program);
        EquatableArray<DevicePhase> phases = program.Phases.Select(phase => phase with { Steps = fuse.Fused(phase.Steps) }).ToEquatable();
        return new DeviceProgram(phases, program.Source with { Storages = fuse.storages.ToEquatable() });
    }

    private EquatableArray<DeviceStep> Fused(EquatableArray<DeviceStep> steps)
    {
        List<DeviceStep> list = [.. steps.Select(step => step is DeviceLoop loop ? loop with { Body = Fused(loop.Body) } : step)];
        int[] candidates = [.. list.OfType<Launch>()
            .SelectMany(launch => ProductReader.Of(launch, 0).Select(reader => launch.Operands[reader.Operand]))
            .Where(operand => !operand.IsTemporary && memory.IsPrivate(operand)).Select(operand => operand.Storage).Distinct()];
        foreach (int storage in candidates)
        {
            if (ProductInput.Of(list, storage, uses[storage]) is ProductInput input)
            {
                _ = TakePass(list, input) || TakePadding(list, input);
            }
        }
        return list.ToEquatable();
    }

    /// <summary>Moves the pass itself into the products.</summary>
    private bool TakePass(List<DeviceStep> list, ProductInput input)
    {
        Launch writer = (Launch)list[input.Writer];
        if (writer.Kernel is not PassKernel { WalksRows: false } pass || writer.Temporaries.Count > 0
            || writer.Operands.Any(operand => operand.IsTemporary))
        {
            return false;
        }
        (RowProgram own, int[] used) = RowPrograms.Storing(pass.Program, operand => operand == input.Written);
        (RowProgram others, int[] kept) = RowPrograms.Storing(pass.Program, operand => operand != input.Written);
        DeviceOperand[] read = [.. used.Take(used.Length - 1).Select(operand => writer.Operands[operand])];
        DeviceOperand[] stillWritten = [.. kept.Where(pass.Writes).Select(operand => writer.Operands[operand])];
        bool ends = stillWritten.Length == 0;
        if (PrologueOf(list, input, own, read) is not Prologue prologue || !PrologueCost.Pays(prologue, Products(list, input), ends)
            || memory.Overlap(stillWritten, read) || AreOverwritten(list, input, read) || !Fits(list, input, prologue))
        {
            return false;
        }
        list[input.Writer] = writer with { Kernel = new PassKernel(others), Operands = kept.Select(operand => writer.Operands[operand]).ToEquatable() };
        foreach (DeviceOperand operand in read)
        {
            uses[operand.Storage] += input.Readers.Count;
        }
        foreach (int operand in used.Take(used.Length - 1).Where(operand => !kept.Contains(operand)))
        {
            uses[writer.Operands[operand].Storage]--;
        }
        Give(list, input, prologue, read, string.Join("; ", RowFormulas.Of(own, [.. used.Select(operand => storages[writer.Operands[operand].Storage].Name)])));
        RemoveUnused(list, input, ends);
        return true;
    }

    /// <summary>Stores without gaps what was stored into the middle of padding; products see that they are outside by their indices.</summary>
    private bool TakePadding(List<DeviceStep> list, ProductInput input)
    {
        Launch writer = (Launch)list[input.Writer];
        if (input.Fill is null || StoreOf(writer, input.Written) is not (RowProgram pass, int operand)
            || pass.Instructions.Any(instruction => instruction.PerRow && instruction.Operand == operand))
        {
            return false;
        }
        Shape shape = Shape.Of([.. pass.RowExtents.Concat(pass.ColumnExtents)]);
        RowOperand padded = pass.Operands[operand];
        RowOperand packed = padded with
        {
            ExampleStride = pass.OverExamples ? shape.Count : 0, Strides = RowPrograms.Packed(shape.Sizes).ToEquatable(),
        };
        RowProgram move = new(
            pass.OverExamples, pass.RowExtents, pass.ColumnExtents, new EquatableArray<RowOperand>(packed with { IsWritten = false }, padded),
            RowPrograms.Move, 1, false);
        DeviceOperand place = new(input.Storage, 0);
        if (PrologueOf(list, input, move, [place]) is not { IsWhole: false } prologue || !Fits(list, input, prologue))
        {
            return false;
        }
        storages[input.Storage] = storages[input.Storage] with { Size = shape.Count, Shape = shape };
        RowProgram storing = pass with { Operands = pass.Operands.Select((other, i) => i == operand ? packed : other).ToEquatable(), Flat = false };
        list[input.Writer] = writer with
        {
            Kernel = writer.Kernel is FusedProductKernel fused ? fused with { Epilogue = storing } : new PassKernel(storing),
            Operands = writer.Operands.Select((other, i) => i == input.Written ? place : other).ToEquatable(),
        };
        Give(list, input, prologue, [place], "padding around " + storages[input.Storage].Name);
        RemoveUnused(list, input, writerEnds: false);
        return true;
    }

    /// <summary>The pass that stores an operand of a launch, and as which of its own operands.</summary>
    private static (RowProgram Pass, int Operand)? StoreOf(Launch launch, int operand) => launch.Kernel switch
    {
        PassKernel pass => (pass.Program, operand),
        FusedProductKernel fused => (fused.Epilogue, fused.PassOperands[operand - fused.FirstOperand(fused.Products.Count)]),
        _ => null,
    };

    /// <summary>The pass as all readers can take it; <c>null</c> if one cannot.</summary>
    private Prologue? PrologueOf(List<DeviceStep> list, ProductInput input, RowProgram pass, DeviceOperand[] read)
    {
        Launch writer = (Launch)list[input.Writer];
        Storage storage = storages[input.Storage];
        if (storage.PerExample != pass.OverExamples || (storage.PerStep && !storage.PerExample) || Prologue.AxesOf(
            pass, pass.Operands[pass.Operands.Count - 1], writer.Operands[input.Written].Offset, storage.Size) is not PrologueAxis[] axes)
        {
            return null;
        }
        Prologue prologue = new(
            pass, axes.ToEquatable(), input.Fill is int fill ? ((FillKernel)((Launch)list[fill]).Kernel).Number : 0,
            PrologueQuads.Allows(pass, axes, operand => ProductQuads.IsAligned(read[operand], storages[read[operand].Storage])));
        bool isKnown = prologue.IsWhole || input.Fill is not null;
        return isKnown && input.Readers.All(reader => CanTake(reader)) ? prologue : null;

        bool CanTake(ProductReader reader)
        {
            Launch launch = (Launch)list[reader.Step];
            ProductKernel product = ProductReader.ProductsOf(launch.Kernel)[reader.Product];
            return (!pass.OverExamples || launch.Rows == writer.Rows) && ProloguePlaces.Of(product, reader.IsLeft, prologue) is not null
                && ProductTiles.HasRegisters(product.With(reader.IsLeft, prologue));
        }
    }

    private static (ProductKernel Product, bool IsLeft, RowCount Rows)[] Products(List<DeviceStep> list, ProductInput input) =>
        [.. input.Readers.Select(reader => (reader, launch: (Launch)list[reader.Step])).Select(at =>
            (ProductReader.ProductsOf(at.launch.Kernel)[at.reader.Product], at.reader.IsLeft, at.launch.Rows))];

    private static bool Fits(List<DeviceStep> list, ProductInput input, Prologue prologue) => input.Readers.GroupBy(reader => reader.Step).All(group =>
        ((Launch)list[group.Key]).Operands.Count + (group.Count() * (prologue.OperandCount - 1)) <= DeviceKernel.MostOperands);

    /// <summary>Whether something between the pass and a product, or the product itself, writes where the pass reads.</summary>
    private bool AreOverwritten(List<DeviceStep> list, ProductInput input, DeviceOperand[] read) => list
        .Skip(input.Writer + 1).Take(input.Readers.Max(reader => reader.Step) - input.Writer)
        .SelectMany(DeviceMemory.LaunchesOf).Any(launch => memory.Overlap(DeviceMemory.WrittenBy(launch), read));

    private void Give(List<DeviceStep> list, ProductInput input, Prologue prologue, DeviceOperand[] read, string comment)
    {
        // From the last operand on, so that those before keep their numbers.
        foreach (ProductReader reader in input.Readers.OrderByDescending(reader => reader.Step).ThenByDescending(reader => reader.Operand))
        {
            Launch launch = (Launch)list[reader.Step];
            ProductKernel[] products = ProductReader.ProductsOf(launch.Kernel);
            products[reader.Product] = products[reader.Product].With(reader.IsLeft, prologue);
            list[reader.Step] = launch with
            {
                Kernel = launch.Kernel is FusedProductKernel fused ? fused with { Products = products.ToEquatable() } : products[0],
                Operands = launch.Operands.Take(reader.Operand).Concat(read).Concat(launch.Operands.Skip(reader.Operand + 1)).ToEquatable(),
                Comment = comment + "; " + launch.Comment,
            };
        }
    }

    private static void RemoveUnused(List<DeviceStep> list, ProductInput input, bool writerEnds)
    {
        if (writerEnds)
        {
            list.RemoveAt(input.Writer);
        }
        if (input.Fill is int fill)
        {
            list.RemoveAt(fill);
        }
    }
}
