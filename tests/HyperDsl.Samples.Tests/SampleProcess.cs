using System.Diagnostics;
using System.Globalization;

namespace HyperDsl.Samples.Tests;

/// <summary>Runs a sample as a user does: in a process of its own.</summary>
internal static class SampleProcess
{
    public static (int Code, string Output, string Errors) Run(string sample, params string[] arguments)
    {
        using Process process = Start(sample, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs a sample and interrupts it, as Ctrl+C does, when a line of its output begins as said.</summary>
    public static async Task<(int Code, string Errors)> Interrupt(string sample, string lineBegin, params string[] arguments)
    {
        using Process process = Start(sample, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is string line && !line.StartsWith(lineBegin, StringComparison.Ordinal))
        {
        }

        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors);
    }

    private static Process Start(string sample, string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
