namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The number of examples of the batch, a scalar; 1 outside of a batch.</summary>
    [Primitive("exampleCount")]
    public static Tensor ExampleCount() => Mode.Current?.Examples ?? 1;
}
