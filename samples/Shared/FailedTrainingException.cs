namespace HyperDsl.Samples;

/// <summary>Training came to nothing that can be used.</summary>
/// <param name="message">What happened, and what to do.</param>
public sealed class FailedTrainingException(string message) : Exception(message);
