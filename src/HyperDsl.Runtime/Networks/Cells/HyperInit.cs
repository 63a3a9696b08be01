namespace HyperDsl;

/// <summary>
/// How the weights of a cell that another cell rescales begin: one initialiser for each tensor of the paper's equations. Start from one of the
/// published choices and change what is to differ: <c>HyperInit.FirstRelease with { FromInput = Initialiser.XavierUniform }</c>.
/// </summary>
/// <remarks>Norms do not differ between the published choices: gains begin at 1, shifts at 0.</remarks>
[HyperLibrary]
public sealed record HyperInit
{
    /// <summary>
    /// The authors' first release (2016), which is the paper's appendix A.2.3: main and hyper cell orthogonal over the whole block of
    /// gates, every embedding of scalings at 1 and every scaling at 0.1, so that at the first step the cell is a plain one with weights ten times
    /// smaller and its hyper cell has no gradient yet.
    /// </summary>
    public static HyperInit FirstRelease => new();

    /// <summary>
    /// As <see cref="FirstRelease"/>, but weights of inputs Xavier-uniform over the whole block of gates: what several released
    /// reimplementations do.
    /// </summary>
    public static HyperInit XavierInputs => new() { FromInput = Initialiser.XavierUniform, HyperFromInput = Initialiser.XavierUniform };

    /// <summary>W_h of the main cell; one block a gate below the other.</summary>
    public Initialiser FromState { get; init; } = Initialiser.Orthogonal();

    /// <summary>W_x of the main cell.</summary>
    public Initialiser FromInput { get; init; } = Initialiser.Orthogonal();

    /// <summary>b of the main cell.</summary>
    public Initialiser Bias { get; init; } = Initialiser.Zeros;

    /// <summary>W_h of the hyper cell.</summary>
    public Initialiser HyperFromState { get; init; } = Initialiser.Orthogonal();

    /// <summary>W_x of the hyper cell.</summary>
    public Initialiser HyperFromInput { get; init; } = Initialiser.Orthogonal();

    /// <summary>b of the hyper cell.</summary>
    public Initialiser HyperBias { get; init; } = Initialiser.Zeros;

    /// <summary>The weights that make z_h and z_x of ĥ.</summary>
    public Initialiser Embedding { get; init; } = Initialiser.Zeros;

    /// <summary>Their biases.</summary>
    public Initialiser EmbeddingBias { get; init; } = Initialiser.Ones;

    /// <summary>The weights that make z_b of ĥ.</summary>
    public Initialiser BiasEmbedding { get; init; } = Initialiser.Normal(0, 0.01);

    /// <summary>D_h and D_x, which make scalings of z_h and z_x; when not given, all 0.1 divided by the width of z.</summary>
    public Initialiser? Scale { get; init; }

    /// <summary>
    /// The matrices that a full-rank <see cref="HyperRnn"/> sums, in place of W_h and W_x and their scalings: [units, units, embedding]
    /// and [units, inputs, embedding]. Each begins orthogonal by itself, a tenth in size.
    /// </summary>
    public Initialiser Summands { get; init; } = Initialiser.OrthogonalSlices(0.1);

    /// <summary>D_b, which makes a bias of z_b.</summary>
    public Initialiser BiasScale { get; init; } = Initialiser.Zeros;

    /// <summary>
    /// The authors' later release (2017): as <see cref="FirstRelease"/>, but weights of states orthogonal in each gate by itself and weights of
    /// inputs Xavier-uniform over the whole block, the default of the library it is written for.
    /// </summary>
    /// <param name="gates">Gates of the main cell: 4 for <see cref="HyperLstm"/>, 3 for <see cref="HyperGru"/>.</param>
    /// <param name="hyperGates">Gates of the hyper cell.</param>
    public static HyperInit LaterRelease(int gates = 4, int hyperGates = 4) => XavierInputs with
    {
        FromState = Initialiser.Orthogonal(blocks: gates),
        HyperFromState = Initialiser.Orthogonal(blocks: hyperGates),
    };

    /// <summary>
    /// A widely read reimplementation's: W_h and W_x of the main cell zero, everything else uniform within ±1/√(values that are
    /// summed). Scalings and embeddings have no gradient at the first step. At full rank all matrices are zero.
    /// </summary>
    /// <param name="hyperInputs">Width of what the hyper cell reads: units + inputs.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of z.</param>
    public static HyperInit ZeroMain(int hyperInputs, int hyperUnits, int embedding) => new()
    {
        FromState = Initialiser.Zeros,
        FromInput = Initialiser.Zeros,
        Bias = Within(embedding),
        HyperFromState = Within(hyperUnits),
        HyperFromInput = Within(hyperInputs),
        HyperBias = Within(hyperUnits),
        Embedding = Within(hyperUnits),
        EmbeddingBias = Within(hyperUnits),
        BiasEmbedding = Within(hyperUnits),
        Scale = Within(embedding),
        Summands = Initialiser.Zeros,
        BiasScale = Within(embedding),
    };

    /// <summary>D_h and D_x for embeddings of a width.</summary>
    internal Initialiser ScaleFor(int embedding) => Scale ?? Initialiser.Constant(0.1 / embedding);

    private static Initialiser Within(int summed) => Initialiser.Uniform(-1 / Math.Sqrt(summed), 1 / Math.Sqrt(summed));
}
