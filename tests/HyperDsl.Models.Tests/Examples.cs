using HyperDsl.Execution;

namespace HyperDsl.Models;

/// <summary>Inputs of several examples by name, for compiled calls and for eager ones.</summary>
public sealed class Examples(int count)
{
    private readonly Dictionary<string, (float[] Values, int[] Shape)> reals = [];
    private readonly Dictionary<string, (int[] Values, int Classes)> labels = [];

    public int Count => count;

    public Examples Add(string name, float[] values, params int[] shape)
    {
        reals.Add(name, (values, shape));
        return this;
    }

    public Examples Add(string name, int[] values, int classes)
    {
        labels.Add(name, (values, classes));
        return this;
    }

    /// <summary>All examples, as eager operations take them.</summary>
    public Tensor Tensor(string name)
    {
        (float[] values, int[] shape) = reals[name];
        return HyperDsl.Tensor.OfBatch(count, Array.ConvertAll(values, value => (double)value), shape);
    }

    /// <summary>All examples, as eager operations take them.</summary>
    public Label Label(string name) => HyperDsl.Label.OfBatch(labels[name].Values, labels[name].Classes);

    /// <summary>What an entry takes of the inputs.</summary>
    public Batch For(Model model, string entry)
    {
        var batch = new Batch(count);
        foreach (InputPlan input in model.Entries.Single(plan => plan.Name == entry).Inputs)
        {
            _ = input.Classes > 0 ? batch.Add(input.Name, labels[input.Name].Values) : batch.Add(input.Name, reals[input.Name].Values);
        }

        return batch;
    }

    /// <summary>One example.</summary>
    public Examples One(int index)
    {
        var one = new Examples(1);
        foreach ((string name, (float[] values, int[] shape)) in reals)
        {
            int size = values.Length / count;
            one.Add(name, values[(index * size)..((index + 1) * size)], shape);
        }

        foreach ((string name, (int[] values, int classes)) in labels)
        {
            one.Add(name, [values[index]], classes);
        }

        return one;
    }
}
