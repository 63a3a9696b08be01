using HyperDsl.Models;
using HyperDsl.Training;
using StaticHyperNet;

namespace HyperDsl.Gpu.Tests;

/// <summary>How many kernels a training step launches: the numbers of docs/architecture.md.</summary>
public sealed class LaunchTests
{
    [SkippableFact]
    public void The_samples_hypernetwork()
    {
        GpuDevice device = PoclBackend.Instance.Device;
        HyperNet model = new();
        Batch batch = new Batch(2).Add("image", new float[2 * 28 * 28]).Add("label", [1, 2]);
        Assert.Equal(HyperNetLaunches, Launches(device, model, new Adam(0.001) { ClipNorm = 100 }, batch));
    }

    /// <summary>
    /// All tiles of the kernels of all layers (Ha, Dai and Le 2016, equations 2 and 3) are made by two launches, one for each layer of the
    /// generator; the second needs all that the first made. Each layer then is one, with bias, relu and the padding for the next.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Kernels_of_all_layers(int equalLayers)
    {
        string evaluation = EmittedModel.GeneratedLayers(equalLayers).Files["Small.GeneratedLayers.Gpu.LogitsEvaluation.g.cs"];
        string[] launches = [.. evaluation.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("run.", StringComparison.Ordinal))];
        Assert.Equal(2, launches.Count(line => line.StartsWith("run.Launch(GpuKernels.Products", StringComparison.Ordinal)));
        string training = EmittedModel.GeneratedLayers(equalLayers).Files["Small.GeneratedLayers.Gpu.LossTraining.g.cs"];
        string generation = training.Split("void Phase0(")[1].Split("void Phase1(")[0];
        Assert.Equal(2, generation.Split("(GpuKernels.Product").Length - 1);
        Assert.Equal(2, generation.Split("(GpuKernels.Products").Length - 1);
        const int FirstLastAndReadout = 3;
        Assert.Equal(2 + equalLayers + FirstLastAndReadout, launches.Length);
    }

    /// <summary>By a kernel that walks the sequence the number of launches does not depend on its length.</summary>
    [SkippableTheory]
    [InlineData(nameof(HyperLstmCharacters), 19, 0)]
    [InlineData(nameof(HyperLstmCharactersByHost), 17, 2)]
    [InlineData(nameof(LargeHyperLstmByHost), 16, 4)]
    public void A_hyperlstm_by_steps(string name, long once, long eachStep)
    {
        GpuDevice device = PoclBackend.Instance.Device;
        long Of(int steps)
        {
            var model = (Model)Activator.CreateInstance(typeof(HyperLstmCharacters).Assembly.GetType("HyperDsl.Models." + name)!)!;
            Batch batch = new Batch(2).Add("text", new int[2 * steps], steps).Add("next", new int[2 * steps], steps);
            return Launches(device, model, new Adam(0.001) { ClipNorm = 1 }, batch);
        }

        long three = Of(3);
        Assert.Equal((once, eachStep), (three - (3 * (Of(4) - three)), Of(4) - three));
    }

    [Theory]
    [InlineData(nameof(HyperLstmCharacters))]
    [InlineData(nameof(HyperLstmCharactersByHost))]
    public void Numbers_of_a_step_of_an_example(string name)
    {
        Type routine = typeof(HyperLstmCharacters).Assembly.GetType("HyperDsl.Compiled.HyperDsl_Models_" + name + ".LossTrainingOnGpu")!;
        Assert.Equal(2048, ((GpuRoutine)Activator.CreateInstance(routine)!).SequenceSizePerExample);
    }

    private const long HyperNetLaunches = 28;

    private static long Launches(GpuDevice device, Model model, Optimizer optimizer, Batch batch)
    {
        model.To(device);
        Trainer trainer = new(model, optimizer);
        long before = device.Launches;
        trainer.Step(batch);
        long launches = device.Launches - before;
        model.To(null);
        return launches;
    }
}
