using HyperDsl.Execution;

namespace HyperDsl.Training;

/// <summary>Trains a compiled model.</summary>
internal sealed class ModelTarget : ITrainingTarget
{
    private readonly Model model;
    private readonly EntryPlan loss;
    private readonly EntryPlan? classifier;
    private readonly InputPlan? label;
    private float[] scores = [];

    /// <summary>Chooses the entries.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">Name of the loss; null if it is the only one.</param>
    /// <param name="prediction">
    /// Name of the prediction that scores the classes; null for the only one that has one number for each class of the loss's
    /// label.
    /// </param>
    public ModelTarget(Model model, string? loss, string? prediction)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        List<EntryPlan> losses = [.. model.Entries.Where(entry => entry.IsLoss && (loss is null || entry.Name == loss))];
        this.loss = losses.Count == 1 ? losses[0] : throw new ArgumentException(
            $"The model {ModelName} has {(loss is null ? $"{losses.Count} losses" : $"no loss '{loss}'")}; "
            + "name one of its losses: "
            + $"{string.Join(", ", model.Entries.Where(entry => entry.IsLoss).Select(entry => entry.Name))}.",
            nameof(loss));
        List<InputPlan> labels = [.. this.loss.Inputs.Where(input => input.Classes > 0 && !input.Steps)];
        List<EntryPlan> classifiers = [.. model.Entries.Where(entry =>
            labels.Count == 1 && Scores(entry, labels[0].Classes) && (prediction is null || entry.Name == prediction))];
        if (classifiers.Count == 1)
        {
            (classifier, label) = (classifiers[0], labels[0]);
        }
        else if (prediction is not null)
        {
            throw new ArgumentException(
                $"'{prediction}' of {ModelName} does not score the classes of the only label of '{this.loss.Name}' "
                + "from inputs of that loss.",
                nameof(prediction));
        }
    }

    /// <inheritdoc/>
    public string ModelName => model.GetType().Name;

    /// <inheritdoc/>
    public string LossName => loss.Name;

    /// <inheritdoc/>
    public ParameterStore Parameters => model.Parameters;

    /// <inheritdoc/>
    public double Loss(Batch batch) => model.Loss(loss.Name, batch);

    /// <inheritdoc/>
    public double LossAndGradients(Batch batch, GradientStore gradients, ulong randomKey) =>
        model.LossAndGradient(loss.Name, batch, gradients, randomKey);

    /// <inheritdoc/>
    public void Update(Optimizer optimizer, GradientStore gradients, long step, ReadOnlySpan<Optimizer.Segment> segments) =>
        model.Update(optimizer, gradients, step, segments);

    /// <inheritdoc/>
    public int? Errors(Batch batch)
    {
        if (classifier is null || label is null)
        {
            return null;
        }

        Batch inputs = batch.InputsOf(classifier);
        int needed = batch.Count * label.Classes;
        scores = scores.Length < needed ? new float[needed] : scores;
        model.Predict(classifier.Name, inputs, scores.AsMemory(0, needed));
        return CountErrors(scores.AsSpan(0, needed), batch.Index(label).Span, label.Classes);
    }

    /// <summary>The first of equal scores wins; scores that are no numbers are errors.</summary>
    private static int CountErrors(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes)
    {
        int errors = 0;
        for (int example = 0; example < labels.Length; example++)
        {
            ReadOnlySpan<float> row = scores.Slice(example * classes, classes);
            float own = row[labels[example]];
            bool right = true;
            for (int other = 0; other < classes; other++)
            {
                right &= other == labels[example]
                    ? !float.IsNaN(own)
                    : other < labels[example] ? own > row[other] : own >= row[other];
            }

            errors += right ? 0 : 1;
        }

        return errors;
    }

    private bool Scores(EntryPlan entry, int classes) =>
        !entry.IsLoss
        && !entry.OutputSteps
        && entry.OutputShape.Count == 1
        && entry.OutputShape[0] == classes
        && entry.Inputs.All(input => loss.Inputs.Any(other => other.Name == input.Name && other.Classes == input.Classes && other.Steps == input.Steps));
}
