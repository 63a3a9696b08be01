using System.Globalization;
using HyperDsl;
using HyperDsl.Execution;
using HyperDsl.Samples;
using StaticHyperNet;

return SampleProgram.Run(Options.Usage, () => Options.Parse(args), Prepare);

static SampleWork Prepare(Options options)
{
    BakedModel? deployed = options.Predict is string file ? Deployed.Load(file, options.Threads) : null;
    DigitData data = DigitData.Read(options.Data, options.Batch);
    Device? device = Backend.Open(options.Backend);
    SampleWork.MakeFolder(options.Out);
    return deployed is not null
        ? new(_ => Console.WriteLine(Deployed.Summary(deployed, data.Test)))
        : new(
            cancellation =>
            {
                using (device)
                {
                    Train(options, data, device, cancellation);
                }
            },
            options.Out);
}

static void Train(Options options, DigitData data, Device? device, CancellationToken cancellation)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{data.Train.Count:N0} images to train on, {data.Validation.Count:N0} to validate, {data.Test.Count:N0} to test"));
    List<TrainingRun> runs = [];
    if (options.Plain)
    {
        runs.Add(new TrainingRun("plain", new PlainNet(), options, data, device));
    }

    if (options.Hyper)
    {
        runs.Add(new TrainingRun("hyper", new HyperNet(), options, data, device));
    }

    runs.ForEach(run => run.Run(cancellation));
    if (options.Baked)
    {
        runs[^1].TestBaked();
    }

    if (options.Out is not null)
    {
        KernelSheet.Save(Path.Combine(options.Out, "kernels.png"), [.. runs.Select(run => run.Network.SecondKernel())]);
    }

    runs.ForEach(run => Console.WriteLine(run.Summary));
}
