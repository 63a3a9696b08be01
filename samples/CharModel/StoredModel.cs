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
    /// <exception cref="IOException">The file is missing, damaged, or no character model.</exception>
    public static StoredModel Load(string path)
    {
        IReadOnlyDictionary<string, string> notes = ModelFile.ReadNotes(path);
        string name = notes.GetValueOrDefault(ModelNote, "");
        Func<CharNet>? make = Models.All.FirstOrDefault(make => make().GetType().Name == name);
        if (make is null || !notes.TryGetValue(VocabularyNote, out string? symbols) || symbols.Length == 0)
        {
            throw new InvalidDataException(
                $"{path} holds {(name.Length == 0 ? "no model" : $"a model '{name}'")}, not a character model of this program. It has: "
                + $"{string.Join(", ", Models.All.Select(make => make().GetType().Name))}.");
        }

        CharNet net = make();
        net.Load(path);
        return new StoredModel(net, new Vocabulary(symbols));
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

        if (notes.GetValueOrDefault(SettingsNote) != settings)
        {
            throw new InvalidDataException(
                $"{path} is of a run with {notes.GetValueOrDefault(SettingsNote)}, not with {settings}. Give the same ones, or another --out; "
                + "nothing was changed.");
        }
    }
}
