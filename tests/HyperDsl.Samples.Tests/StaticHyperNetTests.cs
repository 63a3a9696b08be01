using HyperDsl.Gpu;

namespace HyperDsl.Samples.Tests;

/// <summary>The sample as a user runs it.</summary>
public sealed class StaticHyperNetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-sample").FullName;

    public static TheoryData<string[]> BadArguments => new()
    {
        { ["--unknown"] }, { ["extra"] }, { ["--epochs"] }, { ["--epochs", "0"] }, { ["--epochs", "ten"] }, { ["--batch", "-5"] },
        { ["--network", "other"] }, { ["--resume"] }, { ["--baked", "--network", "plain"] }, { ["--seed", "1", "--seed", "2"] }, { ["--threads", "1.5"] },
        { ["--backend", "tpu"] },
    };

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void Bad_arguments_print_usage_and_end_with_2(string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("usage: StaticHyperNet", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ends_with_0()
    {
        (int code, string output, string errors) = Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("usage: StaticHyperNet", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public void A_deployed_form_is_not_for_a_device()
    {
        (int code, _, string errors) = Run("--predict", Path.Combine(folder, "baked.safetensors"), "--backend", "opencl");
        Assert.Equal(2, code);
        Assert.StartsWith("--predict runs on this processor", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_missing_device_is_said_in_words()
    {
        Skip.If(GpuDevice.List().Any(device => device.Kind == "cuda"), "This machine has such a device.");

        (int code, _, string errors) = Run("--backend", "cuda");
        Assert.Equal(2, code);
        Assert.StartsWith("--backend cuda: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_data_is_said_in_words()
    {
        (int code, _, string errors) = Run("--data", Path.Combine(folder, "nowhere"));
        Assert.Equal(2, code);
        Assert.Contains("nowhere", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_place_of_the_output_folder_is_said_and_kept()
    {
        string file = Path.Combine(folder, "results.txt");
        File.WriteAllText(file, "kept");
        (int code, _, string errors) = Run("--out", file);
        Assert.Equal((2, $"--out takes a folder, but '{file}' is a file. Name another place; nothing was changed.\n"), (code, errors));
        Assert.Equal("kept", File.ReadAllText(file));
    }

    [Fact]
    public void Broken_data_is_said_in_words()
    {
        foreach (string part in new[] { "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1" })
        {
            File.WriteAllText(Path.Combine(folder, part + "-ubyte"), "not an IDX file");
        }

        (int code, _, string errors) = Run("--data", folder);
        Assert.Equal(2, code);
        Assert.Contains("train-images-idx3-ubyte", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void One_epoch_trains_both_networks_and_keeps_what_it_made()
    {
        (int code, string output, string errors) = Run("--epochs", "1", "--threads", "2", "--baked", "--out", folder);
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("plain: second kernel 12,544 parameters, in all 21,210", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("hyper: second kernel 4,244 parameters, in all 12,910", StringComparison.Ordinal));
        double plain = TestError(lines[^2], "plain: 21,210"), hyper = TestError(lines[^1], "hyper: 12,910");

        // Guessing errs in 90 % of ten equally frequent classes.
        Assert.InRange(plain, 0, 60);
        Assert.InRange(hyper, 0, 60);
        string baked = lines.Single(line => line.StartsWith("hyper, baked: 21,210 parameters", StringComparison.Ordinal));
        Assert.Contains(lines[^1].Split(", ")[1], baked, StringComparison.Ordinal);
        (_, string predicted, _) = Run("--predict", Path.Combine(folder, "hyper", "baked.safetensors"));
        Assert.Equal(baked, "hyper, baked: " + predicted.TrimEnd().Split('\n')[^1]);
        string[] files = ["kernels.png", "plain/checkpoint.safetensors", "plain/metrics.jsonl", "hyper/model.safetensors", "hyper/baked.safetensors"];
        Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(folder, file)).Length > 0, file));
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_to_the_same_bits()
    {
        string[] arguments = ["--network", "hyper", "--epochs", "5", "--out"];
        string whole = Path.Combine(folder, "whole"), parts = Path.Combine(folder, "parts");
        Assert.Equal(0, Run([.. arguments, whole]).Code);

        (int interrupted, string said) = await SampleProcess.Interrupt("StaticHyperNet", "epoch 1/5", [.. arguments, parts]);
        Assert.Equal((130, $"Interrupted; the same options with --resume --out {parts} go on from here.\n"), (interrupted, said));
        Assert.Equal(0, Run([.. arguments, parts, "--resume"]).Code);
        foreach (string file in new[] { "checkpoint.safetensors", "best.safetensors", "model.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "hyper", file)), File.ReadAllBytes(Path.Combine(parts, "hyper", file)));
        }

        string best = Path.Combine(parts, "hyper", "best.safetensors");
        File.Delete(best);
        Assert.Equal(0, Run([.. arguments, parts, "--resume"]).Code);
        Assert.True(File.Exists(best), "A finished run without its best weights stores those that it has.");

        (int code, _, string other) = Run([.. arguments, parts, "--resume", "--seed", "3"]);
        Assert.Equal(2, code);
        Assert.Contains("other data, --batch or --seed", other, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static double TestError(string line, string beginning)
    {
        System.Text.RegularExpressions.Match match = System.Text.RegularExpressions.Regex.Match(
            line, @"^(?<network>.*) parameters, test error (?<error>[0-9.]+) %, [0-9]+ s$");
        Assert.True(match.Success, line);
        Assert.Equal(beginning, match.Groups["network"].Value);
        return double.Parse(match.Groups["error"].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments) => SampleProcess.Run("StaticHyperNet", arguments);
}
