using HyperDsl.Training;

namespace HyperDsl.Samples;

/// <summary>What every sample's command line has.</summary>
public interface ISampleOptions
{
    /// <summary>Whether the usage was asked for.</summary>
    bool Help { get; }

    /// <summary>Where to keep results; null for nowhere.</summary>
    string? Out { get; }
}

/// <summary>How a sample begins and ends: what goes wrong is said in words, with an exit code.</summary>
public static class SampleProgram
{
    private const int Done = 0, Failed = 1, Misused = 2, Interrupted = 130;

    /// <summary>Runs a sample.</summary>
    /// <param name="usage">How to call it.</param>
    /// <param name="parse">Reads the command line; a <see cref="FormatException"/> says what is wrong with it.</param>
    /// <param name="prepare">
    /// Reads and checks what the command line names, then makes the folder for results, and returns the work.
    /// </param>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong input, 130 interrupted.</returns>
    public static int Run<TOptions>(string usage, Func<TOptions> parse, Func<TOptions, SampleWork> prepare)
        where TOptions : ISampleOptions
    {
        TOptions options;
        try
        {
            options = parse();
        }
        catch (FormatException error)
        {
            return Refuse(error, usage);
        }

        if (options.Help)
        {
            Console.WriteLine(usage);
            return Done;
        }

        try
        {
            RefuseFile(options.Out);
            return Work(prepare(options));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            return Refuse(error);
        }
    }

    private static int Work(SampleWork work)
    {
        using var cancellation = new CancellationTokenSource();
        ConsoleCancelEventHandler cancel = (_, pressed) =>
        {
            pressed.Cancel = true;
            cancellation.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            work.Run(cancellation.Token);
            return Done;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(
                work.Folder is null ? "Interrupted." : $"Interrupted; the same options with --resume --out {Quoted(work.Folder)} go on from here.");
            return Interrupted;
        }
        catch (UnfitCheckpointException error)
        {
            return Refuse(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or FailedTrainingException
            or NonFiniteLossException or NonFiniteGradientException)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }

    private static string Quoted(string path) => path.Contains(' ') ? $"\"{path}\"" : path;

    private static void RefuseFile(string? folder)
    {
        if (File.Exists(folder))
        {
            throw new IOException($"--out takes a folder, but '{folder}' is a file. Name another place; nothing was changed.");
        }
    }

    private static int Refuse(Exception error, string? usage = null)
    {
        Console.Error.WriteLine(error switch
        {
            FileNotFoundException { FileName: string file } => $"There is no file '{file}'. Give one that exists; nothing was changed.",
            DirectoryNotFoundException => $"{error.Message} Give a folder that exists; nothing was changed.",
            _ => error.Message,
        });
        if (usage is not null)
        {
            Console.Error.WriteLine(usage);
        }

        return Misused;
    }
}
