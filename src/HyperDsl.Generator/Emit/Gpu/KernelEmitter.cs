using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints a kernel: the structure of its arguments, the method, and the object by which it is launched.</summary>
internal static class KernelEmitter
{
    public static void Emit(SourceWriter writer, NamedKernel named)
    {
        DeviceKernel kernel = named.Kernel;
        writer.Line("internal static readonly " + (Reduces(kernel) ? "GpuReduction" : "GpuKernel") + "<" + named.Arguments + "> " + named.Field
            + " = new(\"" + named.Name + "\", " + named.Name + ", threads: " + Literal.Integer(kernel.Threads)
            + (kernel.HasTensorForm ? ", onTensorCores: " + OnTensorCores(named) : "") + ");");
        writer.Line();
        WriteArguments(writer, named);
        writer.Line();
        foreach (string line in KernelComments.Of(named))
        {
            writer.Comment(line);
        }
        WriteMethod(writer, named, named.Name, onTensorCores: false);
        if (kernel.HasTensorForm)
        {
            writer.Line();
            writer.Line("// The same with factors rounded to TF32, by warps on tensor cores.");
            WriteMethod(writer, named, OnTensorCores(named), onTensorCores: true);
        }
        foreach (NamedKernel products in PartsOf(named))
        {
            WriteMethodsOfProducts(writer, products);
        }
    }

    /// <summary>The products that a kernel is made of; itself, if it is no kernel of several.</summary>
    public static NamedKernel[] PartsOf(NamedKernel named) => named.Kernel switch
    {
        ProductsKernel => ProductsKernelEmitter.NamedParts(named),
        ProductSumsKernel => ProductSumsKernelEmitter.NamedParts(named),
        _ => [named],
    };

    private static void WriteMethodsOfProducts(SourceWriter writer, NamedKernel named)
    {
        if (named.Kernel is FusedProductKernel fused)
        {
            new ProductEpilogueEmitter(writer, fused, named).WriteMethods();
        }
        foreach (ProductPrologueEmitter prologue in ProductPrologueEmitter.Of(named))
        {
            prologue.WriteMethods(writer);
        }
    }

    private static bool Reduces(DeviceKernel kernel) => kernel is ReducingKernel or SumsKernel or AddSumsKernel or ProductSumsKernel or AddProductSumsKernel;

    private static string OnTensorCores(NamedKernel named) => named.Name + "OnTensorCores";

    private static void WriteMethod(SourceWriter writer, NamedKernel named, string name, bool onTensorCores)
    {
        using (writer.Block(
            "private static void " + name + "(" + named.Arguments + (named.Kernel is ProductsKernel or ProductSumsKernel ? " launch" : " args")
                + (Reduces(named.Kernel) ? ", Reduction reduction" : "") + ")"))
        {
            WriteBody(writer, named, onTensorCores);
        }
    }

    public static bool HasMask(DeviceKernel kernel) => kernel is LoopKernel loop
        ? loop.AllParts.Any(part => HasMask(part.Kernel))
        : ProgramsOf(kernel).Any(program => program.NeedsExampleIndex);

    public static bool HasExampleCount(DeviceKernel kernel) => ProgramsOf(kernel).Any(program => program.NeedsExampleCount);

    public static bool HasStepCount(DeviceKernel kernel) => ProgramsOf(kernel).Any(program => program.NeedsStepCount);

    public static IEnumerable<RowProgram> ProgramsOf(DeviceKernel kernel) => kernel switch
    {
        PassKernel pass => [pass.Program],
        PassesKernel passes => passes.Members.SelectMany(member => ProgramsOf(member.Kernel)),
        SumKernel sum => [sum.Program],
        SumsKernel sums => sums.Sums.Select(sum => sum.Program),
        FusedProductKernel fused => fused.Products.SelectMany(ProloguesOf).Append(fused.Epilogue),
        ProductKernel product => ProloguesOf(product),
        _ => [],
    };

    private static IEnumerable<RowProgram> ProloguesOf(ProductKernel product) =>
        new[] { product.LeftPrologue, product.RightPrologue }.OfType<Prologue>().Select(prologue => prologue.Pass);

