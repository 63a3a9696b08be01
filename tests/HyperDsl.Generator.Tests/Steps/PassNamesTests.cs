using System.Text.RegularExpressions;
using HyperDsl.Generator.Tests.Snapshots;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>Fused passes speak the user's language: their parameters, their values and their own names.</summary>
public sealed class PassNamesTests
{
    [Fact]
    public void A_pass_is_called_after_what_it_writes_and_its_values_as_in_the_source()
    {
        string passes = PassesOf("""
            readonly Weight gain = new(40);
            [Predict] public Tensor P([Shape(40)] Tensor image)
            {
                Tensor scaled = gain * image;
                Tensor centred = scaled - Mean(scaled, [0], keep: true);
                return centred * Sigmoid(centred);
            }
            """);
        Assert.Contains("ComputeP(float* gain, float* image, float* p, int rows)", Signatures(passes));
        Assert.Matches(@"Vector512<float> scaled_\d+ = gain_\d+ \* image_\d+;", passes);
        Assert.Matches(@"Vector512<float> centred_\d+ = scaled_\d+ - ", passes);
        Assert.Matches(@"Vector512<float> sigmoidOfCentred_\d+ = VectorMath\.Sigmoid\(centred_\d+\);", passes);
    }

    [Fact]
    public void Gradients_are_called_after_what_they_are_of()
    {
        string passes = PassesOf("""
            readonly Weight bias = new(7);
            readonly Weight w = new(7, 4);
            [Loss] public Tensor L([Shape(4)] Tensor x)
            {
                Tensor sum = Dot(w, x) + bias;
                Tensor y = Tanh(sum);
                return Sum(y * y * y);
            }
            """);
        Assert.Contains(Signatures(passes), signature => signature.Contains("float* wProduct, float* bias,", StringComparison.Ordinal));
        Assert.Contains(Signatures(passes), signature => signature.StartsWith("ComputeGradientOfSum(", StringComparison.Ordinal)
            && signature.Contains("float* gradientOfBias", StringComparison.Ordinal));
    }

    [Fact]
    public void Layers_that_share_a_pass_call_its_operands_by_what_their_names_have_in_common()
    {
        string[] passes = Signatures(PassesOf("""
            readonly Linear first = new(6, 6), second = new(6, 6);
            readonly Weight gain = new(6), other = new(6);
            [Predict] public Tensor P([Shape(6)] Tensor x) => second.Call(Relu(first.Call(Relu(second.Call(Relu(first.Call(x)))))));
            [Predict] public Tensor Q([Shape(6)] Tensor x) => Sin(gain * x);
            [Predict] public Tensor R([Shape(6)] Tensor x) => Sin(other * x);
            """));
        Assert.Contains("AddRelu(float* y, float* bias, float* relu, int rows)", passes);
        Assert.Contains("ComputeP(float* y, float* secondBias, float* p, int rows)", passes);
        Assert.Contains("MultiplySin(float* operand0, float* x, float* operand2, int rows)", passes);
    }

    /// <summary>A pass that only adds up says so; one that stores something without a name beside it does not.</summary>
    [Fact]
    public void A_verb_says_whether_a_pass_stores()
    {
        string[] normalised = Signatures(PassesOf("""
            readonly BatchNorm norm = new(4);
            readonly Convolution2d convolution = new(2, 4, 3, bias: false);
            [Predict] public Tensor P([Shape(6, 6, 2)] Tensor image) => Mean(Tanh(norm.Call(convolution.Call(image))), [0, 1]);
            [Loss] public Tensor L([Shape(6, 6, 2)] Tensor image, [Shape(4)] Tensor target) => MeanSquaredError(P(image), target);
            """));
        Assert.Contains(normalised, pass => pass.StartsWith("ComputeGradientOfNormShiftAndGradientOfNormGain(", StringComparison.Ordinal));
        Assert.Contains(normalised, pass => pass.StartsWith("ComputeBatchMeanAndNewValueOfNormMean(", StringComparison.Ordinal));
        string[] recurrent = Signatures(PassesOf("""
            readonly HyperLstm cell = new(3, 20, 8, 2, layerNorm: true);
            [Loss] public Tensor L([Steps, Shape(3)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
            """));
        Assert.Contains(recurrent, pass => pass.StartsWith("AddToGradientOfGateNormShift(", StringComparison.Ordinal));
        Assert.Contains(recurrent, pass => pass.StartsWith("FillGradientOfState(", StringComparison.Ordinal));
        Assert.Contains(recurrent, pass => pass.StartsWith("MoveGradientOf", StringComparison.Ordinal));
    }

