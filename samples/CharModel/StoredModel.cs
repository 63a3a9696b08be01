using System.Text;
using HyperDsl;
using HyperDsl.Data;
using HyperDsl.Storage;

namespace CharModel;

/// <summary>A model in a file, with the symbols of the text that it was trained on.</summary>
/// <param name="Net">The model.</param>
/// <param name="Vocabulary">Its symbols.</param>
public sealed record StoredModel(CharNet Net, Vocabulary Vocabulary)
{
    private const string ModelNote = "model";
    private const string VocabularyNote = "vocabulary";
    private const string SettingsNote = "settings";

    /// <summary>What is written into the file beside the weights.</summary>
    /// <param name="vocabulary">The symbols.</param>
    /// <param name="settings">The options of the run.</param>
    public static IReadOnlyDictionary<string, string> Notes(Vocabulary vocabulary, string settings) =>
        new Dictionary<string, string> { [VocabularyNote] = vocabulary.Symbols, [SettingsNote] = settings };

    /// <summary>Reads a model of a training run, or its checkpoint.</summary>
    /// <exception cref="IOException">The file is missing or damaged.</exception>
    /// <exception cref="InvalidDataException">It is no character model, or what it holds can be none.</exception>
    public static StoredModel Load(string path)
    {
        IReadOnlyDictionary<string, string> notes = ModelFile.ReadNotes(path);
        string name = notes.GetValueOrDefault(ModelNote, "");
        Func<CharNet>? make = Models.All.FirstOrDefault(make => make().GetType().Name == name);
        if (make is null)
        {
            throw new InvalidDataException(
                $"{path} holds {(name.Length == 0 ? "no model" : $"a model '{name}'")}, not a character model of this program. It has: "
                + $"{string.Join(", ", Models.All.Select(make => make().GetType().Name))}.");
        }

        string symbols = notes.GetValueOrDefault(VocabularyNote, "");
        CheckSymbols(path, symbols);
        CharNet net = make();
        net.Load(path);
        return net.IsFinite ? new StoredModel(net, new Vocabulary(symbols)) : throw new InvalidDataException(
            $"{path} holds weights that are infinite or no numbers, with which nothing can be written. Take weights of an earlier time, or train "
            + "anew with a lower --rate.");
    }

    /// <summary>Refuses a checkpoint of a run with another model, text or settings.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="net">The model that is to go on.</param>
    /// <param name="vocabulary">Its symbols.</param>
    /// <param name="settings">The options of the run.</param>
    /// <exception cref="InvalidDataException">It is of another run.</exception>
    /// <exception cref="IOException">It is damaged.</exception>
    public static void CheckSame(string path, CharNet net, Vocabulary vocabulary, string settings)
    {
        IReadOnlyDictionary<string, string> notes = ModelFile.ReadNotes(path);
        string name = notes.GetValueOrDefault(ModelNote, "no model");
        if (name != net.GetType().Name)
        {
            throw new InvalidDataException(
                $"{path} is of the model {name}, not of {net.GetType().Name} ({ModelChoice.OptionsOf(net)}). Give the options of that model, or "
                + "another --out; nothing was changed.");
        }

        if (notes.GetValueOrDefault(VocabularyNote) != vocabulary.Symbols)
        {
            throw new InvalidDataException($"{path} is of a run on another text. Give that text, or another --out; nothing was changed.");
        }

        string stored = notes.GetValueOrDefault(SettingsNote, "options that it does not say");
        if (stored != settings)
        {
            throw new InvalidDataException(
                $"{path} is of a run with {stored}, not with {settings}. Give the same ones, or another --out; nothing was changed.");
        }
    }

    private static void CheckSymbols(string path, string symbols)
    {
        Rune[] found = [.. symbols.EnumerateRunes()];
        int different = found.Distinct().Count();
        if (different < found.Length || found.Length is 0 or > CharNet.Symbols)
        {
            throw new InvalidDataException(
                $"{path}: found {found.Length} characters in the note '{VocabularyNote}', {different} of them different; expected 1 to "
                + $"{CharNet.Symbols}, each once. The file was not written by this program, or is damaged: take another, or train the model anew.");
        }
    }
}
