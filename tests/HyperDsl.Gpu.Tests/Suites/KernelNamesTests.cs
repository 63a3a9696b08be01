using HyperDsl.Generator.Emit.Gpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Gpu.Tests;

/// <summary>Kernels speak the user's language.</summary>
public sealed class KernelNamesTests
{
    [Fact]
    public void Kernels_are_called_after_what_they_write_and_buffers_after_what_is_in_them()
    {
        string kernels = Kernels("Named", """
            private readonly Weight gain = new(5);
            [Predict] public Tensor Scores([Shape(5)] Tensor image)
            {
                Tensor loudness = image * image * gain;
                return loudness / Sum(loudness);
            }
            """);
        Assert.Contains("private static void ComputeScores(ComputeScoresArguments args)", kernels, StringComparison.Ordinal);
        Assert.Contains("public ArrayView<float> Image;", kernels, StringComparison.Ordinal);
        Assert.Contains("float gain_", kernels, StringComparison.Ordinal);
        Assert.Contains("args.Scores[", kernels, StringComparison.Ordinal);
    }

    [Fact]
    public void Launches_of_equal_kernels_agree_on_words()
    {
        string kernels = Kernels("Agreeing", """
            private readonly Linear first = new(40, 40), second = new(40, 40);
            [Predict] public Tensor Scores([Shape(40)] Tensor image)
            {
                Tensor bright = Relu(first.Call(image));
                return Relu(second.Call(bright));
            }
            """);
        Assert.Contains("public ArrayView<float> Weight;", kernels, StringComparison.Ordinal);
        Assert.Contains("public ArrayView<float> Bias;", kernels, StringComparison.Ordinal);
        // One reads the image and writes what the other one reads.
        Assert.Contains("public ArrayView<float> Operand0;", kernels, StringComparison.Ordinal);
        Assert.DoesNotContain("First", kernels, StringComparison.Ordinal);
        Assert.DoesNotContain("Bright", kernels, StringComparison.Ordinal);
    }

    /// <summary>The generator's output compiles, without a warning, whatever values are called.</summary>
    [Theory]
    [InlineData("rows", "examples", "steps", "key", "first", "rowsOfSteps")]
    [InlineData("parameters", "gradients", "common", "lanes", "args", "reduction")]
    [InlineData("index", "lane", "example", "column", "row0", "inside")]
    [InlineData("operand0", "operand1", "operand", "sum", "maximum", "value")]
    [InlineData("x", "x2", "x22", "X", "_x", "@float")]
    [InlineData("equals", "toString", "getType", "memberwiseClone", "getHashCode", "finalize")]
    [InlineData("行", "scoresArguments", "lossKernel", "gpuKernels", "arrayView", "operands")]
    public void Values_may_be_called_like_everything_that_a_kernel_declares(params string[] names)
    {
        string weights = string.Concat(names.Select(name => $"private readonly Weight {name} = new(6);\n"));
        string product = string.Concat(names.Select(name => $" * Tanh(this.{name} + image)"));
        Kernels("Clashing", $$"""
            {{weights}}
            private readonly Weight square = new(6, 6);
            private readonly Lstm cell = new(6, 6);
            [Predict] public Tensor Scores([Shape(6)] Tensor image) => Dropout(Softmax(Dot(square, image{{product}})), 0.5);
            [Loss] public Tensor Loss([Steps, Shape(6)] Tensor image) => MeanOverSteps(Sum(Dropout(cell.Scan(image{{product}}), 0.5)));
            """);
    }

    /// <summary>A kernel's method, the object it is launched by, and the structure of its buffers have names of their own.</summary>
    [Fact]
    public void Entries_and_values_may_be_called_like_parts_of_other_kernels()
    {
        string kernels = Kernels("Parts", """
            private readonly Weight gain = new(5), kernel = new(5);
            [Predict] public Tensor Blur([Shape(5)] Tensor image) => image / Sum(image * gain);
            [Predict] public Tensor BlurKernel([Shape(5)] Tensor image) => Tanh(image);
            [Predict] public Tensor BlurArguments([Shape(5)] Tensor image) => Sin(image);
            [Predict] public Tensor Kernel([Shape(5)] Tensor image) => kernel * 1;
            [Predict] public Tensor Arguments([Shape(5)] Tensor image) => image + 1;
            """);
        Assert.Contains("void ComputeBlur(ComputeBlurArguments args)", kernels, StringComparison.Ordinal);
        Assert.Contains("void ComputeBlurKernelValue(ComputeBlurKernelValueArguments args)", kernels, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_are_apart_from_numbers_and_from_what_every_structure_has()
    {
        string[] labels = ["rows", "rows of steps", "examples", "steps", "key", "first", "parameters", "gradients", "common", "lanes", "equals", "to string"];
        string[] fields = KernelFields.Of(labels.Select(label => new ValueLabel(label, true)).ToEquatable());
        Assert.All(fields, field => Assert.EndsWith("Value", field, StringComparison.Ordinal));
        Assert.Equal(
            ["Operand0", "Gain", "GainOfNorm", "Operand3", "Gain2", "GatherArgumentsValue"],
            KernelFields.Of(new[] { "", "gain", "gain of norm", "", "gain", "gather arguments" }
                .Select(label => new ValueLabel(label, true)).ToEquatable()));
    }

    [Fact]
    public void Watching_a_value_leaves_other_routines_as_they_were()
    {
        const string Body = """
            private readonly Rnn cell = new(3, 8);
            private readonly Weight gain = new(8);
            [Predict] public Tensor Hidden([Steps, Shape(3)] Tensor x) => cell.Scan(x) * gain;
            [Loss] public Tensor Loss([Steps, Shape(3)] Tensor x) => MeanOverSteps(Sum(Square(WATCH)));
            """;
        EmittedModel plain = Model("Plain", Body.Replace("WATCH", "Hidden(x)", StringComparison.Ordinal));
        EmittedModel watching = Model("Watching", Body.Replace("WATCH", "Watch(\"seen\", Hidden(x))", StringComparison.Ordinal));
        foreach (string routine in new[] { "HiddenEvaluation", "LossEvaluation", "LossTraining" })
        {
            string file = "Small.M.Gpu." + routine + ".g.cs";
            Assert.Equal(plain.Files[file], watching.Files[file]);
        }
        string alone = plain.Files["Small.M.Gpu.Kernels.g.cs"];
        string kernels = alone[..alone.IndexOf("internal static readonly GpuKernel[] All", StringComparison.Ordinal)];
        Assert.Equal(kernels, watching.Files["Small.M.Gpu.Kernels.g.cs"][..kernels.Length]);
    }

    private static string Kernels(string name, string body) => Model(name, body).Files["Small.M.Gpu.Kernels.g.cs"];

    private static EmittedModel Model(string name, string body) => EmittedModel.Of(name, $$"""
        namespace Small;
        [HyperModel]
        public sealed partial class M : Model
        {
            {{body}}
        }
        """);
}
