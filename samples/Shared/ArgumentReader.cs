using System.Globalization;

namespace HyperDsl.Samples;

/// <summary>Reads a command line: options and their values, each at most once.</summary>
/// <param name="arguments">As given to the program.</param>
public sealed class ArgumentReader(IReadOnlyList<string> arguments)
{
    private readonly HashSet<string> seen = [];
    private int place = -1;

    /// <summary>The option that was reached.</summary>
    public string Name => arguments[place];

    /// <summary>Goes to the next option.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="FormatException">It was given before.</exception>
    public bool Next()
    {
        if (++place == arguments.Count)
        {
            return false;
        }

        return seen.Add(Name) ? true : throw new FormatException($"{Name} is given twice.");
    }

    /// <summary>Whether an option was given so far.</summary>
    public bool Has(string name) => seen.Contains(name);

    /// <summary>The option's value.</summary>
    /// <exception cref="FormatException">There is none, or it is empty.</exception>
    public string Value()
    {
        string name = Name;
        string value = Text();
        return value.Length > 0 ? value : throw new FormatException($"{name} needs a value that is not empty.");
    }

    /// <summary>The option's value, a text that may be empty.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public string Text()
    {
        string name = Name;
        return ++place < arguments.Count ? arguments[place] : throw new FormatException($"{name} needs a value.");
    }

    /// <summary>The option's value, a whole number.</summary>
    /// <exception cref="FormatException">It is none from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public int Number(int least, int most)
    {
        string name = Name;
        string text = Value();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{name} takes a whole number from {least} to {most}, not '{text}'.");
    }

    /// <summary>The option's value, a number such as 0.5.</summary>
    /// <exception cref="FormatException">It is none from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public double Real(double least, double most)
    {
        string name = Name;
        string text = Value();
        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
            && value >= least && value <= most
                ? value
                : throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"{name} takes a number from {least} to {most}, not '{text}'."));
    }

    /// <summary>What to say of an option that there is not.</summary>
    public FormatException Unknown() => new($"There is no option '{Name}'.");
}
