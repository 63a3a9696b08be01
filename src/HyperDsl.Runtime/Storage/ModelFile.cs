using HyperDsl.Storage;

namespace HyperDsl;

/// <summary>Saving and loading the weights of models.</summary>
public static class ModelFile
{
    /// <summary>
    /// Writes a model's weights by name as a safetensors file, atomically; the header's text <c>model</c> is the name of its class.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where.</param>
    /// <param name="notes">Further texts for the header, such as a vocabulary.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(this Model model, string path, IEnumerable<KeyValuePair<string, string>>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var writer = new SafeTensorsWriter();
        ParameterFile.AddTo(writer, model.Parameters);
        foreach ((string key, string text) in notes ?? [])
        {
            writer.Metadata[key] = text;
        }

        writer.Metadata["model"] = model.GetType().Name;
        writer.Save(path);
    }

    /// <summary>The texts in the header of a file that <see cref="Save"/> or a trainer's checkpoint wrote.</summary>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadNotes(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Metadata;
    }

    /// <summary>
    /// Reads a model's weights from a file that <see cref="Save"/> or a trainer's checkpoint wrote. Unless everything fits,
    /// nothing is changed.
    /// </summary>
    /// <exception cref="ModelMismatchException">
    /// It holds the weights of another model; the message lists the differences.
    /// </exception>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load(this Model model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ParameterFile.Load(model.Parameters, path);
    }
}
