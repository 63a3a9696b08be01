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

    [SkippableFact]
    public void A_hyperlstm_by_steps()
    {
        GpuDevice device = PoclBackend.Instance.Device;
        long Of(int steps)
        {
            HyperLstmCharacters model = new();
            Batch batch = new Batch(2).Add("text", new int[2 * steps], steps).Add("next", new int[2 * steps], steps);
            return Launches(device, model, new Adam(0.001) { ClipNorm = 1 }, batch);
        }

        long one = Of(3);
        Assert.Equal((HyperLstmOnce, HyperLstmEachStep), (one - (3 * (Of(4) - one)), Of(4) - one));
    }

    private const long HyperNetLaunches = 46;
    private const long HyperLstmOnce = 41;
    private const long HyperLstmEachStep = 69;

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
