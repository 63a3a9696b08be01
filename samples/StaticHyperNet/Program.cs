using System.Globalization;
using HyperDsl;
using HyperDsl.Training;
using StaticHyperNet;

const int Done = 0, Failed = 1, Misused = 2, Interrupted = 130;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Options.Usage);
    return Misused;
}

if (options.Help)
{
    Console.WriteLine(Options.Usage);
    return Done;
}

DigitData data;
BakedModel? deployed;
try
{
    deployed = options.Predict is string file ? Deployed.Load(file, options.Threads) : null;
    data = DigitData.Read(options.Data, options.Batch);
    if (File.Exists(options.Out))
    {
        throw new IOException($"--out takes a folder, but '{options.Out}' is a file. Name another place; nothing was changed.");
    }

    Directory.CreateDirectory(options.Out ?? ".");
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(error.Message);
    return Misused;
}

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

try
{
    if (deployed is not null)
    {
        Console.WriteLine(Deployed.Summary(deployed, data.Test));
    }
    else
    {
        Train();
    }

    return Done;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(options.Out is null ? "Interrupted." : "Interrupted; --resume goes on from here.");
    return Interrupted;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or OtherRunException or NonFiniteLossException)
{
    Console.Error.WriteLine(error.Message);
    return Failed;
}

void Train()
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{data.Train.Count:N0} images to train on, {data.Validation.Count:N0} to validate, {data.Test.Count:N0} to test"));
    List<TrainingRun> runs = [];
    if (options.Plain)
    {
        runs.Add(new TrainingRun("plain", new PlainNet(), options, data));
    }

    if (options.Hyper)
    {
        runs.Add(new TrainingRun("hyper", new HyperNet(), options, data));
    }

    runs.ForEach(run => run.Run(cancellation.Token));
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
