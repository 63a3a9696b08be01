using System.Text.Json;
using HyperDsl.Benchmarks;
using HyperDsl.Benchmarks.Cases;
using HyperDsl.Oracle;

IReadOnlyList<NamedCase> cases =
[
    .. GemmCase.All, .. WeightGradientCase.All,
    .. MnistCase.All, .. RecurrentTrainingCase.All, .. RecurrentEvaluationCase.All, .. GenerationCase.All, .. GeneratorCase.All,
    .. ConvolutionForwardCase.All, .. ConvolutionInputGradientCase.All, .. ConvolutionKernelGradientCase.All,
];

CommandLine commandLine;
List<NamedCase> chosen;
try
{
    if (args is ["--help" or "-h", ..])
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }

    commandLine = CommandLine.Parse(args);
    chosen = [.. cases.Where(named => commandLine.Case is null || named.Answers(commandLine.Case))];
    if (chosen.Count == 0)
    {
        throw new FormatException($"There is no case '{commandLine.Case}'. Cases: {string.Join(", ", cases.Select(named => named.Name))}.");
    }
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

if (TorchRuntime.WhyUnavailable is string reason)
{
    Console.Error.WriteLine($"There is no rival to compare with: {reason}.");
    return 1;
}

List<ComparisonResult> results = [];
foreach (NamedCase named in chosen)
{
    foreach (ComparisonResult result in Comparison.Run(named, commandLine.Seconds))
    {
        Console.WriteLine(result);
        results.Add(result);
    }
}

if (commandLine.JsonFile is string file)
{
    File.WriteAllText(file, JsonSerializer.Serialize(results, new JsonSerializerOptions { WriteIndented = true }) + "\n");
}

return 0;
