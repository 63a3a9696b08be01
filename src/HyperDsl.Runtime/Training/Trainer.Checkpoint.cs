using System.Globalization;
using HyperDsl.Data;
using HyperDsl.Execution;
using HyperDsl.Storage;

namespace HyperDsl.Training;

/// <content>Checkpoints: weights, optimiser state and position in one safetensors file.</content>
public sealed partial class Trainer
{
    private const string StepsKey = "training.steps";
    private const string SeedKey = "training.seed";
    private const string RateKey = "training.rate";
    private const string OptimizerKey = "optimizer.kind";
    private const string EpochKey = "data.epoch";
    private const string BatchKey = "data.batch";
    private const string OrderKey = "data.order";
    private const string EpochStepsKey = "epoch.steps";
    private const string EpochLossKey = "epoch.loss";
    private const string EpochUnreportedKey = "epoch.unreported";

    /// <summary>
    /// Writes a checkpoint atomically: all weights under their names, optimiser state as <c>optimizer/mean/name</c>, and in the
    /// header's texts steps, seed, learning rate, the position in <see cref="Data"/>, whose states are <c>state/name</c>, and the losses of
    /// the epoch that <see cref="Fit"/> is in. Other readers of weights can read it.
    /// </summary>
    public void Save(string path)
    {
        var writer = new SafeTensorsWriter();
        ParameterFile.AddTo(writer, target.Parameters);
        foreach ((OptimizerBuffer buffer, ParameterPlan parameter, string name) in StateTensors())
        {
            writer.Add<float>(name, parameter.Shape, buffer.Values.AsSpan(parameter.Offset, ShapeRules.Count(parameter.Shape)));
        }

        foreach ((string key, string text) in Notes)
        {
            writer.Metadata[key] = text;
        }

        writer.Metadata["model"] = target.ModelName;
        writer.Metadata[OptimizerKey] = Optimizer.Kind;
        writer.Metadata[StepsKey] = Text(Steps);
        writer.Metadata[SeedKey] = Seed.ToString(CultureInfo.InvariantCulture);
        writer.Metadata[RateKey] = Optimizer.Rate.At(Steps).ToString("R", CultureInfo.InvariantCulture);
        if (Data is not null)
        {
            writer.Metadata[EpochKey] = Text(Data.Position.Epoch);
            writer.Metadata[BatchKey] = Text(Data.Position.Batch);
            writer.Metadata[OrderKey] = Data.Order;
            if (running.Steps > 0 && running.Place == Data.Position)
            {
                AddEpoch(writer, running);
            }

            if (Data.State is SequenceState state)
            {
                SequenceStateFile.AddTo(writer, state);
            }
        }

        writer.Save(path);
    }

    /// <summary>
    /// Restores a checkpoint, so that training goes on as if it had not been interrupted, bit for bit. If <see cref="Data"/> is
    /// set, so are its position and its states. Unless everything fits, nothing is changed.
    /// </summary>
    /// <exception cref="ModelMismatchException">It is of another model or optimiser.</exception>
    /// <exception cref="FileFormatException">It is damaged, or no checkpoint of a trainer.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Data"/> delivers other batches than the checkpoint's.</exception>
    public void Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        string kind = Metadata(file, OptimizerKey);
        if (kind != Optimizer.Kind)
        {
            throw new FileFormatException(
                path, SafeTensorsHeader.Start, $"state of the optimiser '{kind}'", $"'{Optimizer.Kind}'");
        }

        long steps = Number(file, StepsKey);
        ulong seed = ulong.TryParse(Metadata(file, SeedKey), NumberStyles.None, CultureInfo.InvariantCulture, out ulong parsed)
            ? parsed
            : throw Faulty(file, SeedKey);
        DataPosition? position = Data is null || !file.Metadata.ContainsKey(OrderKey) ? null : ReadPosition(file, Data);
        EpochProgress epoch = position is DataPosition at ? ReadEpoch(file, at, Data!.BatchesPerEpoch) : default;
        SequenceState? carried = position is null ? null : Data!.State;
        float[] values = ParameterFile.Read(
            file,
            target.Parameters,
            [
                .. StateTensors().Select(item => (item.Name, item.Parameter.Shape)),
                .. carried is null ? [] : SequenceStateFile.Tensors(carried),
            ]);
        List<float[]> state = [.. Optimizer.Buffers.Select(buffer => ReadState(file, buffer))];
        SequenceState? read = carried is null ? null : SequenceStateFile.Read(file, carried);

