using HyperDsl.Execution;
using HyperDsl.Storage;

namespace HyperDsl;

/// <summary>A prediction whose generated weights are stored instead of computed. Made by <see cref="Model.Bake"/>.</summary>
/// <remarks>
/// Not for several threads at a time: give each thread one of its own. Worker threads are shared with models of the same
/// <see cref="Model.Threads"/>, so calls that use them take turns.
/// </remarks>
public sealed class BakedModel
{
    private readonly EntryPlan entry;
    private readonly EntryRoutine routine;
    private readonly int outputSize;

    internal BakedModel(EntryPlan entry, int threads, BakedPlan plan)
    {
        this.entry = entry;
        Plan = plan;
        long length = 0;
        foreach (ParameterPlan parameter in plan.Parameters)
        {
            length = Math.Max(length, (long)parameter.Offset + ShapeRules.Count(parameter.Shape));
        }
        // Whole 64-byte lines, so that vector loads at the end stay inside.
        Buffer = new AlignedBuffer<float>((length + ParameterStore.Alignment - 1) / ParameterStore.Alignment * ParameterStore.Alignment);
        outputSize = ShapeRules.Count(entry.OutputShape);
        routine = new EntryRoutine(entry, plan.Predict(), CompiledEntry.Pool(threads), []);
    }

    /// <summary>What is stored: kernels and ordinary weights.</summary>
    public IReadOnlyList<ParameterPlan> Parameters => Plan.Parameters;

    /// <summary>The number of stored numbers, without gaps.</summary>
    public int ParameterCount => Parameters.Sum(parameter => ShapeRules.Count(parameter.Shape));

    internal BakedPlan Plan { get; }

    internal AlignedBuffer<float> Buffer { get; }

    /// <summary>The values of a stored weight or kernel.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public float[] Values(string name)
    {
        foreach (ParameterPlan parameter in Parameters)
        {
            if (parameter.Name == name)
            {
                return Slice(parameter).ToArray();
            }
        }
        throw new KeyNotFoundException(
            $"There is no stored weight '{name}'. There are: {string.Join(", ", Parameters.Select(parameter => parameter.Name))}.");
    }

    /// <summary>Predictions of all examples of a batch.</summary>
    /// <param name="batch">The inputs.</param>
    /// <returns>[example, shape], row-major; [example, step, shape] where the prediction varies with time.</returns>
    /// <exception cref="ArgumentException">The batch does not fit, or asks for watched values.</exception>
    public float[] Predict(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Watched is not null)
        {
            throw new ArgumentException("A deployed model gives no watched values; ask the model that it was made of.");
        }
        float[] predictions = new float[checked(batch.Count * outputSize * (entry.OutputSteps ? batch.Steps : 1))];
        routine.Run(batch, Buffer, version: 0, gradients: null, updates: null, predictions, randomKey: 0);
        return predictions;
    }

    /// <summary>Writes the stored weights and kernels as a safetensors file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["hyperdsl.baked"] = entry.Name;
        foreach (ParameterPlan parameter in Parameters)
        {
            writer.Add<float>(parameter.Name, parameter.Shape, Slice(parameter));
        }
        writer.Save(path);
    }

    internal void Read(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        foreach (ParameterPlan parameter in Parameters)
        {
            if (file.Tensors.TryGetValue(parameter.Name, out StoredTensor? stored) && !stored.Shape.SequenceEqual(parameter.Shape))
            {
                throw new FileFormatException(
                    path,
                    stored.HeaderOffset,
                    $"'{parameter.Name}' of shape {ShapeRules.Text(stored.Shape)}",
                    $"shape {ShapeRules.Text(parameter.Shape)}");
            }
            file.Read(parameter.Name, Slice(parameter));
        }
    }

    private Span<float> Slice(ParameterPlan parameter) => Buffer.Span.Slice(parameter.Offset, ShapeRules.Count(parameter.Shape));
}
