namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Exponentials along the last axis, divided by their sum.</summary>
    /// <exception cref="TensorShapeException">The value is a scalar.</exception>
    public static Tensor Softmax(Tensor x)
    {
        Tensor exponentials = Exp(x - Detach(Max(x, [-1], keep: true)));
        return exponentials / Sum(exponentials, [-1], keep: true);
    }

    /// <summary>The logarithm of <see cref="Softmax"/>, without loss of digits.</summary>
    /// <exception cref="TensorShapeException">The value is a scalar.</exception>
    public static Tensor LogSoftmax(Tensor x) => x - LogSumExp(x, keep: true);

    /// <summary>The logarithm of the sum of exponentials along the last axis; the greatest is taken out, so nothing overflows.</summary>
    /// <param name="x">[…, n].</param>
    /// <param name="keep">Whether the last axis stays, with size 1.</param>
    /// <exception cref="TensorShapeException">The value is a scalar.</exception>
    public static Tensor LogSumExp(Tensor x, bool keep = false)
    {
        Tensor greatest = Detach(Max(x, [-1], keep: true));
        Tensor logSum = Log(Sum(Exp(x - greatest), [-1], keep: true)) + greatest;
        return keep ? logSum : Squeeze(logSum, -1);
    }
}
