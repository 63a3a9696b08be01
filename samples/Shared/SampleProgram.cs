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
    /// <param name="prepare">Reads and checks what the command line names, changes nothing, and returns the work.</param>
    /// <param name="canResume">Whether what is interrupted can go on by <c>--resume</c>.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong input, 130 interrupted.</returns>
    public static int Run<TOptions>(
        string usage, Func<TOptions> parse, Func<TOptions, Action<CancellationToken>> prepare, Func<TOptions, bool> canResume)
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
            return Work(prepare(options), canResume(options));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            return Refuse(error);
        }
    }

    private static int Work(Action<CancellationToken> work, bool canResume)
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
            work(cancellation.Token);
            return Done;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(canResume ? "Interrupted; --resume goes on from here." : "Interrupted.");
            return Interrupted;
        }
        catch (OtherRunException error)
        {
            return Refuse(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NonFiniteLossException or NonFiniteGradientException)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }

    private static void RefuseFile(string? folder)
    {
        if (File.Exists(folder))
        {
            throw new IOException($"--out takes a folder, but '{folder}' is a file. Name another place; nothing was changed.");
        }
    }

    private static int Refuse(Exception error, string? usage = null)
    {
        Console.Error.WriteLine(error.Message);
        if (usage is not null)
        {
            Console.Error.WriteLine(usage);
        }

        return Misused;
    }
}
