using HyperDsl.Models;
using HyperDsl.Training;

namespace HyperDsl.Gpu.Tests;

/// <summary>Optimisers, clipping, checkpoints and states on a device against the same on this processor.</summary>
public abstract class TrainingSuite(GpuBackend backend)
{
    private const int Count = 19;
    private const int Steps = 5;

    /// <summary>
    /// Roundings between a parameter and the processor's after all steps, each relative to the largest parameter: those of a gradient times
    /// the steps. Adam and RMSprop divide by a root of squared gradients, so a relative error of a gradient stays one of the update.
    /// </summary>
    private const int Terms = 400 * Steps;

    private static readonly Dictionary<string, Func<Optimizer>> Optimizers = new()
    {
        ["sgd"] = () => new Sgd(0.1),
        ["sgd with momentum"] = () => new Sgd(0.05, momentum: 0.9, weightDecay: 1e-3) { ClipNorm = 0.3 },
        ["sgd of Nesterov"] = () => new Sgd(0.05, momentum: 0.9, nesterov: true) { ClipValue = 0.02 },
        ["adam"] = () => new Adam(Schedule.Exponential(0.01, 0.9, floor: 1e-4), weightDecay: 1e-3) { ClipNorm = 0.2, ClipValue = 0.1 },
        ["adam, decoupled"] = () => new Adam(0.01, weightDecay: 0.1, decoupled: true),
        ["rmsprop"] = () => new RmsProp(0.005),
        ["rmsprop, centred"] = () => new RmsProp(0.005, momentum: 0.5, epsilon: 1e-3, centred: true),
        ["rmsprop of Graves"] = () => RmsProp.Graves(1e-3),
    };

    public static TheoryData<string> Names => new(Optimizers.Keys);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Optimisers_do_the_same(string name)
    {
        Model expected = Make();
        Model model = Make();
        Trainer expectedTrainer = new(expected, Optimizers[name]());
        Trainer trainer = new(model, Optimizers[name]());
        model.To(backend.Device);
        for (int step = 0; step < Steps; step++)
        {
            Agree([expectedTrainer.Step(Data(model, step))], [trainer.Step(Data(model, step))], "loss");
            Assert.Equal(double.IsNaN(expectedTrainer.Optimizer.LastNorm), double.IsNaN(trainer.Optimizer.LastNorm));
            if (!double.IsNaN(trainer.Optimizer.LastNorm))
            {
                Agree([expectedTrainer.Optimizer.LastNorm], [trainer.Optimizer.LastNorm], "norm");
            }
        }

        Agree(Closeness.Widened(expectedTrainer.Gradients.Values), Closeness.Widened(trainer.Gradients.Values), "clipped gradient");
        Agree(Closeness.Widened(expected.Parameters.ReadOnlyValues), Closeness.Widened(model.Parameters.ReadOnlyValues), "parameters");
        for (int buffer = 0; buffer < trainer.Optimizer.Buffers.Count; buffer++)
        {
            Agree(
                Closeness.Widened(expectedTrainer.Optimizer.Buffers[buffer].Values),
                Closeness.Widened(trainer.Optimizer.Buffers[buffer].Values), trainer.Optimizer.Buffers[buffer].Name);
        }

        model.To(null);
    }

    /// <summary>The loss and all elements are finite, but not the sum of squares, which a device adds in single precision.</summary>
    [SkippableFact]
    public void A_norm_that_is_not_finite_stops_before_the_optimiser()
    {
        Model model = Make();
        model.To(backend.Device);
        Trainer trainer = new(model, new Adam(0.01) { ClipNorm = 1 });
        Train(trainer, model, 0, 1);
        foreach (ref float value in model.Parameters["readout.weight"])
        {
            value *= 1e25f;
        }

        float[] parameters = model.Parameters.ReadOnlyValues.ToArray();
        float[] mean = [.. trainer.Optimizer.Buffers[0].Values];
        NonFiniteGradientException fault = Assert.Throws<NonFiniteGradientException>(() => Train(trainer, model, 1, 2));
        Assert.Equal((2L, double.PositiveInfinity), (fault.Step, fault.Norm));
        Assert.Equal(parameters, model.Parameters.ReadOnlyValues.ToArray());
        Assert.Equal(mean, trainer.Optimizer.Buffers[0].Values);
        model.To(null);
    }

