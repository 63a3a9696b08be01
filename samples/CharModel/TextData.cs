using System.Globalization;
using System.Text.RegularExpressions;
using HyperDsl.Data;

namespace CharModel;

/// <summary>A text to train on, one to choose the best weights by, and one to test once, as symbols of one vocabulary.</summary>
/// <param name="Vocabulary">The symbols of all three.</param>
/// <param name="Train">For training.</param>
/// <param name="Validation">For choosing.</param>
/// <param name="Test">For the result.</param>
public sealed partial record TextData(Vocabulary Vocabulary, int[] Train, int[] Validation, int[] Test)
{
    private const int HeldOutShare = 20;
    private const string Treebank = "ptb.";

    private static readonly string TinyShakespeare = Path.Combine(AppContext.BaseDirectory, "text", "input.txt.gz");

    /// <summary>Reads what the command line names.</summary>
    /// <param name="options">Where the text is, and how large windows are.</param>
    /// <exception cref="InvalidDataException">The text is too short, or has too many symbols.</exception>
    /// <exception cref="IOException">A file is missing, damaged, or not in UTF-8.</exception>
    public static TextData Read(Options options)
    {
        string source = options.Data ?? options.Text ?? TinyShakespeare;
        (string train, string validation, string test) = options.Data is null ? Cut(TextFile.Read(source)) : ReadFolder(source);
        if (train.Length + validation.Length + test.Length == 0)
        {
            throw new InvalidDataException($"{source} is empty: there is nothing to learn.");
        }

        Vocabulary vocabulary = Vocabulary.Of(train, validation, test);
        if (vocabulary.Count > CharNet.Symbols)
        {
            throw new InvalidDataException(
                $"{source} has {vocabulary.Count} different characters, but models were compiled for at most {CharNet.Symbols}. Raise "
                + "CharNet.Symbols in samples/CharModel/CharNet.cs and build again, or give a text with fewer.");
        }

        var data = new TextData(vocabulary, vocabulary.Encode(train), vocabulary.Encode(validation), vocabulary.Encode(test));
        data.CheckLengths(source, options);
        return data;
    }

    /// <summary>A line about the text.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Train.Length:N0} characters to train on, {Validation.Length:N0} to validate, {Test.Length:N0} to test, "
        + $"{(Vocabulary.Count == 1 ? "all the same" : $"{Vocabulary.Count} different ones")}");

    private void CheckLengths(string source, Options options)
    {
        long needed = TextWindows.Needed(options.Batch, options.Steps);
        if (Train.Length < needed)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source} has {Train.Length:N0} characters to train on; {options.Batch} rows of windows of {options.Steps} need at least "
                + $"{needed:N0}. Give a longer text, or smaller --batch or --steps."));
        }

        if (Validation.Length < 2 || Test.Length < 2)
        {
            throw new InvalidDataException($"{source} is too short: nothing is left to validate and to test.");
        }
    }

    /// <summary>The first 90 % for training, the rest in halves.</summary>
    private static (string Train, string Validation, string Test) Cut(string text)
    {
        int share = text.Length / HeldOutShare;
        int train = WholeCharacters(text, text.Length - (2 * share));
        int validation = WholeCharacters(text, text.Length - share);
        return (text[..train], text[train..validation], text[validation..]);
    }

    /// <summary>A place that does not divide a character of two UTF-16 units.</summary>
    private static int WholeCharacters(string text, int place) =>
        place > 0 && place < text.Length && char.IsLowSurrogate(text[place]) ? place + 1 : place;

    private static (string Train, string Validation, string Test) ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        }

        string[] files = Directory.GetFiles(folder);
        return (ReadPart("train"), ReadPart("valid"), ReadPart("test"));

        string ReadPart(string part)
        {
            string[] found = [.. files.Where(file => PartName().Match(Path.GetFileName(file)).Groups[1].Value == part)];
            return found.Length == 1 ? ReadFile(found[0]) : throw new FileNotFoundException(
                $"{folder} needs one file for '{part}', such as {part}.txt or ptb.{part}.txt.gz; it has "
                + (found.Length == 0 ? "none." : string.Join(", ", found.Select(Path.GetFileName)) + "."));
        }
    }

    private static string ReadFile(string path)
    {
        string text = TextFile.Read(path);
        return Path.GetFileName(path).StartsWith(Treebank, StringComparison.Ordinal) ? Trimmed(text) : text;
    }

    /// <summary>
    /// Lines without the spaces around them: the Penn Treebank's words become its characters (5,017,482, 393,042 and 442,423 of them). In
    /// other texts spaces may mean something.
    /// </summary>
    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim(' ', '\r')));

    [GeneratedRegex(@"^(?:.*[._-])?(train|valid|test)(?:[._-].*)?$")]
    private static partial Regex PartName();
}
