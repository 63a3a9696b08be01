using HyperDsl.Cpu;
using HyperDsl.Data;

namespace HyperDsl.Training;

/// <summary>The mean over a set of examples.</summary>
/// <param name="Loss">The mean loss.</param>
/// <param name="Error">The share of wrongly classified examples; NaN where the model does not classify.</param>
/// <param name="Examples">The number of examples.</param>
public sealed record EvaluationResult(double Loss, double Error, int Examples);

/// <summary>Trains a model: steps, evaluation, whole runs, checkpoints.</summary>
public sealed partial class Trainer
{
    private readonly ITrainingTarget target;
    private readonly GradientStore gradients;
    private readonly Optimizer.Segment[] segments;
    private EpochProgress running;

    /// <summary>Makes a trainer of a compiled model.</summary>
    /// <param name="model">The model; its parameters are trained in place.</param>
    /// <param name="optimizer">A fresh optimiser.</param>
    /// <param name="seed">The seed of training's randomness, such as dropout masks.</param>
    /// <param name="loss">Name of the loss to minimise; null if the model has only one.</param>
    /// <param name="prediction">
    /// Name of the prediction by whose largest number errors are counted; null for the only one that has one number for each
    /// class of the loss's label.
    /// </param>
    /// <exception cref="ArgumentException">The model has no such entries.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    public Trainer(Model model, Optimizer optimizer, ulong seed = 0, string? loss = null, string? prediction = null)
        : this(new ModelTarget(model, loss, prediction), optimizer, seed)
    {
    }

    internal Trainer(ITrainingTarget target, Optimizer optimizer, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        this.target = target;
        Optimizer = optimizer;
        Seed = seed;
        gradients = new GradientStore(target.Parameters);
        segments = TrainedSegments(target.Parameters);
        optimizer.Bind(target.Parameters.Length);
    }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The seed of training's randomness, such as dropout masks; a checkpoint restores it.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The gradients of the last step, after clipping.</summary>
    public GradientStore Gradients => gradients;

    /// <summary>Where batches come from: <see cref="Fit"/> sets it, checkpoints store and restore its position.</summary>
    public BatchSource? Data
    {
        get;
        set
        {
            running = field == value ? running : default;
            field = value;
        }
    }

    /// <summary>Texts of the caller's that checkpoints store in their header, such as a vocabulary.</summary>
    public IDictionary<string, string> Notes { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Takes one step.</summary>
    /// <param name="batch">Inputs of the loss.</param>
    /// <returns>The mean loss of the batch before the step.</returns>
    /// <exception cref="NonFiniteLossException">The loss is not finite; the optimiser took no step.</exception>
    /// <exception cref="NonFiniteGradientException">
    /// The optimiser clips by norm and the norm of the gradients is not finite; it took no step.
    /// </exception>
    public double Step(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double loss = target.LossAndGradients(batch, gradients, CounterRandom.Key(Seed, Steps));
        if (!double.IsFinite(loss))
        {
            throw new NonFiniteLossException(target.LossName, Steps + 1, loss);
        }

        target.Update(Optimizer, gradients, Steps, segments);
        Steps++;
        return loss;
    }

    /// <summary>
    /// The mean loss, and the share of errors where the model classifies, over one epoch from its beginning. Each batch weighs by its
    /// examples, of sequences by its examples times steps.
    /// </summary>
    /// <param name="batches">Such as <see cref="ImageBatches"/> with <see cref="ImageBatchOptions.Evaluation"/>.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public EvaluationResult Evaluate(BatchSource batches, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        DataPosition before = batches.Position;
        SequenceState? states = batches.State?.Copy();
        batches.Position = default;
        try
        {
            return EvaluateNext(batches, batches.BatchesPerEpoch, cancellation);
        }
        finally
        {
            batches.Position = before;
            if (states is not null)
            {
                batches.State!.CopyFrom(states);
            }
        }
    }

    private EvaluationResult EvaluateNext(BatchSource batches, int count, CancellationToken cancellation)
    {
        double loss = 0;
        long weights = 0;
        long errors = 0;
        int examples = 0;
        bool classifies = true;
        for (int index = 0; index < count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            Batch batch = batches.Next();
            long weight = (long)batch.Count * Math.Max(1, batch.Steps);
            // Before the loss, which moves on the states that both begin with.
            int? wrong = classifies ? target.Errors(batch) : null;
            classifies = wrong is not null;
            loss += target.Loss(batch) * weight;
            weights += weight;
            errors += wrong ?? 0;
            examples += batch.Count;
        }

        return new EvaluationResult(loss / weights, classifies ? (double)errors / examples : double.NaN, examples);
    }

    /// <summary>Trained stretches of the flat buffer; the gaps after weights, which hold zeros, belong to them.</summary>
    private static Optimizer.Segment[] TrainedSegments(ParameterStore parameters)
    {
        var found = new List<Optimizer.Segment>();
        for (int index = 0; index < parameters.Parameters.Count; index++)
        {
            if (!parameters.Parameters[index].Trained)
            {
                continue;
            }

            int start = parameters.Parameters[index].Offset;
            int end = index + 1 < parameters.Parameters.Count ? parameters.Parameters[index + 1].Offset : parameters.Length;
            if (found.Count > 0 && found[^1].Start + found[^1].Length == start)
            {
                found[^1] = new Optimizer.Segment(found[^1].Start, end - found[^1].Start);
            }
            else
            {
                found.Add(new Optimizer.Segment(start, end - start));
            }
        }

        return [.. found];
    }
}