    /// <summary>While parameters stay the same, a second call does not compute again what needs nothing else; its gradients begin at zero.</summary>
    [SkippableFact]
    public void A_second_call_gives_the_gradients_of_the_first()
    {
        Penalised expected = new();
        Penalised model = new();
        expected.Initialise(3);
        model.Initialise(3);
        Batch batch = new Batch(3).Add("x", [1, 2, 3, 4, -1, 0, 2, 1, 0.5f, -2, 1, 3]);
        GradientStore wanted = new(expected.Parameters);
        expected.LossAndGradient("Loss", batch, wanted);
        model.To(backend.Device);
        for (int call = 0; call < 3; call++)
        {
            GradientStore found = new(model.Parameters);
            model.LossAndGradient("Loss", batch, found);
            Agree(Closeness.Widened(wanted.Values), Closeness.Widened(found.Values), "gradient");
        }

        model.To(null);
    }

    [SkippableFact]
    public void A_step_copies_the_batch_and_back_the_loss_and_the_norm()
    {
        GpuDevice device = backend.Device;
        Model model = Make();
        model.To(device);
        Trainer trainer = new(model, Optimizers["adam"]());
        Train(trainer, model, 0, 1);
        long before = device.CopiedBytes;
        Train(trainer, model, 1, 2);
        const int Batch = Count * (GeneratedDense.Features + 1), Loss = 1, NormAndFactor = 2;
        Assert.Equal((Batch + Loss + NormAndFactor) * sizeof(float), device.CopiedBytes - before);
        model.To(null);
    }

    /// <summary>Whoever takes a step finds the numbers that the other left, wherever that was.</summary>
    [SkippableFact]
    public void Models_may_share_an_optimiser()
    {
        (Model[] Models, Trainer[] Trainers) Sharing(GpuDevice? device)
        {
            Optimizer shared = Optimizers["adam"]();
            Model[] models = [Make(), Make(), Make()];
            models[0].To(device);
            models[1].To(device);
            return (models, [.. models.Select(model => new Trainer(model, shared))]);
        }

        (Model[] wanted, Trainer[] expected) = Sharing(null);
        (Model[] models, Trainer[] trainers) = Sharing(backend.Device);
        int[] turns = [0, 1, 0, 2, 1, 0];
        for (int step = 0; step < turns.Length; step++)
        {
            Train(expected[turns[step]], wanted[turns[step]], step, step + 1);
            Train(trainers[turns[step]], models[turns[step]], step, step + 1);
        }

        for (int i = 0; i < models.Length; i++)
        {
            Agree(Closeness.Widened(wanted[i].Parameters.ReadOnlyValues), Closeness.Widened(models[i].Parameters.ReadOnlyValues), "parameters", 2);
            models[i].To(null);
        }
    }

