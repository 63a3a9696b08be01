using HyperDsl.Cpu;

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// Random numbers 0 or 1, different for each example: a function of the training step's key, the number of the call in the entry,
    /// the example and the element. In a cell's <c>Step</c> they are drawn anew at every step of time; outside of it all steps
    /// share them.
    /// </summary>
    /// <param name="keep">Probability of a 1.</param>
    /// <param name="shape">Sizes for one example.</param>
    /// <exception cref="InvalidOperationException">No evaluation was entered, so there is no key.</exception>
    [Primitive("keepMask")]
    public static Tensor KeepMask(double keep, params int[] shape)
    {
        ShapeRules.CheckSizes("a mask", shape);
        return Mask(keep, (int[])shape.Clone(), null);
    }

    /// <summary>As <see cref="KeepMask(double, int[])"/>, of another value's shape; drawn anew at every step where that varies with time.</summary>
    /// <param name="keep">Probability of a 1.</param>
    /// <param name="like">The value whose shape it gets.</param>
    /// <exception cref="InvalidOperationException">No evaluation was entered, so there is no key.</exception>
    [Primitive("keepMaskLike")]
    public static Tensor KeepMask(double keep, Tensor like) => Mask(keep, like.Sizes, like.Steps);

    private static Tensor Mask(double keep, int[] shape, int? steps)
    {
        if (Mode.Current is not EagerContext context)
        {
            throw new InvalidOperationException(
                "A random mask was asked for outside of an evaluation. Enter one first: using (Mode.Enter(training: true, randomKey)).");
        }
        int site = context.NextSite();
        int count = ShapeRules.Count(shape);
        double[] values = new double[count * (steps ?? 1) * (context.Examples ?? 1)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = CounterRandom.KeepMask(
                context.RandomKey, (uint)site, (uint)(context.FirstMaskRow + (i / count)), (uint)(i % count), keep);
        }
        return new Tensor(shape, context.Examples, values, steps);
    }
}