        ParameterFile.Apply(target.Parameters, values);
        for (int index = 0; index < state.Count; index++)
        {
            state[index].CopyTo(Optimizer.Buffers[index].Values, 0);
        }

        Steps = steps;
        Seed = seed;
        running = epoch;
        if (position is DataPosition place)
        {
            Data!.Position = place;
        }

        if (read is not null)
        {
            carried!.CopyFrom(read);
        }
    }

    private IEnumerable<(OptimizerBuffer Buffer, ParameterPlan Parameter, string Name)> StateTensors() =>
        from buffer in Optimizer.Buffers
        from parameter in target.Parameters.Parameters
        where parameter.Trained
        select (buffer, parameter, StateName(buffer, parameter));

    private static string StateName(OptimizerBuffer buffer, ParameterPlan parameter) =>
        $"optimizer{ParameterFile.Separator}{buffer.Name}{ParameterFile.Separator}{parameter.Name}";

    private float[] ReadState(SafeTensorsFile file, OptimizerBuffer buffer)
    {
        var values = new float[buffer.Values.Length];
        foreach (ParameterPlan parameter in target.Parameters.Parameters.Where(parameter => parameter.Trained))
        {
            file.Read<float>(StateName(buffer, parameter), values.AsSpan(parameter.Offset, ShapeRules.Count(parameter.Shape)));
        }

        return values;
    }

    private static DataPosition ReadPosition(SafeTensorsFile file, BatchSource data)
    {
        string order = Metadata(file, OrderKey);
        if (order != data.Order)
        {
            throw new InvalidOperationException(
                $"{file.FilePath} was trained on batches '{order}', but now they are '{data.Order}'. "
                + "To go on with other batches, set Trainer.Data to null while loading.");
        }

        long batch = Number(file, BatchKey);
        return batch < data.BatchesPerEpoch ? new DataPosition(Number(file, EpochKey), (int)batch) : throw Faulty(file, BatchKey);
    }

    private static void AddEpoch(SafeTensorsWriter writer, EpochProgress epoch)
    {
        writer.Metadata[EpochStepsKey] = Text(epoch.Steps);
        writer.Metadata[EpochLossKey] = epoch.Loss.ToString("R", CultureInfo.InvariantCulture);
        writer.Metadata[EpochUnreportedKey] = Text(epoch.Unreported ? 1 : 0);
    }

    /// <summary>
    /// None between two epochs, and none in files of versions that did not store it: there the report counts the steps from the
    /// checkpoint on.
    /// </summary>
    private static EpochProgress ReadEpoch(SafeTensorsFile file, DataPosition place, int batchesPerEpoch)
    {
        if (!file.Metadata.ContainsKey(EpochStepsKey))
        {
            return default;
        }

        bool unreported = Number(file, EpochUnreportedKey) switch
        {
            0 => false,
            1 => true,
            _ => throw Faulty(file, EpochUnreportedKey),
        };
        long most = place.Batch > 0 ? place.Batch : unreported && place.Epoch > 0 ? batchesPerEpoch : 0;
        long steps = Number(file, EpochStepsKey);
        if (steps < 1 || steps > most)
        {
            throw Faulty(file, EpochStepsKey);
        }

        return double.TryParse(Metadata(file, EpochLossKey), NumberStyles.Float, CultureInfo.InvariantCulture, out double loss)
            && double.IsFinite(loss)
                ? new EpochProgress(place, (int)steps, loss, unreported)
                : throw Faulty(file, EpochLossKey);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Metadata(SafeTensorsFile file, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new FileFormatException(
            file.FilePath, SafeTensorsHeader.Start, $"no text '{key}'", "it in the header of a trainer's checkpoint");

    private static long Number(SafeTensorsFile file, string key) =>
        long.TryParse(Metadata(file, key), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Faulty(file, key);

    private static FileFormatException Faulty(SafeTensorsFile file, string key) =>
        new(file.FilePath, SafeTensorsHeader.Start, $"'{Metadata(file, key)}' as '{key}'", "a number in range");
}