    [SkippableFact]
    public void Checkpoints_go_from_processor_to_device_and_back()
    {
        GpuDevice device = backend.Device;
        Model expected = Make();
        Trainer expectedTrainer = new(expected, Optimizers["adam"]());
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            Train(expectedTrainer, expected, 0, Steps);
            expectedTrainer.Save(path);

            // From the processor to the device.
            Model model = new GeneratedDense();
            model.To(device);
            Trainer trainer = new(model, Optimizers["adam"]());
            trainer.Load(path);
            Train(trainer, model, Steps, 2 * Steps);
            Train(expectedTrainer, expected, Steps, 2 * Steps);
            trainer.Save(path);

            // And from the device back.
            Model again = new GeneratedDense();
            Trainer last = new(again, Optimizers["adam"]());
            last.Load(path);
            Assert.Equal(model.Parameters.ReadOnlyValues.ToArray(), again.Parameters.ReadOnlyValues.ToArray());
            Train(last, again, 2 * Steps, 3 * Steps);
            Train(expectedTrainer, expected, 2 * Steps, 3 * Steps);
            Agree(Closeness.Widened(expected.Parameters.ReadOnlyValues), Closeness.Widened(again.Parameters.ReadOnlyValues), "parameters", 3);
            model.To(null);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [SkippableFact]
    public void What_the_host_changes_counts()
    {
        Model expected = Make();
        Model model = Make();
        Batch batch = Data(model, 0);
        model.To(backend.Device);
        double before = model.Loss(ModelCase.LossEntry, batch);
        foreach (Model changed in new[] { expected, model })
        {
            changed.Parameters.Values[3] += 0.5f;
        }

        Agree([expected.Loss(ModelCase.LossEntry, batch)], [model.Loss(ModelCase.LossEntry, batch)], "loss after a change");
        Assert.NotEqual(before, model.Loss(ModelCase.LossEntry, batch));
        model.To(null);
        Assert.Equal(expected.Loss(ModelCase.LossEntry, batch), model.Loss(ModelCase.LossEntry, batch));
    }

    [SkippableFact]
    public void Two_stores_of_gradients_keep_their_own()
    {
        Model model = Make();
        Model expected = Make();
        model.To(backend.Device);
        GradientStore first = new(model.Parameters);
        GradientStore second = new(model.Parameters);
        GradientStore wanted = new(expected.Parameters);
        model.LossAndGradient(ModelCase.LossEntry, Data(model, 0), first);
        model.LossAndGradient(ModelCase.LossEntry, Data(model, 1), second);
        expected.LossAndGradient(ModelCase.LossEntry, Data(model, 0), wanted);
        Agree(Closeness.Widened(wanted.Values), Closeness.Widened(first.Values), "first gradient");
        expected.LossAndGradient(ModelCase.LossEntry, Data(model, 1), wanted);
        Agree(Closeness.Widened(wanted.Values), Closeness.Widened(second.Values), "second gradient");
        model.To(null);
    }

    [SkippableFact]
    public void A_device_gives_the_same_bits_every_time()
    {
        GpuDevice device = backend.Device;
        float[][] trained = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            Model model = Make();
            model.To(device);
            Trainer trainer = new(model, Optimizers["adam"]());
            Train(trainer, model, 0, Steps);
            model.To(null);
            return model.Parameters.ReadOnlyValues.ToArray();
        })];
        Assert.Equal(trained[0], trained[1]);
    }

    [SkippableFact]
    public void A_model_that_leaves_gives_its_memory_back()
    {
        GpuDevice device = backend.Device;
        long before = device.AllocatedBytes;
        Model model = Make();
        model.To(device);
        Trainer trainer = new(model, Optimizers["adam"]());
        Train(trainer, model, 0, 1);

        // Parameters, gradients, updates and Adam's two buffers at the least.
        Assert.True(device.AllocatedBytes - before >= 5L * model.Parameters.Length * sizeof(float));
        model.To(null);
        Assert.Equal(before, device.AllocatedBytes);
    }

    private static void Train(Trainer trainer, Model model, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            trainer.Step(Data(model, step));
        }
    }

    private static Model Make() => ModelCases.Find(nameof(GeneratedDense)).Moved();

    private static Batch Data(Model model, int seed) => ModelCases.Find(nameof(GeneratedDense)).Data(Count, seed).For(model, ModelCase.LossEntry);

    private static void Agree(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, string what, int times = 1) =>
        Closeness.Agree(expected, found, Closeness.SingleRoundoff, Terms * times, what);
}

public sealed class PoclTrainingTests() : TrainingSuite(PoclBackend.Instance);

public sealed class CudaTrainingTests() : TrainingSuite(CudaBackend.Instance);
