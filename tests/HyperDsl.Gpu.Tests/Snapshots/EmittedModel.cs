using System.Reflection;
using System.Runtime.Loader;
using HyperDsl.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Gpu.Tests;

/// <summary>What the generator writes for the GPU of a small model, and the kernels in it.</summary>
internal sealed class EmittedModel
{
    private const string Usings = """
        using System;
        using HyperDsl;
        using static HyperDsl.TensorMath;

        """;

    /// <summary>How the declaration of a kernel, or of the list of all, begins.</summary>
    private const string Declaration = "        internal static readonly Gpu";

    private const int Indentation = 8;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("HyperDsl.Gpu.Models", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Lazy<GpuKernel[]> kernels;

    private EmittedModel(string name, string source)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Small" + name,
            [CSharpSyntaxTree.ParseText(Usings + source, Options)],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new HyperGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorDriverRunResult result = driver.GetRunResult();
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Files = result.Results.Single().GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());
        kernels = new(() => Load(output));
    }

    /// <summary>A convolution with a generated kernel, relu, pooling and a linear layer.</summary>
    public static EmittedModel HyperDigits { get; } = new("HyperDigits", """
        namespace Small;
        [HyperModel]
        public sealed partial class HyperDigits : Model
        {
            private readonly StaticHyperConv convolution = new(new KernelGenerator(2, 16, size: 3, embedding: 2, hidden: 2));
            private readonly Linear readout = new(4 * 4 * 16, 10);

            [Predict] public Tensor Logits([Shape(8, 8, 2)] Tensor image) =>
                readout.Call(Flatten(MaxPool2d(Relu(convolution.Call(image)), 2)));

            [Loss] public Tensor Loss([Shape(8, 8, 2)] Tensor image, [Classes(10)] Label label) => CrossEntropy(Logits(image), label);
        }
        """);

    /// <summary>A layer-norm HyperLSTM alone.</summary>
    public static EmittedModel HyperLstm { get; } = new("HyperLstm", """
        namespace Small;
        [HyperModel]
        public sealed partial class Recurrent : Model
        {
            private readonly HyperLstm cell = new(3, 8, hyperUnits: 4, embedding: 2, layerNorm: true);

            [Predict] public Tensor Hidden([Steps, Shape(3)] Tensor x) => cell.Scan(x);

            [Loss] public Tensor Loss([Steps, Shape(3)] Tensor x) => MeanOverSteps(Sum(Square(Hidden(x))));
        }
        """);

    /// <summary>The same with recurrent weights for which the host keeps the loop.</summary>
    public static EmittedModel LargeHyperLstm { get; } = new("LargeHyperLstm", """
        namespace Small;
        [HyperModel]
        public sealed partial class LargeRecurrent : Model
        {
            private readonly HyperLstm cell = new(3, 256, hyperUnits: 4, embedding: 2, layerNorm: true);

            [Predict] public Tensor Hidden([Steps, Shape(3)] Tensor x) => cell.Scan(x);

            [Loss] public Tensor Loss([Steps, Shape(3)] Tensor x) => MeanOverSteps(Sum(Square(Hidden(x))));
        }
        """);

    /// <summary>A layer large enough for tensor cores.</summary>
    public static EmittedModel RoundedLayer { get; } = new("RoundedLayer", """
        namespace Small;
        [HyperModel(GpuTensorCores = true)]
        public sealed partial class RoundedLayer : Model
        {
            private readonly Weight weight = new(24, 128);

            [Predict] public Tensor Values([Shape(64, 24)] Tensor x) => Tanh(Dot(x, weight));

            [Loss] public Tensor Loss([Shape(64, 24)] Tensor x) => Mean(Square(Values(x)));
        }
        """);

    /// <summary>Convolutions of several sizes with kernels of one generator.</summary>
    public static EmittedModel GeneratedLayers(int equalLayers) => new("GeneratedLayers" + equalLayers, $$"""
        namespace Small;
        using System.Collections.Generic;
        [HyperModel]
        public sealed partial class GeneratedLayers : Model
        {
            private readonly KernelGenerator generator = new(2, 2, size: 3, embedding: 4, hidden: 5);
            private readonly List<StaticHyperConv> layers = [];
            private readonly Linear readout = new(8 * 8 * 6, 10);

            public GeneratedLayers()
            {
                layers.Add(new StaticHyperConv(generator, inBlocks: 1, outBlocks: 2));
                for (int layer = 0; layer < {{equalLayers}}; layer++)
                {
                    layers.Add(new StaticHyperConv(generator, inBlocks: 2, outBlocks: 2));
                }
                layers.Add(new StaticHyperConv(generator, inBlocks: 2, outBlocks: 3));
            }

            [Predict] public Tensor Logits([Shape(8, 8, 2)] Tensor image)
            {
                foreach (StaticHyperConv layer in layers)
                {
                    image = Relu(layer.Call(image));
                }
                return readout.Call(Flatten(image));
            }

            [Loss] public Tensor Loss([Shape(8, 8, 2)] Tensor image, [Classes(10)] Label label) => CrossEntropy(Logits(image), label);
        }
        """);

    /// <summary>A model of one's own.</summary>
    /// <param name="name">A name for its assembly.</param>
    /// <param name="source">Its source, behind the usual usings.</param>
    public static EmittedModel Of(string name, string source) => new(name, source);

    /// <summary>Emitted files by the generator's names for them.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The code of a kernel, with its arguments.</summary>
    public string Code(GpuKernel kernel)
    {
        string text = Files.Single(file => file.Key.EndsWith(".Gpu.Kernels.g.cs", StringComparison.Ordinal)).Value;
        int begin = text.IndexOf($"<{kernel.Name}Arguments>", StringComparison.Ordinal);
        begin = text.LastIndexOf('\n', begin) + 1;
        int end = text.IndexOf(Declaration, begin + Declaration.Length, StringComparison.Ordinal);
        return string.Join('\n', text[begin..end].TrimEnd().Split('\n').Select(line => line.Length > Indentation ? line[Indentation..] : "")) + "\n";
    }

    public IReadOnlyList<GpuKernel> Kernels => kernels.Value;

    /// <summary>The first kernel of a kind, by the beginning of its name.</summary>
    public GpuKernel Kernel(string beginning)
    {
        GpuKernel? found = kernels.Value.FirstOrDefault(kernel => kernel.Name.StartsWith(beginning, StringComparison.Ordinal));
        Assert.True(found is not null, $"No kernel is named {beginning}…; there are: {string.Join(", ", kernels.Value.Select(kernel => kernel.Name))}");
        return found!;
    }

    private static GpuKernel[] Load(Compilation compilation)
    {
        using MemoryStream stream = new();
        Assert.True(compilation.Emit(stream).Success);
        stream.Position = 0;
        Assembly assembly = new AssemblyLoadContext(compilation.AssemblyName, isCollectible: false).LoadFromStream(stream);
        return (GpuKernel[])assembly.GetTypes().Single(type => type.Name == "GpuKernels")
            .GetField("All", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
    }
}
