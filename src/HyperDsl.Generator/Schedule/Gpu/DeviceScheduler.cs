using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>From a routine's steps to launches of kernels.</summary>
internal sealed class DeviceScheduler
{
    private readonly RoutineProgram program;
    private readonly Dictionary<int, CallStep> packings;
    private readonly HashSet<int> writtenWhole;

    private DeviceScheduler(RoutineProgram program)
    {
        this.program = program;
        packings = program.Phases.SelectMany(phase => phase.Steps).SelectMany(Flattened).OfType<CallStep>()
            .Where(call => call.Operation is PackMatrix or PackKernel)
            .ToDictionary(call => call.Output.Storage);
        writtenWhole = [.. program.Phases.SelectMany(phase => phase.Steps).SelectMany(Flattened).OfType<CallStep>()
            .Where(call => call.Operation is OneHot).Select(call => call.Output.Storage)];
    }

    /// <param name="program">The routine.</param>
    /// <param name="loops">Who walks sequences.</param>
    /// <param name="tensorCores">Whether large products may round their factors for tensor cores.</param>
    public static DeviceProgram Run(RoutineProgram program, LoopForm loops, bool tensorCores = false)
    {
        if (program.RowPrograms.Any(rows => rows.Instructions.Any(instruction => instruction.Displacement != 0)))
        {
            throw new ArgumentException("A routine for GPUs has an operand for each part of a buffer: it is scheduled by MachineCosts.Gpu.", nameof(program));
        }
        program = SumsInPlace.Run(program);
        DeviceScheduler scheduler = new(program);
        List<DevicePhase> phases = [];
        for (int phase = 0; phase < program.Phases.Count; phase++)
        {
            Phase source = program.Phases[phase];
            RowCount rows = phase % 2 == 1 ? RowCount.Examples : RowCount.One;
            phases.Add(new DevicePhase(
                source.Steps.SelectMany(step => scheduler.Steps(step, rows)).ToEquatable(), source.LaneOffset, source.LaneSize));
        }
        // Loops that become kernels need their steps' launches apart; what is left is fused, and what is left then joined.
        DeviceProgram walked = LoopsOnDevice.Run(new DeviceProgram(phases.ToEquatable(), program), loops);
        DeviceProgram fused = GradientsInPlace.Run(SumsOfSums.Run(EqualValues.Run(FusePrologues.Run(FuseProducts.Run(walked)))));
        DeviceProgram joined = JoinGradients.Run(JoinProducts.Run(JoinLaunches.Run(LabelsInPasses.Run(fused))));
        joined = WholeSums.Run(JoinLaunches.Run(PhasesAsOne.Run(joined)));
        return tensorCores ? TensorTiles.Run(joined) : joined;
    }

    private static IEnumerable<Step> Flattened(Step step) => step is LoopStep loop ? loop.Body : [step];

    private IEnumerable<DeviceStep> Steps(Step step, RowCount rows)
    {
        if (step is LoopStep loop)
        {
            return [new DeviceLoop(loop.Body.SelectMany(inner => Launches(inner, rows)).ToEquatable(), loop.FromLast)];
        }
        if (!step.OverSteps)
        {
            return Launches(step, rows);
        }
        if (step is RowStep row && rows == RowCount.Examples && TakesAllSteps(row))
        {
            return OfRow(row, RowCount.Steps);
        }
        // Steps of time are so many more rows, unless something is shared by them.
        return StepBody.StoragesOf(step).All(storage => !program.Storages[storage].PerExample || program.Storages[storage].PerStep)
            ? Launches(step, rows == RowCount.Examples ? RowCount.Steps : rows)
            : [new DeviceLoop(Launches(step, rows).ToEquatable(), FromLast: false)];
    }

    /// <summary>Whether only sums over steps have one row for all of them.</summary>
    private bool TakesAllSteps(RowStep step)
    {
        RowProgram source = program.RowPrograms[step.Program];
        HashSet<int> sums = [.. source.Instructions.Where(i => i.Kind == RowInstructionKind.Accumulate).Select(i => i.Operand)];
        return source.OverExamples && Enumerable.Range(0, step.Operands.Count).All(i => sums.Contains(i) || !IsSharedBySteps(step.Operands[i]));
    }

    private bool IsSharedBySteps(Access access) =>
        program.Storages[access.Storage] is { PerExample: true, PerStep: false };

    private IEnumerable<DeviceStep> Launches(Step step, RowCount rows) => step switch
    {
        RowStep row => OfRow(row, rows),
        FillStep fill when writtenWhole.Contains(fill.Output.Storage) => [],
        FillStep fill => [OfFill(fill, rows)],
        CallStep { Operation: PackMatrix or PackKernel } => [],
        CallStep call => OfCall(call, rows),
        _ => throw new InvalidOperationException($"A step '{step.GetType().Name}' has no kernel."),
    };

    private static DeviceOperand At(Access access) => new(access.Storage, access.Offset);

    private Launch OfFill(FillStep fill, RowCount rows) => new(
        new FillKernel(fill.Size, fill.Number), new EquatableArray<DeviceOperand>(At(fill.Output)), null, 0, false,
        program.Storages[fill.Output.Storage].PerExample ? rows : RowCount.One, EquatableArray<int>.Empty,
        program.Storages[fill.Output.Storage].Name + " = " + Literal.CSharp(fill.Number, single: true));

