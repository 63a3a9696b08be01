using System.Globalization;
using CharModel;
using CharModel.Drawing;
using HyperDsl.Data;
using HyperDsl.Execution;
using HyperDsl.Samples;

return SampleProgram.Run(Options.Usage, () => Options.Parse(args), Prepare);

static SampleWork Prepare(Options options) =>
    options.List ? new(_ => ListModels()) : options.SampleOnly ? PrepareSample(options) : PrepareTraining(options);

static void ListModels()
{
    foreach (CharNet net in Models.All.Select(make => make()))
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{net.GetType().Name,-26} {net.ParameterCount,10:N0} parameters   {ModelChoice.OptionsOf(net)}"));
    }
}

static SampleWork PrepareSample(Options options)
{
    StoredModel stored = StoredModel.Load(options.Model!);
    CheckPrime(options.Prime, stored.Vocabulary);
    RunFolder? folder = options.Out is string path ? RunFolder.ForSample(path) : null;
    Device? device = Backend.Open(options.Backend);
    SampleWork.MakeFolder(folder?.Path);
    return new(cancellation => On(device, stored.Net, () => WriteSample(stored.Net, stored.Vocabulary, options, folder, cancellation)));
}

static SampleWork PrepareTraining(Options options)
{
    CharNet net = options.Choice.Make();
    TextData data = TextData.Read(options);
    CheckPrime(options.Prime, data.Vocabulary);
    RunFolder folder = options.Resume ? RunFolder.ForResumed(options.Out!) : RunFolder.ForNew(options.Out, net.GetType().Name);
    var time = new TrainingTime(TimeSpan.Zero);
    if (options.Resume)
    {
        StoredModel.CheckSame(folder.Checkpoint, net, data.Vocabulary, options.Settings);
        time = TrainingTime.Read(folder.Checkpoint);
    }

    Device? device = Backend.Open(options.Backend);
    SampleWork.MakeFolder(folder.Path);
    var run = new TrainingRun(net, options, data, folder, time);
    return new(cancellation => On(device, net, () => Train(run, net, options, data, folder, cancellation)), folder.Path);
}

static void On(Device? device, CharNet net, Action work)
{
    using (device)
    {
        net.To(device);
        work();
        net.To(null);
    }
}

static void CheckPrime(string prime, Vocabulary vocabulary)
{
    try
    {
        vocabulary.Encode(prime);
    }
    catch (UnknownSymbolException error)
    {
        throw new FormatException($"--prime: {error.Message}", error);
    }
}

static void Train(TrainingRun run, CharNet net, Options options, TextData data, RunFolder folder, CancellationToken cancellation)
{
    Console.WriteLine(data.Summary);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{net.GetType().Name} ({ModelChoice.OptionsOf(net)}), {net.ParameterCount:N0} parameters, "
        + $"{net.ParametersFor(data.Vocabulary.Count):N0} of them for the characters of this text"));
    Console.WriteLine($"results in {folder.Path}");
    net.Threads = options.Threads;
    run.Run(cancellation);
    Console.WriteLine();
    WriteSample(net, data.Vocabulary, options, folder, cancellation);
    Console.WriteLine();
    Console.WriteLine(run.Summary);
}

static void WriteSample(CharNet net, Vocabulary vocabulary, Options options, RunFolder? folder, CancellationToken cancellation)
{
    net.Threads = options.Threads;
    SampleText text = new TextGenerator(net, vocabulary).Write(options.Sample, cancellation);
    SampleTerminal.Write(text, Console.Out, SampleTerminal.HasColours, SampleTerminal.Columns);
    if (folder is not null)
    {
        SampleHtml.Save(folder.Page, text);
        SamplePicture.Save(folder.Picture, text);
    }
}
