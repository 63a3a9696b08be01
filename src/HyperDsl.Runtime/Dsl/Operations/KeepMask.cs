using HyperDsl.Cpu;

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// Random numbers 0 or 1, different for each example: a function of the training step's key, the number of the call in the entry,
    /// the example and the element. In a cell's <c>Step</c> they are drawn anew at every step of time; outside of it all steps
    /// share them.
    /// </summary>
    /// <param name="keep">Probability of a 1, from 0 to 1; not checked: 0 and less give zeros, 1 and more ones.</param>
    /// <param name="shape">Sizes for one example.</param>
    /// <exception cref="InvalidOperationException">No evaluation was entered, so there is no key.</exception>
    [Primitive("keepMask")]
    public static Tensor KeepMask(double keep, params int[] shape)
    {
        ShapeRules.CheckSizes("a mask", shape);
        return Mask(keep, (int[])shape.Clone(), null, MaskScope.Step);
    }

    /// <summary>
    /// As <see cref="KeepMask(double, int[])"/>, of another value's shape; drawn anew at every step where that varies with time, unless
    /// all steps are to share it.
    /// </summary>
    /// <param name="keep">Probability of a 1, from 0 to 1; not checked: 0 and less give zeros, 1 and more ones.</param>
    /// <param name="like">The value whose shape it gets.</param>
    /// <param name="scope">Whether each step has its own mask or all steps of a sequence share one, in a cell's <c>Step</c>, too.</param>
    /// <exception cref="InvalidOperationException">No evaluation was entered, so there is no key.</exception>
    [Primitive("keepMaskLike")]
    public static Tensor KeepMask(double keep, Tensor like, MaskScope scope = MaskScope.Step) =>
        Mask(keep, like.Sizes, scope == MaskScope.Step ? like.Steps : null, scope);

    private static Tensor Mask(double keep, int[] shape, int? steps, MaskScope scope)
    {
        if (Mode.Current is not EagerContext context)
        {
            throw new InvalidOperationException(
                "A random mask was asked for outside of an evaluation. Enter one first: using (Mode.Enter(training: true, randomKey)).");
        }
        int site = context.NextSite();
        int count = ShapeRules.Count(shape);
        int firstRow = scope == MaskScope.Step ? context.FirstMaskRow : 0;
        double[] values = new double[count * (steps ?? 1) * (context.Examples ?? 1)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = CounterRandom.KeepMask(
                context.RandomKey, (uint)site, (uint)(firstRow + (i / count)), (uint)(i % count), keep);
        }
        return new Tensor(shape, context.Examples, values, steps);
    }
}
