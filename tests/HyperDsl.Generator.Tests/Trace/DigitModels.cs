namespace HyperDsl.Generator.Tests.Trace;

/// <summary>The two networks of the original notebook, built from one class: the text that several tests share.</summary>
internal static class DigitModels
{
    public const string Networks = """
        [Network] public sealed partial class ConvLayer(int size, int inputs, int outputs)
        {
            readonly Weight kernel = new(size, size, inputs, outputs);
            readonly Weight bias = new(outputs);
            public Tensor Call(Tensor x) => Conv2d(x, kernel) + bias;
        }
        [Network] public sealed partial class Readout(int inputs, int outputs)
        {
            readonly Weight w = new(outputs, inputs), b = new(outputs);
            public Tensor Call(Tensor x) => Dot(w, x) + b;
        }
        [Network] public sealed partial class KernelMaker(int inputs, int outputs, int size, int embedding)
        {
            readonly Weight w = new(inputs, embedding, embedding), b = new(inputs, embedding);
            readonly Weight wOut = new(size, size, outputs, embedding), bOut = new(size, size, outputs);
            public Tensor Call(Tensor z)
            {
                Tensor a = Dot(w, z) + b;
                return Einsum("yxod,id->yxio", wOut, a) + Reshape(bOut, size, size, 1, outputs);
            }
        }
        """;

    public const string Models = """
        [Network] public abstract partial class DigitNet(bool hyper) : Model
        {
            readonly ConvLayer first = new(7, 1, 16);
            [Hyper] readonly KernelMaker? generator = hyper ? new(16, 16, 7, 4) : null;
            readonly Weight? kernel = hyper ? null : new Weight(7, 7, 16, 16);
            readonly Weight? z = hyper ? new Weight(4) : null;
            readonly Readout output = new(49 * 16, 10);

            [Predict] public Tensor Logits([Shape(28, 28, 1)] Tensor image)
            {
                Tensor hidden = Pool(Relu(first.Call(image)));
                Tensor k = generator is null ? kernel! : generator.Call(z!);
                hidden = Pool(Relu(Conv2d(hidden, k)));
                return output.Call(Reshape(hidden, -1));
            }
            [Loss] public Tensor Loss([Shape(28, 28, 1)] Tensor image, [Classes(10)] Label label) => CrossEntropy(Logits(image), label);
            static Tensor Pool(Tensor x) => MaxPool(x, 2, 2, 2, 2, 0, 0, 0, 0);
        }
        [HyperModel] public sealed partial class HyperNet() : DigitNet(true);
        [HyperModel] public sealed partial class PlainNet() : DigitNet(false);
        """;
}
