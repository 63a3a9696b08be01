namespace HyperDsl.Generator.Tests.Steps;

/// <summary>
/// Hyper WRN (Ha, Dai and Le 2016, section 4.2) as a user writes it: loops over blocks, 36 kernels from one generator of basic
/// 16 × 16 kernels, parameter-free shortcuts.
/// </summary>
internal static class WideResidualNetwork
{
    /// <summary>The source of a network with 6·<paramref name="depth"/> + 4 layers.</summary>
    /// <param name="depth">Blocks in each of the three groups: 6 for WRN 40.</param>
    /// <param name="width">Widening factor k: 2 for WRN 40-2.</param>
    public static string Source(int depth, int width) => $$"""
        [Network] public sealed partial class Block
        {
            readonly BatchNorm firstNorm, secondNorm;
            readonly StaticHyperConv first, second;
            readonly int stride, added;

            public Block(KernelGenerator generator, int inputs, int outputs, int stride)
            {
                firstNorm = new(inputs);
                secondNorm = new(outputs);
                first = new(generator, inputs / 16, outputs / 16, stride);
                second = new(generator, outputs / 16, outputs / 16);
                this.stride = stride;
                added = outputs - inputs;
            }

            public Tensor Call(Tensor x)
            {
                Tensor y = first.Call(Relu(firstNorm.Call(x)));
                y = second.Call(Relu(secondNorm.Call(y)));
                return y + Shortcut(x);
            }

            Tensor Shortcut(Tensor x)
            {
                Tensor smaller = stride == 1 ? x : AveragePool2d(x, 1, stride);
                return added == 0 ? smaller : Pad(smaller, [0, 0, 0], [0, 0, added]);
            }
        }

        [HyperModel] public sealed partial class Wrn : Model
        {
            const int Depth = {{depth}}, Width = {{width}};

            [Hyper] readonly KernelGenerator generator = new(16, 16, 3, 64, 64);
            readonly Convolution2d stem = new(3, 16, 3);
            readonly BatchNorm stemNorm = new(16);
            readonly List<Block> blocks = [];
            readonly BatchNorm lastNorm = new(64 * Width);
            readonly Linear readout = new(64 * Width, 10);

            public Wrn()
            {
                int channels = 16;
                for (int group = 0; group < 3; group++)
                {
                    for (int i = 0; i < Depth; i++)
                    {
                        int outputs = (16 << group) * Width;
                        blocks.Add(new Block(generator, channels, outputs, group > 0 && i == 0 ? 2 : 1));
                        channels = outputs;
                    }
                }
            }

            [Predict] public Tensor Logits([Shape(32, 32, 3)] Tensor image)
            {
                Tensor x = stemNorm.Call(stem.Call(image));
                foreach (Block block in blocks)
                {
                    x = block.Call(x);
                }
                return readout.Call(Mean(Relu(lastNorm.Call(x)), [0, 1]));
            }

            [Loss] public Tensor Loss([Shape(32, 32, 3)] Tensor image, [Classes(10)] Label label) => CrossEntropy(Logits(image), label);
        }
        """;
}
