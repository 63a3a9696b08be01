using HyperDsl.Samples;

namespace HyperDsl.GpuBenchmarks;

/// <summary>What the command line asks for.</summary>
public sealed record CommandLine
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        Compares training on a GPU with this processor's results, and measures it.

        usage: HyperDsl.GpuBenchmarks [options]

          --backend NAME   cuda or opencl (cuda)
          --device N       which of its devices (0); --list shows them
          --case NAME      one case, or all cases of a family such as hyperlstm; without it all but the tiny ones
          --seconds S      how long to sample each case (5)
          --list           show devices and cases
          --help           show this text

        Ends with 0 if all gradients are those of the processor within rounding, 1 if not, 2 where there is no such device.
        """;

    /// <summary>Whether to take a CUDA device.</summary>
    public bool Cuda { get; private init; } = true;

    /// <summary>The device's number.</summary>
    public int Device { get; private init; }

    /// <summary>How long to sample each case.</summary>
    public double Seconds { get; private init; } = 5;

    /// <summary>Whether to show devices and cases only.</summary>
    public bool List { get; private init; }

    /// <summary>Whether the usage was asked for.</summary>
    public bool Help { get; private init; }

    /// <summary>The cases to run.</summary>
    public IReadOnlyList<DeviceCase> Cases { get; private init; } = [.. DeviceCase.All.Where(item => !item.Answers("tiny"))];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They are not as <see cref="Usage"/> says.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var result = new CommandLine();
        var reader = new ArgumentReader(arguments);
        while (reader.Next())
        {
            result = reader.Name switch
            {
                "--backend" => result with { Cuda = IsCuda(reader.Value()) },
                "--device" => result with { Device = reader.Number(0, 1000) },
                "--case" => result with { Cases = Find(reader.Value()) },
                "--seconds" => result with { Seconds = reader.Real(0.1, 3600) },
                "--list" => result with { List = true },
                "--help" or "-h" => result with { Help = true },
                _ => throw reader.Unknown(),
            };
        }

        return result;
    }

    private static bool IsCuda(string name) => name switch
    {
        "cuda" => true,
        "opencl" => false,
        _ => throw new FormatException($"--backend is cuda or opencl, not '{name}'."),
    };

    private static DeviceCase[] Find(string request)
    {
        DeviceCase[] found = [.. DeviceCase.All.Where(item => item.Answers(request))];
        return found.Length > 0
            ? found
            : throw new FormatException($"There is no case '{request}'. Cases: {string.Join(", ", DeviceCase.All.Select(item => item.Name))}.");
    }
}