    /// <summary>Names of functions of functions would grow with the chain, and C# allows a name some thousand bytes.</summary>
    [Fact]
    public void Long_names_and_long_chains_are_cut()
    {
        string chain = string.Concat(Enumerable.Repeat("Sin(Cos(", 150)) + "gain * image" + new string(')', 300);
        string passes = PassesOf($$"""
            readonly Weight gain = new(40);
            [Predict] public Tensor P([Shape(40)] Tensor image) => Sum(Watch("{{new string('w', 2000)}}", {{chain}})) * image;
            """);
        Assert.All(Regex.Matches(passes, @"\w+").Select(word => word.Value), word => Assert.InRange(word.Length, 1, 200));
        Assert.DoesNotContain("OfCosOf", passes, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_may_be_called_like_everything_that_a_pass_declares()
    {
        Compilation output = GeneratorDriving.Run(
            Tracing.Compile("""
                [HyperModel(Float64 = true)] public sealed partial class M : Model
                {
                    readonly Weight rows = new(20), example = new(20), column = new(20), column0 = new(20), row0 = new(20), first = new(20);
                    readonly Weight count = new(20), left = new(20), key = new(20), steps = new(20), examples = new(20), rowMemory = new(20);
                    readonly Weight left2 = new(20), leftRow0 = new(20), leftExample = new(20), leftRow = new(20), leftAll = new(20), stepsColumn0 = new(20);
                    readonly Weight @class = new(20), @float = new(20), nint = new(20), Vector512 = new(20), Lanes = new(20), frame = new(20), t = new(20);
                    readonly Weight equals = new(20), compiledPasses = new(20);
                    readonly Weight w = new(20, 20);

                    Tensor Norm(Tensor left, Tensor gain)
                    {
                        Tensor row0 = left - Mean(left, [-1], keep: true);
                        Tensor column = row0 / Sqrt(Mean(row0 * row0, [-1], keep: true) + 1e-3);
                        return column * gain;
                    }

                    Tensor Body(Tensor leftRow0Example)
                    {
                        Tensor compiledPasses = leftRow0Example * rows + example;
                        Tensor count_2 = Norm(Reshape(compiledPasses * column + column0, 4, 5), Reshape(row0, 4, 5));
                        Tensor key = Reshape(count_2, 20) * first + count;
                        Tensor steps = Dropout(Tanh(key * left + this.key), keep: 0.5);
                        Tensor examples = Norm(steps * this.steps + this.examples, rowMemory) * left2 + leftRow0;
                        Tensor _ = examples * leftExample + leftRow;
                        Tensor Σ = _ * leftAll + stepsColumn0 * @class * @float;
                        Tensor rows2 = Dot(w, Exp(Σ * nint * Vector512 * Lanes)) * frame * t;
                        return rows2 * equals * this.compiledPasses;
                    }

                    [Loss] public Tensor L([Steps, Shape(20)] Tensor leftRow0Example) => MeanOverSteps(Mean(Square(Body(leftRow0Example))));
                    [Predict] public Tensor CompiledPasses([Shape(20)] Tensor column) => Body(column);
                }
                """),
            out GeneratorDriverRunResult result);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    private static string PassesOf(string members) =>
        EmittedCode.Of("[HyperModel] public sealed partial class M : Model {\n" + members + "\n}")["M.Passes.g.cs"];

    private static string[] Signatures(string passes) =>
        [.. Regex.Matches(passes, @"internal static void (\w+\(.*\))").Select(match => match.Groups[1].Value)];
}
