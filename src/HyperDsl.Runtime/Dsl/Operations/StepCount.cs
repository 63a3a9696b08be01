namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The number of steps of time of the entry's sequences, a scalar; 1 where nothing varies with time.</summary>
    [Primitive("stepCount")]
    public static Tensor StepCount() => Mode.Current?.Steps ?? 1;
}
