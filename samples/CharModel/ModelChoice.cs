using System.Globalization;

namespace CharModel;

/// <summary>
/// The cell and the sizes that the command line asks for; what is null is as in the first compiled model of the cell. The hyper cell is
/// a quarter as wide as the main cell, as it is there, so that <c>--units</c> alone chooses a model.
/// </summary>
/// <param name="Kind">The cell.</param>
/// <param name="Units">Width of the main cell.</param>
/// <param name="HyperUnits">Width of the cell that rescales its weights.</param>
/// <param name="Embedding">Width of what passes from that cell to each scaling.</param>
/// <param name="Layers">Cells one upon the other.</param>
/// <param name="Dropout">Share of elements dropped in training.</param>
public sealed record ModelChoice(
    CellKind Kind, int? Units = null, int? HyperUnits = null, int? Embedding = null, int? Layers = null, double? Dropout = null)
{
    private const int HyperShare = 4;

    /// <summary>The options that ask for a model.</summary>
    /// <param name="net">The model.</param>
    public static string OptionsOf(CharNet net) => OptionsOf(net.Kind, net.Size);

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

    /// <summary>The compiled model of these sizes.</summary>
    /// <exception cref="FormatException">None was compiled; the message names those that were, and what to write for another.</exception>
    public CharNet Make()
    {
        CharNet[] compiled = Models.All.Select(make => make()).Where(net => net.Kind == Kind).ToArray();
        ModelSize size = Completed(compiled.FirstOrDefault()?.Size ?? Models.All[0]().Size);
        return compiled.FirstOrDefault(net => net.Size == size) ?? throw new FormatException($"""
            No model {OptionsOf(Kind, size)} was compiled. {Known(compiled)}
            Sizes are constants of compiled code. For others write into samples/CharModel/Models.cs:
              [HyperModel] public sealed partial class {Suggestion(size)}
            add it to the list Models.All there, and build again.
            """);
    }

    private string Known(CharNet[] compiled) => compiled.Length == 0
        ? "None has that cell."
        : $"With --cell {NameOf(Kind)} there are:{string.Concat(InOrder(compiled).Select(net => Environment.NewLine + "  " + OptionsOf(net)))}";

    private static IEnumerable<CharNet> InOrder(CharNet[] compiled) => compiled
        .OrderBy(net => net.Size.Units)
        .ThenBy(net => net.Size.HyperUnits)
        .ThenBy(net => net.Size.Embedding)
        .ThenBy(net => net.Size.Layers)
        .ThenBy(net => net.Size.Dropout);

    private static string OptionsOf(CellKind kind, ModelSize size) => string.Create(
        CultureInfo.InvariantCulture,
        $"--cell {NameOf(kind)} --units {size.Units}"
        + $"{(size.HyperUnits > 0 ? $" --hyper-units {size.HyperUnits} --embedding {size.Embedding}" : "")}"
        + $"{(size.Layers > 1 ? $" --layers {size.Layers}" : "")}"
        + $"{(size.Dropout > 0 ? string.Create(CultureInfo.InvariantCulture, $" --dropout {size.Dropout}") : "")}");

    private ModelSize Completed(ModelSize usual)
    {
        int units = Units ?? usual.Units;
        return new ModelSize(
            units,
            HyperUnits ?? (usual.HyperUnits > 0 ? Math.Max(1, units / HyperShare) : 0),
            Embedding ?? usual.Embedding,
            Layers ?? usual.Layers,
            Dropout ?? usual.Dropout);
    }

    private string Suggestion(ModelSize size)
    {
        string sizes = string.Create(
            CultureInfo.InvariantCulture,
            $"{size.Units}{(Kind >= CellKind.HyperRnn ? $", {size.HyperUnits}, {size.Embedding}" : "")}"
            + $"{(size.Layers > 1 ? $", Layers: {size.Layers}" : "")}"
            + $"{(size.Dropout > 0 ? string.Create(CultureInfo.InvariantCulture, $", Dropout: {size.Dropout}") : "")}");
        return $"My{Kind}() : CharNet(CellKind.{Kind}, new({sizes}));";
    }
}
