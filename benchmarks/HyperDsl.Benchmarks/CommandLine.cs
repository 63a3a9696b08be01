using System.Globalization;

namespace HyperDsl.Benchmarks;

/// <summary>What the command line asks for.</summary>
public sealed record CommandLine
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        usage: HyperDsl.Benchmarks compare [--case NAME] [--json FILE] [--seconds S]

          --case NAME   one case, or all cases of a family such as gemm; without it all cases
          --json FILE   write the results as an array of objects as well
          --seconds S   how long to sample each case; 3 unless given
        """;

    /// <summary>The case or family asked for; null for all.</summary>
    public string? Case { get; private init; }

    /// <summary>Where to write the results; null for nowhere.</summary>
    public string? JsonFile { get; private init; }

    /// <summary>How long to sample each case.</summary>
    public double Seconds { get; private init; } = 3;

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">As given to the program.</param>
    /// <exception cref="FormatException">They are not as <see cref="Usage"/> says.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0] != "compare")
        {
            throw new FormatException(arguments.Count == 0 ? "No command was given." : $"There is no command '{arguments[0]}'.");
        }

        var result = new CommandLine();
        for (int i = 1; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"'{arguments[i]}' needs a value.");
            result = arguments[i] switch
            {
                "--case" => result with { Case = value },
                "--json" => result with { JsonFile = value },
                "--seconds" => result with { Seconds = PositiveNumber(value) },
                _ => throw new FormatException($"There is no option '{arguments[i]}'."),
            };
        }

        return result;
    }

    private static double PositiveNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 3600
            ? value
            : throw new FormatException($"'{text}' is not a number of seconds between 0 and 3600.");
}
