using HyperDsl.Storage;

namespace HyperDsl;

/// <summary>Saving and loading the weights of models.</summary>
public static class ModelFile
{
    /// <summary>Writes a model's weights by name as a safetensors file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(this Model model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ParameterFile.Save(model.Parameters, path);
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
