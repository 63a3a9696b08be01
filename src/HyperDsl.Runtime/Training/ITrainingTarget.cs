namespace HyperDsl.Training;

/// <summary>What a <see cref="Trainer"/> needs of a model.</summary>
internal interface ITrainingTarget
{
    /// <summary>The model's class, for messages and checkpoints.</summary>
    string ModelName { get; }

    /// <summary>The entry whose mean is minimised, for messages.</summary>
    string LossName { get; }

    /// <summary>What is trained.</summary>
    ParameterStore Parameters { get; }

    /// <summary>The mean loss of a batch, without training's randomness.</summary>
    double Loss(Batch batch);

    /// <summary>The mean loss of a batch in training; writes its gradients and updates weights that are not trained.</summary>
    double LossAndGradients(Batch batch, GradientStore gradients, ulong randomKey);

    /// <summary>Takes an optimiser's step with gradients of <see cref="LossAndGradients"/>.</summary>
    void Update(Optimizer optimizer, GradientStore gradients, long step, ReadOnlySpan<Optimizer.Segment> segments) =>
        optimizer.Step(Parameters.Values, gradients.Values, step, segments);

    /// <summary>Examples of a batch whose largest prediction is not at their label; null where that has no meaning.</summary>
    int? Errors(Batch batch);
}
