using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Trace;

public class SizeTests
{
    /// <summary>Forty layers as a loop, 36 kernels from one generator in 16 × 16 blocks.</summary>
    internal const string WideResidual = """
        [Network] public sealed partial class Block
        {
            readonly StaticHyperConv first, second;
            readonly Convolution2d? shortcut;
            readonly BatchNorm a, b;
            public Block(KernelGenerator generator, int inputs, int outputs, int stride)
            {
                first = new(generator, inputs / 16, outputs / 16, stride, bias: false);
                second = new(generator, outputs / 16, outputs / 16, bias: false);
                shortcut = inputs == outputs ? null : new(inputs, outputs, 1, stride: stride);
                a = new(inputs);
                b = new(outputs);
            }
            public Tensor Call(Tensor x)
            {
                Tensor y = Relu(a.Call(x));
                Tensor z = second.Call(Relu(b.Call(first.Call(y))));
                return z + (shortcut?.Call(y) ?? x);
            }
        }
        [HyperModel] public sealed partial class M : Model
        {
            const int Widen = 2;
            [Hyper] readonly KernelGenerator generator = new(16, 16, 3, 64, 64);
            readonly Convolution2d stem = new(3, 16, 3);
            readonly List<Block> blocks = [];
            readonly BatchNorm norm = new(64 * Widen);
            readonly Linear output = new(64 * Widen, 10);
            public M()
            {
                int inputs = 16;
                foreach (int width in new[] { 16, 32, 64 })
                {
                    for (int i = 0; i < 6; i++)
                    {
                        blocks.Add(new Block(generator, inputs, width * Widen, stride: i == 0 && width > 16 ? 2 : 1));
                        inputs = width * Widen;
                    }
                }
            }
            [Predict] public Tensor Logits([Shape(32, 32, 3)] Tensor image)
            {
                Tensor x = stem.Call(image);
                foreach (Block block in blocks) x = block.Call(x);
                return output.Call(Mean(Relu(norm.Call(x)), [0, 1]));
            }
            [Loss] public Tensor Loss([Shape(32, 32, 3)] Tensor image, [Classes(10)] Label label) => CrossEntropy(Logits(image), label);
        }
        """;

    [Fact]
    public void Tracing_grows_with_the_network_and_not_with_its_square()
    {
        (TracedModel model, long bytes) = Traced(WideResidual);
        Assert.Equal(36, model.Parameters.Count(parameter => parameter.Name.EndsWith(".embedding", StringComparison.Ordinal)));
        (TracedModel twice, long bytesOfTwice) = Traced(WideResidual.Replace("i < 6", "i < 12"));
        Assert.Equal(72, twice.Parameters.Count(parameter => parameter.Name.EndsWith(".embedding", StringComparison.Ordinal)));
        // Twice is linear, four times quadratic; binding the class itself is a constant on top.
        Assert.InRange(bytesOfTwice, bytes, 3 * bytes);
    }

    /// <summary>A second tracing, when all that is made once has been made, and what it allocated.</summary>
    private static (TracedModel Model, long Bytes) Traced(string source)
    {
        CSharpCompilation compilation = Tracing.Compile(source);
        Tracing.TraceModel(compilation);
        CSharpCompilation again = compilation.Clone();
        long before = GC.GetAllocatedBytesForCurrentThread();
        TracedModel model = Tracing.TraceModel(again);
        return (model, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
