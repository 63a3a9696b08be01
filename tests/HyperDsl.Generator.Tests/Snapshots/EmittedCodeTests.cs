using System.Globalization;

namespace HyperDsl.Generator.Tests.Snapshots;

/// <summary>
/// Emitted code as its readers see it. A wanted change is accepted by renaming <c>*.received.cs</c> to <c>*.verified.cs</c>.
/// </summary>
public sealed class EmittedCodeTests
{
    private const string Perceptron = """
        namespace Small;
        [HyperModel]
        public sealed partial class Perceptron : Model
        {
            private readonly Linear hidden = new(6, 5), output = new(5, 3);
            private readonly LayerNorm norm = new(5);

            [Predict] public Tensor Logits([Shape(6)] Tensor x) =>
                output.Call(Dropout(Relu(norm.Call(hidden.Call(x))), keep: 0.75));

            [Loss] public Tensor Loss([Shape(6)] Tensor x, [Classes(3)] Label label) => CrossEntropy(Logits(x), label);
        }
        """;

    private const string Normalised = """
        namespace Small;
        [HyperModel]
        public sealed partial class Normalised : Model
        {
            private readonly Convolution2d convolution = new(2, 4, 3, stride: 2, groups: 2, bias: false);
            private readonly BatchNorm norm = new(4);

            [Predict] public Tensor Pooled([Shape(6, 6, 2)] Tensor image) => Mean(Tanh(norm.Call(convolution.Call(image))), [0, 1]);

            [Loss] public Tensor Loss([Shape(6, 6, 2)] Tensor image, [Shape(4)] Tensor target) =>
                MeanSquaredError(Pooled(image), target);
        }
        """;

    private const string PerExample = """
        namespace Small;
        [HyperModel]
        public sealed partial class PerExample : Model
        {
            [Hyper] private readonly Linear generator = new(3, 8);

            [Predict] public Tensor Output([Shape(3)] Tensor condition, [Shape(4)] Tensor x) =>
                Tanh(Dot(Reshape(generator.Call(condition), 2, 4), x));

            [Loss] public Tensor Loss([Shape(3)] Tensor condition, [Shape(4)] Tensor x, [Shape(2)] Tensor target) =>
                MeanSquaredError(Output(condition, x), target);
        }
        """;

    private const string Dynamic = """
        namespace Small;
        [HyperModel]
        public sealed partial class Dynamic : Model
        {
            private readonly HyperLstm cell = new(inputs: 3, units: 20, hyperUnits: 8, embedding: 2, layerNorm: true);
            private readonly Linear readout = new(20, 5);

            [Loss] public Tensor Loss([Steps, Shape(3)] Tensor x, [Steps, Classes(5)] Label label) =>
                MeanOverSteps(CrossEntropy(readout.Call(cell.Scan(x)), label));
        }
        """;

    private const string Tiny = """
        [HyperModel(Float64 = true)]
        public sealed partial class Tiny : Model
        {
            private readonly Weight gain = new(4) { Init = Initialiser.Ones };

            [Loss] public Tensor Loss([Shape(4)] Tensor x) => Sum(Square(Sin(gain * x)));
        }
        """;

    private const string OtherPart = """
        public sealed partial class Tiny
        {
            private readonly Weight more = new(2);

            [Predict] public Tensor More([Shape(2)] Tensor x) => x * more * 0.5;
        }
        """;

    private const string Library = """
        namespace Layers;

        /// <summary>A gate, and layers behind it.</summary>
        [Network]
        public sealed partial class Gated(int units, int depth)
        {
            private readonly Weight gate = new(units);
            private readonly Linear[] layers = [.. Enumerable.Range(0, depth).Select(_ => new Linear(units, units))];

            public Weight? Bias { get; } = new(units);

            public Tensor Call(Tensor x) => layers.Aggregate(Sigmoid(gate) * x + Bias!, (y, layer) => Tanh(layer.Call(y)));
        }
        """;

    [Theory]
    [InlineData("Weights")]
    [InlineData("Plan")]
    [InlineData("LogitsEvaluation")]
    [InlineData("LogitsGeneration")]
    [InlineData("LogitsDeployed")]
    [InlineData("LossEvaluation")]
    [InlineData("LossTraining")]
    [InlineData("Passes")]
    public Task The_samples_hypernetwork(string part) =>
        Snapshot.Verify(EmittedCode.OfSample[$"StaticHyperNet.HyperNet.{part}.g.cs"], part);

    [Fact]
    public Task Dense_layers_with_normalisation_and_dropout() => Verified(Perceptron, "Small.Perceptron.LossTraining");

    [Fact]
    public Task Batch_normalisation() => Verified(Normalised, "Small.Normalised.LossTraining");

    [Fact]
    public Task Weights_of_ones_own_for_every_example() => Verified(PerExample, "Small.PerExample.LossTraining");

    [Theory]
    [InlineData("LossTraining")]
    [InlineData("Passes")]
    public Task A_hyper_lstm(string part) => Snapshot.Verify(EmittedCode.Of(Dynamic)[$"Small.Dynamic.{part}.g.cs"], part);

    [Theory]
    [InlineData("LossTraining64")]
    [InlineData("Passes")]
    public Task Double_precision(string part) =>
        Snapshot.Verify(EmittedCode.Of(Tiny)[$"Tiny.{part}.g.cs"], part);

    [Fact]
    public Task A_networks_visitor() => Verified(Library, "Layers.Gated.Weights");

    [Fact]
    public Task A_librarys_sources() => Verified(Library, "HyperSources");

    [Fact]
    public void The_guide_to_emitted_code_shows_what_is_emitted()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "HyperDsl.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        string page = File.ReadAllText(Path.Combine(folder!, "docs", "emitted-code.md")).ReplaceLineEndings("\n");
        string[] shown = page.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] emitted = [.. EmittedCode.OfSample["StaticHyperNet.HyperNet.LossTraining.g.cs"].Split('\n').Select(line => line.Trim())];
        Assert.All(shown, line => Assert.Contains(line, emitted));
    }

    [Fact]
    public void Every_file_of_the_sample_is_written_again_with_the_same_bytes()
    {
        // A partial class in two files, so that their order could matter.
        (string, string)[] files =
            [EmittedCode.Sample, ("A.cs", Tiny), ("B.cs", OtherPart)];
        string first = Joined(files);
        Assert.Contains("== StaticHyperNet.PlainNet.LossTraining.g.cs", first, StringComparison.Ordinal);
        Assert.Equal(first, Joined(files));
        Assert.Equal(first, Joined(files.Reverse()));
        CultureInfo before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "\u2212");
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(first, Joined(files));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Task Verified(
        string source, string file, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        IReadOnlyDictionary<string, string> emitted = EmittedCode.Of(source);
        Assert.True(
            emitted.ContainsKey(file + ".g.cs"), $"There is no {file}.g.cs, but {string.Join(", ", emitted.Keys.Order())}.");
        return Snapshot.Verify(emitted[file + ".g.cs"], method: method);
    }

    private static string Joined(IEnumerable<(string, string)> files) => string.Join(
        "\n",
        EmittedCode.Of(files).OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"== {file.Key}\n{file.Value}"));
}