    private IEnumerable<Launch> OfRow(RowStep step, RowCount rows)
    {
        RowProgram source = program.RowPrograms[step.Program];
        PassParts parts = PassParts.Of(source);
        DeviceOperand Operand(int number) => number < step.Operands.Count
            ? At(step.Operands[number])
            : DeviceOperand.Temporary(number - step.Operands.Count);
        EquatableArray<int> temporaries = parts.Temporaries;
        RowCount count = source.OverExamples ? rows : RowCount.One;
        if (parts.Pass is PassKernel pass)
        {
            yield return new Launch(
                pass, parts.PassOperands.Select(Operand).ToEquatable(), null, 0, false, count, temporaries, step.Comment);
            temporaries = EquatableArray<int>.Empty;
        }
        foreach ((SumKernel kernel, int[] operands, int target) in parts.Sums)
        {
            bool addsRowsUp = source.Operands[target].ExampleStride == 0;
            bool overSteps = count == RowCount.Steps && IsSharedBySteps(step.Operands[target]);
            yield return new Launch(
                kernel with { OverSteps = overSteps }, operands.Select(Operand).ToEquatable(), Operand(target),
                program.Storages[step.Operands[target].Storage].Size, true, overSteps ? RowCount.Examples : count, temporaries,
                parts.Pass is null && parts.Sums.Count == 1 ? step.Comment : Formula(kernel, operands.Append(target).Select(Operand)))
            {
                AddsRowsUp = addsRowsUp,
            };
            temporaries = EquatableArray<int>.Empty;
        }
    }

    /// <summary>What a sum adds up; the pass that it is a part of says in the user's names what it is.</summary>
    private string Formula(SumKernel sum, IEnumerable<DeviceOperand> operands) => string.Join("; ", RowFormulas.Of(
        sum.Program, [.. operands.Select(operand => operand.IsTemporary ? "temporary " + Literal.Integer(operand.Offset) : program.Storages[operand.Storage].Name)]))
        .Replace(" += ", " += Σ ");

    private IEnumerable<Launch> OfCall(CallStep call, RowCount rows)
    {
        bool open = rows != RowCount.One;
        switch (call.Operation)
        {
            case Gemm gemm:
                return [Product(call, Products.OfGemm(From(call, Source(call), open), gemm, rows), rows)];
            case Correlate correlate:
                return [Product(call, Products.OfCorrelation(From(call, Source(call), open), correlate.Sizes, rows), rows)];
            case CorrelateKernelGradient gradient:
                return [Product(call, Products.OfKernelGradient(
                    From(call, null, open), gradient.Sizes, gradient.OverExamples, rows), rows)];
            case MaxPool or MaxPoolGradient or AveragePool or AveragePoolGradient:
                return [Plain(call, Pool(call), rows)];
            case Gather:
                return [Plain(call, new GatherKernel(call.OutputShape.Count, Stride(call.Inputs[0])), rows)];
            case ScatterRow:
                return [Plain(call, new ScatterKernel(call.OutputShape[0], call.InputShapes[0].Count), rows)];
            case ScatterRowOverExamples:
                return [Plain(call, new ScatterSumKernel(call.OutputShape[0], call.InputShapes[0].Count), rows)];
            case OneHot oneHot:
                return [Plain(call, new OneHotKernel(oneHot.Classes), rows)];
            default:
                throw new InvalidOperationException($"Operation '{call.Operation.Name}' has no GPU kernel.");
        }
    }

    private ProductSource From(CallStep call, CallStep? packing, bool open) => new(
        call, packing, Stride, operand => ProductQuads.IsAligned(operand, program.Storages[operand.Storage]), open);

    /// <summary>What a packed operand was packed from: kernels of a GPU read that.</summary>
    private CallStep? Source(CallStep call) =>
        packings.TryGetValue(call.Inputs[1].Storage, out CallStep? packing) ? packing : null;

    /// <summary>Elements between rows of an operand; 0 where they share one.</summary>
    private int Stride(Access access)
    {
        Storage storage = program.Storages[access.Storage];
        return storage.PerExample && storage.Place != Place.IndexInput ? storage.Size : 0;
    }

    private Launch Product(CallStep call, ProductCall product, RowCount rows) => new(
        product.Kernel,
        new EquatableArray<DeviceOperand>(product.Left, product.Right),
        At(call.Output), program.Storages[call.Output.Storage].Size, product.Adds, rows, EquatableArray<int>.Empty, Formula(call))
    {
        AddsRowsUp = Stride(call.Output) == 0,
    };

    private Launch Plain(CallStep call, DeviceKernel kernel, RowCount rows) => new(
        kernel, call.Inputs.Append(call.Output).Select(At).ToEquatable(), null, 0, false, rows, EquatableArray<int>.Empty,
        Formula(call));

    private string Formula(CallStep call) => CallFormula.Of(
        call, program.Storages[call.Output.Storage].Name,
        call.Inputs.Select(input => Unpacked(program.Storages[input.Storage])).ToArray());

    private string Unpacked(Storage storage) =>
        packings.TryGetValue(program.Storages.ToList().IndexOf(storage), out CallStep? packing)
            ? program.Storages[packing.Inputs[0].Storage].Name
            : storage.Name;

    private static PoolKernel Pool(CallStep call) => call.Operation switch
    {
        MaxPool pool => new PoolKernel(PoolOperation.Max, pool.Window, call.InputShapes[0]),
        MaxPoolGradient pool => new PoolKernel(
            PoolOperation.MaxGradient,
            new Window(pool.SizeY, pool.SizeX, pool.StrideY, pool.StrideX, pool.Top, pool.Bottom, pool.Left, pool.Right),
            call.InputShapes[0]),
        AveragePool pool => new PoolKernel(PoolOperation.Average, pool.Window, call.InputShapes[0]),
        AveragePoolGradient pool => new PoolKernel(PoolOperation.AverageGradient, pool.Window, call.OutputShape),
        _ => throw new InvalidOperationException("not a pooling"),
    };
}
