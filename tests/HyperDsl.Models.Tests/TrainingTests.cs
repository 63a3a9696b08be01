using HyperDsl.Data;
using HyperDsl.Training;

namespace HyperDsl.Models;

/// <summary>Training of compiled models.</summary>
public sealed class TrainingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hyperdsl-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void The_loss_falls(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Initialised();
        var trainer = new Trainer(model, new Adam(0.01), seed: 1);
        using var batches = new SyntheticBatches(item, model, size: 32, perEpoch: 8);
        EvaluationResult before = trainer.Evaluate(batches);
        trainer.Fit(batches, new FitOptions { Epochs = 25 });
        EvaluationResult after = trainer.Evaluate(batches);
        Assert.True(after.Loss < before.Loss / 2, $"The loss was {before.Loss} and is {after.Loss}.");
        Assert.True(double.IsNaN(after.Error) || after.Error < 0.1, $"{after.Error:P} of the examples are classified wrongly.");
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void A_resumed_run_has_the_bits_of_an_uninterrupted_one(string name)
    {
        ModelCase item = ModelCases.Find(name);
        string path = Path.Combine(folder.FullName, "checkpoint.safetensors");
        float[] whole = Run(epochs: 4, load: false, save: false);
        Run(epochs: 2, load: false, save: true);
        Assert.Equal(whole, Run(epochs: 4, load: true, save: false));

        float[] Run(long epochs, bool load, bool save)
        {
            Model model = item.Initialised();
            var trainer = new Trainer(model, new Adam(0.01), seed: 1);
            using var batches = new SyntheticBatches(item, model, size: 9, perEpoch: 3);
            trainer.Data = batches;
            if (load)
            {
                trainer.Load(path);
                Assert.Equal(6, trainer.Steps);
            }

            trainer.Fit(batches, new FitOptions { Epochs = epochs, CheckpointPath = save ? path : null });
            return model.Parameters.ReadOnlyValues.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void A_step_allocates_nothing(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Initialised();
        model.Threads = 2;
        var trainer = new Trainer(model, new Adam(0.001) { ClipNorm = 1 });
        Batch batch = item.Data(20, 7).For(model, ModelCase.LossEntry);
        for (int warming = 0; warming < 3; warming++)
        {
            trainer.Step(batch);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
        {
            trainer.Step(batch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void A_loaded_model_has_the_bits_of_the_saved_one(string name)
    {
        ModelCase item = ModelCases.Find(name);
        string path = Path.Combine(folder.FullName, "model.safetensors");
        Model saved = item.Initialised();
        Batch batch = item.Data(5, 8).For(saved, item.Prediction);
        float[] expected = saved.Predict(item.Prediction, batch);
        saved.Save(path);

        Model loaded = item.New();
        Assert.NotEqual(expected, loaded.Predict(item.Prediction, batch));
        loaded.Load(path);
        Assert.Equal(expected, loaded.Predict(item.Prediction, batch));
        Assert.Equal(saved.Parameters.ReadOnlyValues, loaded.Parameters.ReadOnlyValues);
    }

    /// <summary>A fixed set of examples in batches.</summary>
    private sealed class SyntheticBatches(ModelCase item, Model model, int size, int perEpoch) : BatchSource
    {
        private readonly Batch[] batches =
            [.. Enumerable.Range(0, perEpoch).Select(index => item.Data(size, 100 + index).For(model, ModelCase.LossEntry))];

        public override int BatchesPerEpoch => perEpoch;

        public override int ExamplesPerEpoch => perEpoch * size;

        public override string Order => $"synthetic {item.Name} {size}";

        protected override Batch Deliver(DataPosition place) => batches[place.Batch];
    }
}
