using System.Globalization;
using CharModel.Drawing;
using HyperDsl.Samples;

namespace CharModel;

/// <summary>What the command line asks for.</summary>
public sealed record Options : ISampleOptions
{
    private const string SampleCommand = "sample";

    /// <summary>How to call the program.</summary>
    public static string Usage { get; } = $"""
        Trains a model that writes text character by character, and shows how its weights are rewritten while it writes.

        usage: CharModel [options]
               CharModel sample --model FILE [options]

        Text
          --text FILE        a text in UTF-8, packed with gzip or not: 90 % for training, 5 % for validation, 5 % for the test;
                             without it the tiny Shakespeare that comes with the sample
          --data DIR         a folder with a train, a valid and a test file, such as the Penn Treebank's; of files named ptb.*
                             the spaces around lines are left out, others are taken as they are
        Model
          --cell NAME        {string.Join(", ", Enum.GetValues<CellKind>().Select(ModelChoice.NameOf))} (lnhyperlstm)
          --units N, --hyper-units N, --embedding N, --layers N, --dropout P
                             choose among the sizes that were compiled; --list shows them. What is not given is as in the first
                             of the cell there, but --hyper-units is a quarter of --units
          --list             show the compiled models and their parameters
        Training
          --batch N          rows of text that are read side by side (32; 128 with --data)
          --steps N          characters of a window (64; 100 with --data)
          --epochs N         passes over the text ({TinyEpochs}; 5 with --text or --data)
          --minutes M        train so long instead, the parts of an interrupted run together, at a constant rate; where training
                             ends depends on the machine's speed
          --rate R           Adam's learning rate at the beginning (0.005; 0.001 with --data)
          --final-rate R     at the end, reached along half a cosine (0.0002; --rate with --data or --minutes)
          --seed N           for initial weights, dropout and the sample (1)
          --threads N        worker threads (all processors); the results do not depend on it
          --backend NAME     cpu, cuda or opencl (cpu); a run may go on elsewhere by --resume, and 'sample' takes it too
          --resume           go on from the checkpoint in --out, with the same options; without --minutes the results are those of an
                             uninterrupted run
        Results
          --out DIR          for model, checkpoint, metrics and sample (a new folder under out/); the picture of the sample has its
                             first {SamplePicture.MostLines} lines, the page all
        Sample, also after training
          --temperature T    below 1 bolder, above 1 wilder; 0 takes the likeliest character always (0.7)
          --length N         characters to write (1000)
          --prime TEXT       how the text begins
          --model FILE       with 'sample': model.safetensors or a checkpoint of an earlier run
        """;

    private const int TinyEpochs = 10;

    /// <summary>Whether to write from a model instead of training one.</summary>
    public bool SampleOnly { get; private init; }

    /// <summary>The model to write from.</summary>
    public string? Model { get; private init; }

    /// <summary>A text; null for none.</summary>
    public string? Text { get; private init; }

    /// <summary>A folder of texts; null for none.</summary>
    public string? Data { get; private init; }

    /// <summary>The model to train.</summary>
    public ModelChoice Choice { get; private init; } = new(CellKind.LnHyperLstm);

    /// <summary>Rows of a batch.</summary>
    public int Batch { get; private init; }

    /// <summary>Characters of a window.</summary>
    public int Steps { get; private init; }

    /// <summary>Passes over the text.</summary>
    public int Epochs { get; private init; }

    /// <summary>Time to train, in all parts of an interrupted run together; null where passes are counted.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>The learning rate at the beginning.</summary>
    public double Rate { get; private init; }

    /// <summary>The learning rate at the end.</summary>
    public double FinalRate { get; private init; }

    /// <summary>The seed of everything random.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>Worker threads.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Where the model runs.</summary>
    public string Backend { get; private init; } = HyperDsl.Samples.Backend.Processor;

    /// <summary>Whether to go on from a checkpoint.</summary>
    public bool Resume { get; private init; }

    /// <inheritdoc/>
    public string? Out { get; private init; }

    /// <summary>By what scores are divided before a character is drawn.</summary>
    public double Temperature { get; private init; } = 0.7;

    /// <summary>Characters to write.</summary>
    public int Length { get; private init; } = 1000;

    /// <summary>How the sample begins.</summary>
    public string Prime { get; private init; } = "";

    /// <summary>Whether to list the compiled models.</summary>
    public bool List { get; private init; }

    /// <inheritdoc/>
    public bool Help { get; private init; }

