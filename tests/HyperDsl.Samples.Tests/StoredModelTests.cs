using CharModel;

namespace HyperDsl.Samples.Tests;

/// <summary>Files of character models that are damaged in a way that their format allows.</summary>
public sealed class StoredModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hyperdsl-stored").FullName;

    public static TheoryData<string, string> DamagedSymbols => new()
    {
        { "abca", "found 4 characters in the note 'vocabulary', 3 of them different; expected 1 to 128, each once" },
        { string.Concat(Enumerable.Range(0, 129).Select(index => (char)(0x100 + index))), "found 129 characters in the note 'vocabulary', 129 of them different" },
        { "", "found 0 characters in the note 'vocabulary'" },
    };

    [Theory]
    [MemberData(nameof(DamagedSymbols))]
    public void A_stored_model_with_damaged_symbols_is_refused(string symbols, string message)
    {
        string model = Path.Combine(folder, "model.safetensors");
        new Gru128().Save(model, new Dictionary<string, string> { ["vocabulary"] = symbols });
        Refused(message, model);
    }

    [Fact]
    public void A_stored_model_whose_weights_are_no_numbers_is_refused()
    {
        string model = Path.Combine(folder, "model.safetensors");
        var net = new Gru128();
        net.Parameters.Values[^1] = float.NaN;
        net.Save(model, StoredModel.Notes(new Data.Vocabulary("ab"), ""));
        Refused("holds weights that are infinite or no numbers", model);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Refused(string message, string model)
    {
        (int code, string output, string errors) = SampleProcess.Run("CharModel", "sample", "--model", model);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
