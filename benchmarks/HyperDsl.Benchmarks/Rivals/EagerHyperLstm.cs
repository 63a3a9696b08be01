using TorchSharp;
using TorchSharp.Modules;

namespace HyperDsl.Benchmarks.Rivals;

/// <summary>
/// A layer-norm HyperLSTM as fast as we could write it for eager libtorch: all products with the input in one before the first step; at
/// each step one product for everything that depends on h, one for the hyper cell's own state, one for the twelve embeddings and one batched
/// for the twelve scalings; gates normalised and passed through sigmoids together, in place where autograd allows it.
/// </summary>
public sealed partial class EagerHyperLstm : RecurrentRival
{
    private const int Gates = 4;
    private const double Epsilon = 1e-3;

    // Gates here stand in the order i, f, o, g, so that one call does the three sigmoids; HyperDsl has i, g, f, o.
    private static readonly long[] FromOurs = [0, 2, 3, 1];
    private static readonly long[] ToOurs = [0, 3, 1, 2];
    private static readonly Scalar One = 1f;

    private readonly int units;
    private readonly int hyperUnits;
    private readonly int embedding;
    private readonly Parameter fromInput;
    private readonly Parameter fromState;
    private readonly Parameter hyperFromState;
    private readonly Parameter hyperBias;
    private readonly Parameter embeddings;
    private readonly Parameter embeddingBias;
    private readonly Parameter scales;
    private readonly Parameter bias;
    private readonly GateNormWeights norm;
    private readonly GateNormWeights hyperNorm;

    /// <summary>Copies a compiled layer's weights.</summary>
    /// <param name="parameters">Weights of a model whose field <c>cell</c> is a layer-norm HyperLSTM.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of each z.</param>
    public EagerHyperLstm(ParameterStore parameters, int units, int hyperUnits, int embedding)
    {
        (this.units, this.hyperUnits, this.embedding) = (units, hyperUnits, embedding);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor Named(string name, params long[] shape) => torch.tensor(parameters["cell." + name].ToArray()).reshape(shape);
        torch.Tensor Columns(torch.Tensor rows) => Reordered(rows, Gates, FromOurs).t();
        Parameter Kept(torch.Tensor value) => new(value.contiguous().clone().MoveToOuterDisposeScope());

        torch.Tensor hyperFromBoth = Named("hyper.fromInput", Gates * hyperUnits, -1);
        torch.Tensor hyperFromH = hyperFromBoth.narrow(1, 0, units);
        torch.Tensor hyperFromX = hyperFromBoth.narrow(1, units, hyperFromBoth.shape[1] - units);
        fromInput = Kept(torch.cat([Columns(Named("fromInput", Gates * units, -1)), Columns(hyperFromX)], 1));
        fromState = Kept(torch.cat([Columns(Named("fromState", Gates * units, -1)), Columns(hyperFromH)], 1));
        hyperFromState = Kept(Columns(Named("hyper.fromState", Gates * hyperUnits, -1)));
        hyperBias = Kept(Reordered(Named("hyper.bias", Gates * hyperUnits), Gates, FromOurs));
        torch.Tensor scaleEmbedding = Named("scaleEmbedding.weight", 2, Gates * embedding, hyperUnits);
        embeddings = Kept(torch.cat(
            [Columns(scaleEmbedding[0]), Columns(scaleEmbedding[1]), Columns(Named("biasEmbedding.weight", Gates * embedding, hyperUnits))], 1));
        torch.Tensor scaleBias = Named("scaleEmbedding.bias", 2, Gates * embedding);
        embeddingBias = Kept(torch.cat([.. scaleBias.unbind(0).Select(value => Reordered(value, Gates, FromOurs))]));
        torch.Tensor scale = Named("scale", 2, Gates, units, embedding).index_select(1, torch.tensor(FromOurs)).flatten(0, 1);
        torch.Tensor biasScale = Named("biasScale", Gates, units, embedding).index_select(0, torch.tensor(FromOurs));
        scales = Kept(torch.cat([scale, biasScale]).transpose(1, 2));
        bias = Kept(Named("bias", Gates, 1, units).index_select(0, torch.tensor(FromOurs)));
        norm = new GateNormWeights(
            Kept(Named("gateNorm.gain", Gates, 1, units).index_select(0, torch.tensor(FromOurs))),
            Kept(Named("gateNorm.shift", Gates, 1, units).index_select(0, torch.tensor(FromOurs))),
            Kept(Named("cellNorm.gain", units)),
            Kept(Named("cellNorm.shift", units)));
        hyperNorm = new GateNormWeights(
            Kept(Named("hyper.gateNorm.gain", Gates, hyperUnits).index_select(0, torch.tensor(FromOurs))),
            Kept(Named("hyper.gateNorm.shift", Gates, hyperUnits).index_select(0, torch.tensor(FromOurs))),
            Kept(Named("hyper.cellNorm.gain", hyperUnits)),
            Kept(Named("hyper.cellNorm.shift", hyperUnits)));
        Weights = [fromInput, fromState, hyperFromState, hyperBias, embeddings, embeddingBias, scales, bias, .. norm.All, .. hyperNorm.All];
    }

    /// <inheritdoc/>
    public override string Name => "TorchSharp eager HyperLSTM, products joined";

    /// <inheritdoc/>
    protected override IReadOnlyList<torch.Tensor> Weights { get; }

