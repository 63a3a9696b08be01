using HyperDsl.Execution;

namespace HyperDsl;

/// <content>Deployed forms of predictions.</content>
public abstract partial class Model
{
    /// <summary>Computes what an entry's generators generate and keeps only that: a prediction with plain kernels.</summary>
    /// <param name="entry">Name of a method marked <c>[Predict]</c>.</param>
    /// <exception cref="ArgumentException">There is no such entry.</exception>
    /// <exception cref="InvalidOperationException">The entry is a loss or has no generated weights, or the model was not compiled.</exception>
    public BakedModel Bake(string entry)
    {
        BakedModel baked = EmptyBaked(entry);
        BakedPlan plan = baked.Plan;
        using RoutineRunner<float> runner = new(plan.Generate(), CompiledEntry.Pool(Threads), [], []);
        runner.Run(new RoutineArguments<float>
        {
            Parameters = Parameters.Buffer,
            ParametersVersion = -1,
            Updates = baked.Buffer,
            Inputs = [],
            Examples = 1,
        });
        return baked;
    }

    /// <summary>Reads a deployed form that <see cref="BakedModel.Save"/> wrote; the model's own parameters are not needed.</summary>
    /// <param name="entry">Name of the method it was made of.</param>
    /// <param name="path">A safetensors file.</param>
    /// <exception cref="Storage.FileFormatException">The file is damaged or holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such entry.</exception>
    /// <exception cref="InvalidOperationException">The entry is a loss or has no generated weights, or the model was not compiled.</exception>
    public BakedModel LoadBaked(string entry, string path)
    {
        BakedModel baked = EmptyBaked(entry);
        baked.Read(path);
        return baked;
    }

    private BakedModel EmptyBaked(string entry)
    {
        CompiledEntry found = Find(entry, isLoss: false);
        return new BakedModel(found.Plan, Threads, found.Plan.Baked ?? throw new InvalidOperationException(
            $"'{GetType().Name}.{entry}' has no generated weights, so there is nothing to bake: use the model as it is."));
    }
}
