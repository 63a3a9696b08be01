namespace HyperDsl;

/// <summary>
/// How a weight is filled at the start. Every value is a function of the seed, the weight's name and the element, so neither
/// order nor threads nor other weights change it.
/// </summary>
[HyperLibrary]
public abstract class Initialiser
{
    private protected Initialiser()
    {
    }

    /// <summary>All elements 0.</summary>
    public static Initialiser Zeros { get; } = new ConstantInitialiser(0);

    /// <summary>All elements 1.</summary>
    public static Initialiser Ones { get; } = new ConstantInitialiser(1);

    /// <summary>Whether it needs a seed and a name.</summary>
    internal virtual bool IsRandom => true;

    /// <summary>All elements the same.</summary>
    public static Initialiser Constant(double value) => new ConstantInitialiser(value);

    /// <summary>Independent normal numbers.</summary>
    /// <param name="mean">Their mean.</param>
    /// <param name="sigma">Their standard deviation.</param>
    public static Initialiser Normal(double mean = 0, double sigma = 1) => new NormalInitialiser(mean, sigma);

    /// <summary>
    /// Normal numbers of which those further than two sigma from the mean are drawn again, as TensorFlow's truncated normal;
    /// the standard deviation of what is left is 0.8796 sigma.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="sigma">The standard deviation before the cut.</param>
    public static Initialiser TruncatedNormal(double mean = 0, double sigma = 1) => new TruncatedNormalInitialiser(mean, sigma);

    /// <summary>Independent numbers, equally likely everywhere between two bounds.</summary>
    /// <param name="low">The lower bound, included.</param>
    /// <param name="high">The upper bound, not included.</param>
    public static Initialiser Uniform(double low, double high) => new UniformInitialiser(low, high);

    /// <summary>Uniform within ±√(6 / (inputs + outputs)); fans as in <see cref="HeNormal"/>. Glorot and Bengio 2010.</summary>
    public static Initialiser XavierUniform { get; } = new FanInitialiser((inputs, outputs) => 2.0 / (inputs + outputs), uniform: true);

    /// <summary>Normal with variance 2 / (inputs + outputs); fans as in <see cref="HeNormal"/>. Glorot and Bengio 2010.</summary>
    public static Initialiser XavierNormal { get; } = new FanInitialiser((inputs, outputs) => 2.0 / (inputs + outputs), uniform: false);

    /// <summary>
    /// Normal with variance 2 / inputs. He et al. 2015. The fans of a weight [outputs, inputs] are its sizes; those of a kernel
    /// [height, width, in, out] are height·width·in and height·width·out. A vector counts as [1, n], a scalar as [1, 1]; in
    /// three dimensions the first is taken as the kernel's width.
    /// </summary>
    public static Initialiser HeNormal { get; } = new FanInitialiser((inputs, _) => 2.0 / inputs, uniform: false);

    /// <summary>Uniform within ±√(6 / inputs); fans as in <see cref="HeNormal"/>. He et al. 2015.</summary>
    public static Initialiser HeUniform { get; } = new FanInitialiser((inputs, _) => 2.0 / inputs, uniform: true);

    /// <summary>
    /// Random matrices with orthonormal rows or columns, whichever are fewer, uniform among all such (Saxe et al. 2014). Higher
    /// ranks are seen as a matrix [product of all sizes but the last, last].
    /// </summary>
    /// <param name="scale">Factor.</param>
    /// <param name="blocks">Into how many equal blocks the first axis falls, each orthogonal in itself: one a gate.</param>
    public static Initialiser Orthogonal(double scale = 1, int blocks = 1) => new OrthogonalInitialiser(scale, blocks);

    /// <summary>
    /// For a weight that is a sum of matrices, [outputs, inputs, terms]: for each element of the last axis a random matrix of its own
    /// with orthonormal rows or columns, as <see cref="Orthogonal"/> makes it. Of more axes all but the last two are seen as one.
    /// </summary>
    /// <param name="scale">Factor.</param>
    public static Initialiser OrthogonalSlices(double scale = 1) => new OrthogonalSlicesInitialiser(scale);

    /// <summary>The initial values.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="seed">The model's seed.</param>
    /// <param name="name">The weight's name in the model.</param>
    internal abstract double[] Fill(int[] shape, int seed, string name);
}
