using HyperDsl;
using HyperDsl.Training;
using Layers;
using static HyperDsl.TensorMath;

var model = new Stripes();
model.Initialise(seed: 1);
var random = new Random(2);
int[] labels = [.. Enumerable.Range(0, 64).Select(_ => random.Next(2))];
float[] images = [.. Enumerable.Range(0, 64 * 36).Select(i =>
    ((labels[i / 36] == 0 ? i % 6 : i % 36 / 6) % 2) + (0.2f * random.NextSingle()))];
Batch batch = new Batch(64).Add("image", images).Add("label", labels);
var trainer = new Trainer(model, new Adam(0.02));
double first = trainer.Step(batch);
for (int step = 0; step < 200; step++)
{
    trainer.Step(batch);
}

double last = model.Loss(nameof(Stripes.Loss), batch);
BakedModel baked = model.Bake(nameof(Stripes.Logits));
Batch inputs = new Batch(64).Add("image", images);
bool equal = baked.Predict(inputs).SequenceEqual(model.Predict(nameof(Stripes.Logits), inputs));
Console.WriteLine($"learned: {last < first / 10}, baked: {equal}, smaller: {baked.ParameterCount < model.ParameterCount}");

/// <summary>Tells stripes that lie from stripes that stand, with a generated kernel.</summary>
[HyperModel]
public sealed partial class Stripes : Model
{
    private readonly StaticHyperConv convolution = new(
        new KernelGenerator(1, 4, size: 3, embedding: 4, hidden: 4), init: Initialiser.Normal());

    private readonly EnergyReadout readout = new(channels: 4, classes: 2);

    [Predict]
    public Tensor Logits([Shape(6, 6, 1)] Tensor image) => readout.Call(convolution.Call(image));

    [Loss]
    public Tensor Loss([Shape(6, 6, 1)] Tensor image, [Classes(2)] Label label) => CrossEntropy(Logits(image), label);
}
