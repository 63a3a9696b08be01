using HyperDsl.Samples;

namespace StaticHyperNet;

/// <summary>What the command line asks for.</summary>
public sealed record Options : ISampleOptions
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        Trains a small network on images of digits twice: with a learned kernel, and with a kernel that another network generates.

        usage: StaticHyperNet [options]

          --data DIR        MNIST or another data set in IDX files, packed or not; without it a small part of Fashion-MNIST
          --network NAME    plain, hyper, or both (both)
          --epochs N        passes over the training images (50 with --data, 20 without)
          --batch N         images a step (1000 with --data, 100 without)
          --seed N          for initial weights, order and augmentation (1)
          --threads N       worker threads (all processors); the results do not depend on it
          --backend NAME    cpu, cuda or opencl (cpu)
          --out DIR         keep checkpoints, metrics and a picture of the kernels there
          --resume          go on from the checkpoints in --out; the results are those of an uninterrupted run
          --baked           also test, and keep, the deployed form, whose kernels are stored instead of generated
          --predict FILE    only test a deployed form that --baked kept (hyper/baked.safetensors)
          --help            show this text
        """;

    /// <summary>The data set's folder; null for the small one that comes with the sample.</summary>
    public string? Data { get; private init; }

    /// <summary>Whether to train the network with a learned kernel.</summary>
    public bool Plain { get; private init; } = true;

    /// <summary>Whether to train the network with a generated kernel.</summary>
    public bool Hyper { get; private init; } = true;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; private init; }

    /// <summary>Images a step.</summary>
    public int Batch { get; private init; }

    /// <summary>The seed of everything random.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>Worker threads.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Where the networks run.</summary>
    public string Backend { get; private init; } = HyperDsl.Samples.Backend.Processor;

    /// <summary>Where to keep results; null for nowhere.</summary>
    public string? Out { get; private init; }

    /// <summary>Whether to go on from checkpoints.</summary>
    public bool Resume { get; private init; }

    /// <summary>A deployed form to test instead of training; null for none.</summary>
    public string? Predict { get; private init; }

    /// <summary>Whether to test the deployed form as well.</summary>
    public bool Baked { get; private init; }

    /// <summary>Whether the usage was asked for.</summary>
    public bool Help { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">As given to the program.</param>
    /// <exception cref="FormatException">They are not as <see cref="Usage"/> says.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        var reader = new ArgumentReader(arguments);
        while (reader.Next())
        {
            options = reader.Name switch
            {
                "--help" or "-h" => options with { Help = true },
                "--baked" => options with { Baked = true },
                "--resume" => options with { Resume = true },
                "--predict" => options with { Predict = reader.Value() },
                "--data" => options with { Data = reader.Value() },
                "--out" => options with { Out = reader.Value() },
                "--epochs" => options with { Epochs = reader.Number(1, 100_000) },
                "--batch" => options with { Batch = reader.Number(1, 100_000) },
                "--seed" => options with { Seed = reader.Number(0, int.MaxValue) },
                "--backend" => options with { Backend = HyperDsl.Samples.Backend.Parse(reader.Value()) },
                "--threads" => options with { Threads = reader.Number(1, 1024) },
                "--network" => options.WithNetwork(reader.Value()),
                _ => throw reader.Unknown(),
            };
        }

        if (options.Resume && options.Out is null)
        {
            throw new FormatException("--resume needs --out.");
        }

        if (options.Baked && !options.Hyper)
        {
            throw new FormatException("--baked needs the network 'hyper'.");
        }

        if (options.Predict is not null && options.Backend != HyperDsl.Samples.Backend.Processor)
        {
            throw new FormatException("--predict runs on this processor, where a deployed form is at home: leave out --backend.");
        }

        bool small = options.Data is null;
        return options with
        {
            Epochs = options.Epochs > 0 ? options.Epochs : small ? 20 : 50,
            Batch = options.Batch > 0 ? options.Batch : small ? 100 : 1000,
        };
    }

    private Options WithNetwork(string name) => name switch
    {
        "plain" => this with { Plain = true, Hyper = false },
        "hyper" => this with { Plain = false, Hyper = true },
        "both" => this with { Plain = true, Hyper = true },
        _ => throw new FormatException($"--network is plain, hyper or both, not '{name}'."),
    };
}