    private static void WriteArguments(SourceWriter writer, NamedKernel named)
    {
        DeviceKernel kernel = named.Kernel;
        if (kernel is LoopKernel loop)
        {
            LoopKernelEmitter.WriteArguments(writer, loop, named.Arguments);
            return;
        }
        if (kernel is ProductsKernel)
        {
            ProductsKernelEmitter.WriteArguments(writer, named);
            return;
        }
        using (writer.Block("internal struct " + named.Arguments))
        {
            for (int i = 0; i < named.Fields.Count; i++)
            {
                writer.Line("public ArrayView<" + (kernel.IsIndex(i) ? "int" : "float") + "> " + named.Fields[i] + ";");
            }
            WriteNumbers(writer, kernel);
        }
        if (kernel is ProductSumsKernel)
        {
            ProductSumsKernelEmitter.WriteOperands(writer, named);
        }
    }

    /// <summary>Buffers in a kernel's arguments: targets of sums that are added by another kernel are its arguments.</summary>
    public static int InputsOf(DeviceKernel kernel) => kernel switch
    {
        SumsKernel sums => sums.Inputs,
        ProductSumsKernel sums => sums.Inputs,
        _ => kernel.OperandCount,
    };

    /// <summary>Whose numbers of rows a kernel is told.</summary>
    private static IEnumerable<RowCount> RowCountsOf(DeviceKernel kernel) => kernel switch
    {
        AddSumsKernel => [],
        ProductSumsKernel sums => sums.RowCounts,
        AddProductSumsKernel adding => adding.RowCounts,
        // Whatever rows a launch has are its rows.
        _ => [RowCount.Steps],
    };

    private static void WriteNumbers(SourceWriter writer, DeviceKernel kernel)
    {
        // Wide fields first: no driver then disagrees about padding.
        if (HasMask(kernel))
        {
            writer.Line("public ulong Key;");
        }
        foreach (RowCount rows in RowCountsOf(kernel))
        {
            writer.Line("public int " + AddProductSumsEmitter.NameOf(rows) + ";");
        }
        if (PassesKernelEmitter.HasBothRows(kernel))
        {
            writer.Line("public int " + PassesKernelEmitter.RowsOfSteps + ";");
        }
        if (HasMask(kernel))
        {
            writer.Line("public int First;");
        }
        if (HasExampleCount(kernel))
        {
            writer.Line("public float Examples;");
        }
        if (HasStepCount(kernel))
        {
            writer.Line("public float Steps;");
        }
    }

    private static void WriteBody(SourceWriter writer, NamedKernel named, bool onTensorCores)
    {
        switch (named.Kernel)
        {
            case PassKernel pass:
                PassKernelEmitter.Emit(writer, pass.Program, named.Fields);
                break;
            case PassesKernel passes:
                PassesKernelEmitter.Emit(writer, passes, named.Fields);
                break;
            case SumKernel sum:
                SumKernelEmitter.Emit(writer, sum, named.Fields);
                break;
            case SumsKernel sums:
                SumKernelEmitter.EmitJoined(writer, sums, named.Fields);
                break;
            case AddSumsKernel adding:
                SumKernelEmitter.EmitAdding(writer, adding, named.Fields);
                break;
            case ProductKernel product:
                ProductKernelEmitter.Emit(writer, named, product, onTensorCores);
                break;
            case FusedProductKernel fused:
                ProductKernelEmitter.Emit(writer, named, fused, new ProductEpilogueEmitter(writer, fused, named), onTensorCores);
                break;
            case ProductsKernel:
                ProductsKernelEmitter.Emit(writer, named, onTensorCores);
                break;
            case ProductSumsKernel:
                ProductSumsKernelEmitter.Emit(writer, named, onTensorCores);
                break;
            case AddProductSumsKernel adding:
                AddProductSumsEmitter.Emit(writer, adding, named.Fields);
                break;
            case PoolKernel pool:
                PoolKernelEmitter.Emit(writer, pool, named.Fields);
                break;
            case LoopKernel loop:
                LoopKernelEmitter.Emit(writer, loop);
                break;
            default:
                LookupKernelEmitter.Emit(writer, named);
                break;
        }
    }
}
