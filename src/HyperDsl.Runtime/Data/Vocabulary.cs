using System.Globalization;
using System.Text;

namespace HyperDsl.Data;

/// <summary>A text has a symbol that a vocabulary lacks.</summary>
public sealed class UnknownSymbolException : FormatException
{
    internal UnknownSymbolException(Rune symbol, int position, int line, int column, Vocabulary vocabulary)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The symbol {Vocabulary.Describe(symbol)} in line {line}, column {column} is not among the {vocabulary.Count} that are known: "
            + $"{vocabulary}"))
    {
        Symbol = symbol;
        Position = position;
    }

    /// <summary>The symbol.</summary>
    public Rune Symbol { get; }

    /// <summary>How many symbols precede it.</summary>
    public int Position { get; }
}

/// <summary>The symbols of a text, Unicode characters, numbered from 0.</summary>
public sealed class Vocabulary
{
    private readonly Dictionary<Rune, int> numbers = [];
    private readonly Rune[] symbols;

    /// <summary>Makes a vocabulary of the characters of a string, numbered in their order.</summary>
    /// <exception cref="ArgumentException">There is none, or one comes twice.</exception>
    public Vocabulary(string symbols)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbols);
        this.symbols = [.. symbols.EnumerateRunes()];
        for (int number = 0; number < this.symbols.Length; number++)
        {
            if (!numbers.TryAdd(this.symbols[number], number))
            {
                throw new ArgumentException(
                    $"A vocabulary has each symbol once, but {Describe(this.symbols[number])} comes twice.", nameof(symbols));
            }
        }
    }

    /// <summary>The vocabulary of texts, ordered by code point.</summary>
    /// <exception cref="ArgumentException">They are all empty.</exception>
    public static Vocabulary Of(params ReadOnlySpan<string> texts)
    {
        var found = new SortedSet<Rune>();
        foreach (string text in texts)
        {
            foreach (Rune symbol in text.EnumerateRunes())
            {
                found.Add(symbol);
            }
        }

        return new Vocabulary(string.Concat(found));
    }

    /// <summary>The number of symbols.</summary>
    public int Count => symbols.Length;

    /// <summary>The symbols in their order; the constructor makes an equal vocabulary of it.</summary>
    public string Symbols => string.Concat(symbols);

    /// <summary>A symbol.</summary>
    /// <param name="number">From 0 to <see cref="Count"/> − 1.</param>
    public Rune this[int number] => symbols[number];

    /// <summary>The number of a symbol; −1 where it is not known.</summary>
    public int IndexOf(Rune symbol) => numbers.GetValueOrDefault(symbol, -1);

    /// <summary>The numbers of a text's symbols.</summary>
    /// <exception cref="UnknownSymbolException">It has another symbol; the message says which and where.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var encoded = new int[text.Length];
        int count = 0;
        foreach (Rune symbol in text.EnumerateRunes())
        {
            encoded[count] = numbers.TryGetValue(symbol, out int number) ? number : throw Unknown(text, symbol, count);
            count++;
        }

        Array.Resize(ref encoded, count);
        return encoded;
    }

    /// <summary>The text of numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not of this vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> text)
    {
        var decoded = new StringBuilder(text.Length);
        foreach (int number in text)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(text));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count, nameof(text));
            decoded.Append(symbols[number].ToString());
        }

        return decoded.ToString();
    }

    /// <summary>The symbols in a form that can be read in a message.</summary>
    public override string ToString() =>
        string.Concat(symbols.Select(symbol => Rune.IsControl(symbol) ? $"[{CodePoint(symbol)}]" : symbol.ToString()));

    internal static string Describe(Rune symbol) =>
        Rune.IsControl(symbol) ? CodePoint(symbol) : $"'{symbol}' ({CodePoint(symbol)})";

    private static string CodePoint(Rune symbol) => string.Create(CultureInfo.InvariantCulture, $"U+{symbol.Value:X4}");

    private UnknownSymbolException Unknown(string text, Rune unknown, int position)
    {
        (int line, int column) = (1, 1);
        foreach (Rune before in text.EnumerateRunes().Take(position))
        {
            (line, column) = before.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return new UnknownSymbolException(unknown, position, line, column, this);
    }
}