    /// <summary>How the sample is to be written.</summary>
    public SampleSettings Sample => new(Length, Temperature, Prime, Seed);

    /// <summary>The options on which every step depends, for checkpoints.</summary>
    public string Settings => string.Create(
        CultureInfo.InvariantCulture, $"--batch {Batch} --steps {Steps} --rate {Rate} --final-rate {FinalRate} --seed {Seed}")
        + (Time is null && !FinalRate.Equals(Rate) ? string.Create(CultureInfo.InvariantCulture, $" --epochs {Epochs}") : "");

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">As given to the program.</param>
    /// <exception cref="FormatException">They are not as <see cref="Usage"/> says.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        bool sample = arguments.Count > 0 && arguments[0] == SampleCommand;
        var reader = new ArgumentReader(sample ? [.. arguments.Skip(1)] : arguments);
        var options = new Options { SampleOnly = sample };
        while (reader.Next())
        {
            options = options.WithShared(reader) ?? (sample ? options.WithModel(reader) : options.WithTraining(reader)) ?? throw reader.Unknown();
        }

        return options.Help || options.List ? options : options.Checked(reader).Completed();
    }

    private Options? WithShared(ArgumentReader reader) => reader.Name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--out" => this with { Out = reader.Value() },
        "--seed" => this with { Seed = reader.Number(0, int.MaxValue) },
        "--threads" => this with { Threads = reader.Number(1, 1024) },
        "--backend" => this with { Backend = HyperDsl.Samples.Backend.Parse(reader.Value()) },
        "--temperature" => this with { Temperature = reader.Real(0, 100) },
        "--length" => this with { Length = reader.Number(1, 1_000_000) },
        "--prime" => this with { Prime = reader.Text() },
        _ => null,
    };

    private Options? WithModel(ArgumentReader reader) => reader.Name == "--model" ? this with { Model = reader.Value() } : null;

    private Options? WithTraining(ArgumentReader reader) => reader.Name switch
    {
        "--text" => this with { Text = reader.Value() },
        "--data" => this with { Data = reader.Value() },
        "--list" => this with { List = true },
        "--cell" => this with { Choice = Choice with { Kind = ModelChoice.KindOf(reader.Value()) } },
        "--units" => this with { Choice = Choice with { Units = reader.Number(1, 1_000_000) } },
        "--hyper-units" => this with { Choice = Choice with { HyperUnits = reader.Number(1, 1_000_000) } },
        "--embedding" => this with { Choice = Choice with { Embedding = reader.Number(1, 1_000_000) } },
        "--layers" => this with { Choice = Choice with { Layers = reader.Number(1, 1000) } },
        "--dropout" => this with { Choice = Choice with { Dropout = reader.Real(0, 0.999) } },
        "--batch" => this with { Batch = reader.Number(1, 100_000) },
        "--steps" => this with { Steps = reader.Number(1, 100_000) },
        "--epochs" => this with { Epochs = reader.Number(1, 100_000) },
        "--minutes" => this with { Time = TimeSpan.FromMinutes(reader.Real(0.01, 100_000)) },
        "--rate" => this with { Rate = reader.Real(1e-9, 10) },
        "--final-rate" => this with { FinalRate = reader.Real(1e-9, 10) },
        "--resume" => this with { Resume = true },
        _ => null,
    };

    private Options Checked(ArgumentReader reader) => this switch
    {
        { SampleOnly: true, Model: null } => throw new FormatException("'sample' needs --model FILE."),
        { Text: not null, Data: not null } => throw new FormatException("Give --text or --data, not both."),
        { Resume: true, Out: null } => throw new FormatException("--resume needs --out."),
        { Time: not null } when reader.Has("--epochs") || reader.Has("--final-rate") =>
            throw new FormatException("--minutes goes with neither --epochs nor --final-rate: how many steps there will be is not known."),
        _ => this,
    };

    private Options Completed()
    {
        bool folder = Data is not null;
        double rate = Rate > 0 ? Rate : folder ? 0.001 : 0.005;
        return this with
        {
            Batch = Batch > 0 ? Batch : folder ? 128 : 32,
            Steps = Steps > 0 ? Steps : folder ? 100 : 64,
            Epochs = Epochs > 0 ? Epochs : Time is not null ? 100_000 : Text is null && !folder ? TinyEpochs : 5,
            Rate = rate,
            FinalRate = FinalRate > 0 ? FinalRate : folder || Time is not null ? rate : Math.Min(rate, 0.0002),
        };
    }
}
