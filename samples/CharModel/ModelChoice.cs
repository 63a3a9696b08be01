using System.Globalization;

namespace CharModel;

/// <summary>The cell and the sizes that the command line asks for; what is null is left open.</summary>
/// <param name="Kind">The cell.</param>
/// <param name="Units">Width of the main cell.</param>
/// <param name="HyperUnits">Width of the cell that rescales its weights.</param>
/// <param name="Embedding">Width of what passes from that cell to each scaling.</param>
/// <param name="Layers">Cells one upon the other.</param>
/// <param name="Dropout">Share of elements dropped in training.</param>
public sealed record ModelChoice(
    CellKind Kind, int? Units = null, int? HyperUnits = null, int? Embedding = null, int? Layers = null, double? Dropout = null)
{
    /// <summary>The options that ask for a model.</summary>
    /// <param name="net">The model.</param>
    public static string OptionsOf(CharNet net) => string.Create(
        CultureInfo.InvariantCulture,
        $"--cell {NameOf(net.Kind)} --units {net.Size.Units}"
        + $"{(net.Size.HyperUnits > 0 ? $" --hyper-units {net.Size.HyperUnits} --embedding {net.Size.Embedding}" : "")}"
        + $"{(net.Size.Layers > 1 ? $" --layers {net.Size.Layers}" : "")}"
        + $"{(net.Size.Dropout > 0 ? string.Create(CultureInfo.InvariantCulture, $" --dropout {net.Size.Dropout}") : "")}");

    /// <summary>The name of a cell in options.</summary>
    public static string NameOf(CellKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The cell of a name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static CellKind KindOf(string name)
    {
        CellKind[] kinds = Enum.GetValues<CellKind>();
        int found = Array.FindIndex(kinds, kind => NameOf(kind) == name);
        return found >= 0
            ? kinds[found]
            : throw new FormatException($"--cell is {string.Join(", ", kinds.Select(NameOf))}, not '{name}'.");
    }

    /// <summary>The first compiled model that fits.</summary>
    /// <exception cref="FormatException">None was compiled; the message names those that were, and what to write for another.</exception>
    public CharNet Make()
    {
        foreach (Func<CharNet> make in Models.All)
        {
            CharNet net = make();
            if (Fits(net))
            {
                return net;
            }
        }

        throw new FormatException($"""
            No model of these sizes was compiled. With --cell {NameOf(Kind)} there are:
            {string.Join(Environment.NewLine, Models.All.Select(make => make()).Where(net => net.Kind == Kind).Select(net => "  " + OptionsOf(net)))}
            Sizes are constants of compiled code. For others write one line into samples/CharModel/Models.cs:
              [HyperModel] public sealed partial class {Suggestion()}
            add it to the list Models.All there, and build again.
            """);
    }

    private bool Fits(CharNet net) =>
        net.Kind == Kind
        && (Units ?? net.Size.Units) == net.Size.Units
        && (HyperUnits ?? net.Size.HyperUnits) == net.Size.HyperUnits
        && (Embedding ?? net.Size.Embedding) == net.Size.Embedding
        && (Layers ?? net.Size.Layers) == net.Size.Layers
        && (Dropout ?? net.Size.Dropout).Equals(net.Size.Dropout);

    private string Suggestion()
    {
        int units = Units ?? 128;
        string sizes = string.Create(
            CultureInfo.InvariantCulture,
            $"{units}{(Kind >= CellKind.HyperRnn ? $", {HyperUnits ?? units / 4}, {Embedding ?? 4}" : "")}"
            + $"{(Layers > 1 ? $", Layers: {Layers}" : "")}{(Dropout > 0 ? $", Dropout: {Dropout}" : "")}");
        return $"My{Kind}() : CharNet(CellKind.{Kind}, new({sizes}));";
    }
}
