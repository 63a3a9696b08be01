namespace HyperDsl;

/// <summary>Sizes that do not fit an operation. The message names what was found, what was expected and the remedy.</summary>
/// <param name="message">The text.</param>
public sealed class TensorShapeException(string message) : ArgumentException(message);
