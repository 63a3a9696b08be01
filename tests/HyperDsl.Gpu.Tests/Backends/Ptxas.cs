using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperDsl.Gpu.Tests;

/// <summary>What NVIDIA's assembler says of a kernel.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="Stack">Bytes of local memory of a thread.</param>
/// <param name="Spills">Bytes spilled.</param>
/// <param name="SharedBytes">Bytes of shared memory of a group.</param>
/// <param name="TensorInstructions">Instructions for tensor cores; <c>null</c> where nvdisasm does not lie beside ptxas.</param>
internal sealed record AssembledKernel(int Registers, int Stack, int Spills, int SharedBytes, int? TensorInstructions);

/// <summary>NVIDIA's assembler, where it is installed: in the path or named by the environment variable PTXAS.</summary>
internal static partial class Ptxas
{
    private static readonly string? Program = Environment.GetEnvironmentVariable("PTXAS") ?? (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "ptxas")).FirstOrDefault(File.Exists);

    public static bool IsFound => Program is not null;

    public const string Missing = "ptxas was not found: put it into the path, or name it in the environment variable PTXAS (Debian: nvidia-cuda-toolkit).";

    public static AssembledKernel Assemble(string text, string architecture)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".ptx");
        File.WriteAllText(file, text);
        try
        {
            ProcessStartInfo start = new(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (string argument in new[] { "-arch=" + architecture, "-v", file, "-o", file + ".cubin" })
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
            return new AssembledKernel(
                Number(Registers(), output), Number(Stack(), output),
                Number(SpillStores(), output) + Number(SpillLoads(), output), Number(SharedMemory(), output), TensorInstructions(file + ".cubin"));
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".cubin");
        }
    }

    private static int? TensorInstructions(string file)
    {
        string disassembler = Path.Combine(Path.GetDirectoryName(Program!)!, "nvdisasm");
        if (!File.Exists(disassembler))
        {
            return null;
        }

        using Process process = Process.Start(new ProcessStartInfo(disassembler, [file]) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? TensorInstruction().Count(text) : null;
    }

    private static int Number(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\bHMMA\.\S*TF32")]
    private static partial Regex TensorInstruction();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex SharedMemory();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex SpillStores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex SpillLoads();
}
