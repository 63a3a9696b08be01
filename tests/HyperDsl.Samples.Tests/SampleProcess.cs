using System.Diagnostics;
using System.Globalization;

namespace HyperDsl.Samples.Tests;

/// <summary>Runs a sample as a user does: in a process of its own.</summary>
internal static class SampleProcess
{
    public static (int Code, string Output, string Errors) Run(string sample, params string[] arguments)
    {
        using Process process = Start("dotnet", [Dll(sample), .. arguments]);
        return Result(process);
    }

    /// <summary>Runs a sample that has a file's bytes in a pipe, <c>/dev/stdin</c>.</summary>
    public static (int Code, string Output, string Errors) RunWithPipe(string file, string sample, params string[] arguments)
    {
        using Process process = Start("sh", ["-c", "cat \"$0\" | dotnet \"$@\"", file, Dll(sample), .. arguments]);
        return Result(process);
    }

    /// <summary>Runs a sample and interrupts it, as Ctrl+C does, when a line of its output begins as said.</summary>
    public static Task<(int Code, string Errors)> Interrupt(string sample, string lineBegin, params string[] arguments) =>
        InterruptIn("", sample, lineBegin, arguments);

    /// <summary>The same in a folder.</summary>
    public static async Task<(int Code, string Errors)> InterruptIn(string folder, string sample, string lineBegin, params string[] arguments)
    {
        using Process process = Start("dotnet", [Dll(sample), .. arguments], folder);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is string line && !line.StartsWith(lineBegin, StringComparison.Ordinal))
        {
        }

        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors);
    }

    private static string Dll(string sample) => Path.Combine(AppContext.BaseDirectory, sample + ".dll");

    private static (int Code, string Output, string Errors) Result(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static Process Start(string program, string[] arguments, string folder = "") => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