    /// <summary>Of the weights from state to gates in both cells, and of the scalings.</summary>
    public override double? Difference(GradientStore ours)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor state = Gradient(fromState).narrow(1, 0, Gates * units).t();
        torch.Tensor scale = Gradient(scales).narrow(0, 0, 2 * Gates).transpose(1, 2).reshape(2, Gates, -1);
        return new[]
        {
            Difference(Reordered(state, Gates, ToOurs), ours["cell.fromState"]),
            Difference(Reordered(Gradient(hyperFromState).t(), Gates, ToOurs), ours["cell.hyper.fromState"]),
            Difference(scale.index_select(1, torch.tensor(ToOurs)), ours["cell.scale"]),
        }.Max();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Scan(torch.Tensor input)
    {
        StepConstants constants = Constants();
        (int steps, int examples) = ((int)input.shape[0], (int)input.shape[1]);
        torch.Tensor products = InputProducts(constants, input.flatten(0, 1)).view(steps, examples, -1);
        torch.Tensor[] parts = products.split([Gates * units, Gates * hyperUnits], 2);
        torch.Tensor[] main = parts[0].unbind(0);
        torch.Tensor[] hyper = parts[1].unbind(0);
        var outputs = new torch.Tensor[steps];
        HyperLstmState state = Begin(examples);
        for (int step = 0; step < steps; step++)
        {
            state = Step(constants, state, main[step], hyper[step]);
            outputs[step] = state.H;
        }
        return torch.stack(outputs);
    }

    /// <summary>States of zeros.</summary>
    /// <param name="examples">Size of the batch.</param>
    private HyperLstmState Begin(int examples) => new(
        torch.zeros(examples, units), torch.zeros(examples, units), torch.zeros(examples, hyperUnits), torch.zeros(examples, hyperUnits));

    private StepConstants Constants()
    {
        torch.Tensor forget = torch.tensor([0f, 1f, 0f, 0f]);
        return new StepConstants(
            torch.cat([torch.zeros(Gates * units), hyperBias]),
            torch.cat([embeddingBias, torch.zeros(Gates * embedding)]),
            torch.cat([torch.zeros(2 * Gates, 1, units), bias]),
            norm.Shift + forget.view(Gates, 1, 1),
            hyperNorm.Shift + forget.view(Gates, 1));
    }

    private torch.Tensor InputProducts(StepConstants constants, torch.Tensor input) => constants.InputBias.addmm(input, fromInput);

    /// <summary>One step.</summary>
    /// <param name="constants">What is the same at all steps.</param>
    /// <param name="state">The states before.</param>
    /// <param name="mainInput">[batch, 4 · units].</param>
    /// <param name="hyperInput">[batch, 4 · hyper units], with bias.</param>
    private HyperLstmState Step(StepConstants constants, HyperLstmState state, torch.Tensor mainInput, torch.Tensor hyperInput)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long examples = mainInput.shape[0];
        torch.Tensor[] products = state.H.mm(fromState).split([Gates * units, Gates * hyperUnits], 1);
        torch.Tensor hyperSum = hyperInput.addmm(state.HyperH, hyperFromState).add_(products[1]).view(examples, Gates, hyperUnits);
        (torch.Tensor hyperH, torch.Tensor hyperC) = Gate(hyperSum, 1, hyperNorm, constants.HyperShift, state.HyperC);

        torch.Tensor z = constants.EmbeddingBias.addmm(hyperH, embeddings).view(examples, 3 * Gates, embedding).transpose(0, 1);
        // TorchSharp 0.107.0 hands over the operands of baddbmm turned round: the summand has to stand last.
        torch.Tensor[] d = torch.baddbmm(z, scales, constants.ScaleBias).split(Gates, 0);
        torch.Tensor sum = torch.addcmul(d[2], d[0], products[0].view(examples, Gates, units).transpose(0, 1), One)
            .addcmul_(d[1], mainInput.view(examples, Gates, units).transpose(0, 1), One);
        (torch.Tensor h, torch.Tensor c) = Gate(sum, 0, norm, constants.Shift, state.C);
        return new HyperLstmState(
            h.MoveToOuterDisposeScope(), c.MoveToOuterDisposeScope(), hyperH.MoveToOuterDisposeScope(), hyperC.MoveToOuterDisposeScope());
    }

    private static (torch.Tensor H, torch.Tensor C) Gate(
        torch.Tensor sum, int axis, GateNormWeights weights, torch.Tensor shift, torch.Tensor c)
    {
        long width = sum.shape[2];
        torch.Tensor normalised = torch.nn.functional.layer_norm(sum, [width], eps: Epsilon);
        torch.Tensor[] parts = torch.addcmul(shift, normalised, weights.Gain, One).split([Gates - 1, 1], axis);
        torch.Tensor[] open = parts[0].sigmoid().unbind(axis);
        torch.Tensor next = (open[1] * c).addcmul_(open[0], parts[1].squeeze(axis).tanh(), One);
        torch.Tensor m = torch.nn.functional.layer_norm(next, [width], weights.CellGain, weights.CellShift, Epsilon);
        return (open[2] * m.tanh_(), next);
    }

    private static torch.Tensor Reordered(torch.Tensor rows, int gates, long[] order) =>
        rows.reshape([gates, rows.shape[0] / gates, .. rows.shape[1..]]).index_select(0, torch.tensor(order)).reshape(rows.shape);

    private sealed record GateNormWeights(Parameter Gain, Parameter Shift, Parameter CellGain, Parameter CellShift)
    {
        public IEnumerable<torch.Tensor> All => [Gain, Shift, CellGain, CellShift];
    }

    private sealed record StepConstants(
        torch.Tensor InputBias, torch.Tensor EmbeddingBias, torch.Tensor ScaleBias, torch.Tensor Shift, torch.Tensor HyperShift);

    private sealed record HyperLstmState(torch.Tensor H, torch.Tensor C, torch.Tensor HyperH, torch.Tensor HyperC);
}
