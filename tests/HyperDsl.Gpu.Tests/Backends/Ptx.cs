extern alias benchmarks;

using System.Reflection;
using System.Text.RegularExpressions;
using benchmarks::HyperDsl.GpuBenchmarks;
using HyperDsl.Models;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace HyperDsl.Gpu.Tests;

/// <summary>PTX text of kernels, for which no device is needed.</summary>
internal static partial class Ptx
{
    /// <summary>Models of a size for which tiles are large; all others here are small.</summary>
    private static readonly string[] Benchmarks = ["_HyperLstm512", "_Convolution64"];

    private static readonly Lazy<PTXBackend> Backend = new(() => NewBackend(NewContext(), new CudaArchitecture(8, 0)));

    /// <summary>Kernels that emitted code launches, by model, and those of the library, under the name of their class.</summary>
    public static IReadOnlyDictionary<string, GpuKernel[]> Kernels { get; } = Find();

    /// <summary>What a device of compute capability 8.0 gets if the kernel has one form, or the form for tensor cores.</summary>
    public static string TextOf(GpuKernel kernel, bool onTensorCores = false) => TextOf(kernel.MethodFor(onTensorCores), Backend.Value);

    /// <summary>The texts of all forms of a kernel.</summary>
    public static IEnumerable<string> TextsOf(GpuKernel kernel) =>
        kernel.OnTensorCores is null ? [TextOf(kernel)] : [TextOf(kernel), TextOf(kernel, onTensorCores: true)];

    /// <summary>
    /// The same text whatever was compiled before: a context keeps what its optimiser made of methods that kernels share, so each text
    /// has a context of its own; ids, which count through the process, are numbered anew.
    /// </summary>
    public static string StableTextOf(GpuKernel kernel, bool onTensorCores = false)
    {
        using Context context = NewContext();
        using PTXBackend backend = NewBackend(context, new CudaArchitecture(8, 0));
        return Normalised(TextOf(kernel.MethodFor(onTensorCores), backend));
    }

    /// <summary>What a device of some architecture gets.</summary>
    public static string TextFor(GpuKernel kernel, CudaArchitecture architecture)
    {
        using Context context = NewContext();
        using PTXBackend backend = NewBackend(context, architecture);
        return TextOf(kernel.MethodFor(TensorCores.AreIn(architecture)), backend);
    }

    private static Context NewContext() => Context.Create(builder => builder.Optimize(OptimizationLevel.O1));

    private static PTXBackend NewBackend(Context context, CudaArchitecture architecture) =>
        new(context, new CudaCapabilityContext(architecture), architecture, new CudaInstructionSet(7, 8), null);

    private static string TextOf(MethodInfo method, PTXBackend backend) => ((PTXCompiledKernel)backend.Compile(
        EntryPointDescription.FromExplicitlyGroupedKernel(method), default)).PTXAssembly;

    /// <summary>Ids numbered by first use.</summary>
    private static string Normalised(string text)
    {
        Dictionary<string, string> numbers = [];
        return Id().Replace(text, match =>
        {
            if (!numbers.TryGetValue(match.Value, out string? number))
            {
                number = match.Groups[1].Value + numbers.Count;
                numbers.Add(match.Value, number);
            }

            return number;
        });
    }

    /// <summary>Functions that are called and not defined in the text.</summary>
    public static IEnumerable<string> Unresolved(string text)
    {
        HashSet<string> defined = [.. Definition().Matches(text).Select(match => match.Groups[1].Value)];
        return Call().Matches(text).Select(match => match.Groups[1].Value).Where(name => !defined.Contains(name)).Distinct();
    }

    private static Dictionary<string, GpuKernel[]> Find()
    {
        Dictionary<string, GpuKernel[]> found = typeof(PlainCharacters).Assembly.GetTypes()
            .Concat(typeof(DeviceCase).Assembly.GetTypes().Where(type => Benchmarks.Any(model => type.Namespace?.EndsWith(model, StringComparison.Ordinal) ?? false)))
            .Where(type => type.Name == "GpuKernels")
            .ToDictionary(
                type => type.Namespace!.Split('.')[^1],
                type => (GpuKernel[])type.GetField("All", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!);
        foreach (Type holder in new[] { typeof(MemoryKernels), typeof(OptimizerKernels) })
        {
            found.Add(holder.Name, [.. holder.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.FieldType.IsSubclassOf(typeof(GpuKernel))).Select(field => (GpuKernel)field.GetValue(null)!)]);
        }

        return found;
    }

    [GeneratedRegex(@"(L_|_[A-Za-z]\w*?_)\d+")]
    private static partial Regex Id();

    [GeneratedRegex(@"\.(?:func|entry)\s*(?:\([^)]*\)\s*)?([A-Za-z_]\w*)")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\bcall(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?([A-Za-z_]\w*)")]
    private static partial Regex Call();
}
