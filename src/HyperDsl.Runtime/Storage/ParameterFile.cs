using HyperDsl.Execution;

namespace HyperDsl.Storage;

/// <summary>A file holds the weights of another model.</summary>
public sealed class ModelMismatchException : IOException
{
    internal ModelMismatchException(
        string file, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> misshaped)
        : base(Describe(file, missing, unexpected, misshaped))
    {
        Missing = missing;
        Unexpected = unexpected;
        Misshaped = misshaped;
    }

    /// <summary>Names that the model has and the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names that the file has and the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Names whose shape or type differs, with both.</summary>
    public IReadOnlyList<string> Misshaped { get; }

    private static string Describe(
        string file, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> misshaped)
    {
        List<string> lines = [$"{file} does not fit this model; nothing was loaded."];
        Add("missing in the file", missing);
        Add("not in the model", unexpected);
        Add("of another shape", misshaped);
        return string.Join(Environment.NewLine, lines);

        void Add(string what, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                lines.Add($"  {what}: {string.Join(", ", names)}");
            }
        }
    }
}

/// <summary>Stores weights by name in safetensors files.</summary>
public static class ParameterFile
{
    /// <summary>
    /// Tensors of checkpoints that are not weights have names with this character, which names of weights cannot have.
    /// </summary>
    internal const char Separator = '/';

    /// <summary>Writes all weights, atomically.</summary>
    public static void Save(ParameterStore parameters, string path)
    {
        var writer = new SafeTensorsWriter();
        AddTo(writer, parameters);
        writer.Save(path);
    }

    /// <summary>
    /// Reads all weights. Reads checkpoints as well and ignores what else they hold. Unless everything fits and can be read,
    /// nothing is changed.
    /// </summary>
    /// <exception cref="ModelMismatchException">Names or shapes are not those of the model.</exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static void Load(ParameterStore parameters, string path)
    {
        using var file = SafeTensorsFile.Open(path);
        Apply(parameters, Read(file, parameters, extra: []));
    }

    internal static void AddTo(SafeTensorsWriter writer, ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (ParameterPlan parameter in parameters.Parameters)
        {
            writer.Add(
                parameter.Name,
                parameter.Shape,
                parameters.ReadOnlyValues.Slice(parameter.Offset, ShapeRules.Count(parameter.Shape)));
        }
    }

    /// <summary>
    /// Reads the weights, laid out as the parameter buffer, after checking them and <paramref name="extra"/> tensors.
    /// </summary>
    internal static float[] Read(
        SafeTensorsFile file, ParameterStore parameters, IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> extra)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Check(file, [.. parameters.Parameters.Select(parameter => (parameter.Name, parameter.Shape)), .. extra]);
        var values = new float[parameters.Length];
        foreach (ParameterPlan parameter in parameters.Parameters)
        {
            file.Read<float>(parameter.Name, values.AsSpan(parameter.Offset, ShapeRules.Count(parameter.Shape)));
        }

        return values;
    }

    internal static void Apply(ParameterStore parameters, float[] values) => parameters.Replace(values);

    private static void Check(SafeTensorsFile file, IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> wanted)
    {
        List<string> missing = [];
        List<string> misshaped = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, IReadOnlyList<int> shape) in wanted)
        {
            names.Add(name);
            if (!file.Tensors.TryGetValue(name, out StoredTensor? stored))
            {
                missing.Add(name);
            }
            else if (stored.Type != TensorType.F32 || !stored.Shape.SequenceEqual(shape))
            {
                misshaped.Add(
                    $"{name} ({stored.Type} {ShapeRules.Text(stored.Shape)} in the file, F32 {ShapeRules.Text(shape)} in the model)");
            }
        }

        List<string> unexpected =
        [
            .. file.Tensors.Keys
                .Where(name => !names.Contains(name) && !name.Contains(Separator))
                .Order(StringComparer.Ordinal),
        ];
        if (missing.Count + unexpected.Count + misshaped.Count > 0)
        {
            throw new ModelMismatchException(file.FilePath, missing, unexpected, misshaped);
        }
    }
}
