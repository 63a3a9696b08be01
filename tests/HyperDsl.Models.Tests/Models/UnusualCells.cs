using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A mask that meets a constant before it meets a value of the step.</summary>
[Network]
public sealed partial class ScaledMaskCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor h = Zeros(CellModel.Units);

    public override Tensor Step(Tensor x)
    {
        Tensor a = Dot(weight, x);
        if (Mode.Training)
        {
            Tensor mask = KeepMask(0.5, CellModel.Units) / 0.5;
            a = a * mask;
        }
        h = (0.5 * h) + a;
        return h;
    }
}

/// <summary>One number decides for all units.</summary>
[Network]
public sealed partial class ScalarMaskCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor h = Zeros(CellModel.Units);

    public override Tensor Step(Tensor x)
    {
        Tensor a = Dot(weight, x);
        h = (0.5 * h) + (Mode.Training ? KeepMask(0.5) * a : a);
        return h;
    }
}

/// <summary>States that are views of what other states held before the step.</summary>
[Network]
public sealed partial class ShiftCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor first = Zeros(CellModel.Units);
    [State] private Tensor second = Zeros(CellModel.Units, 1);
    [State] private Tensor third = Zeros(CellModel.Units);

    public override Tensor Step(Tensor x)
    {
        Tensor oldest = third;
        third = Reshape(second, CellModel.Units);
        second = Reshape(first, CellModel.Units, 1);
        first = Dot(weight, x);
        return Tanh(oldest + (0.5 * first));
    }
}

/// <summary>A window over the last steps, whose first row moves to a state of its own.</summary>
[Network]
public sealed partial class WindowCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor window = Zeros(2, CellModel.Units);
    [State] private Tensor left = Zeros(CellModel.Units);

    public override Tensor Step(Tensor x)
    {
        Tensor before = left;
        left = window[0];
        window = Concat(0, window[1..], Reshape(Dot(weight, x), 1, CellModel.Units));
        return before + Tanh(left);
    }
}

/// <summary>A state that takes the place of itself, transposed.</summary>
[Network]
public sealed partial class TurningCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor matrix = new Weight(CellModel.Units, CellModel.Units) { Init = Initialiser.XavierUniform };

    public override Tensor Step(Tensor x)
    {
        Tensor y = Dot(matrix, Dot(weight, x));
        matrix = Transpose(matrix);
        return y;
    }
}

/// <summary>A state whose gradient no weight needs: it is made of the input alone.</summary>
[Network]
public sealed partial class AveragingCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    [State] private Tensor average = Zeros(CellModel.Inputs);

    public override Tensor Step(Tensor x)
    {
        average = (0.9 * average) + (0.1 * x);
        return Dot(weight, average);
    }
}

/// <summary>Nothing connects the steps.</summary>
[Network]
public sealed partial class StatelessCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };

    public override Tensor Step(Tensor x)
    {
        Tensor a = Dot(weight, x);
        return Tanh(a) * a;
    }
}

/// <summary>One matrix, twice in a step.</summary>
[Network]
public sealed partial class TwiceCell : Cell
{
    private readonly Weight weight = new(CellModel.Units, CellModel.Inputs) { Init = Initialiser.XavierUniform };
    private readonly Weight recurrent = new(CellModel.Units, CellModel.Units) { Init = Initialiser.Orthogonal() };
    [State] private Tensor h = Zeros(CellModel.Units);

    public override Tensor Step(Tensor x)
    {
        Tensor a = Dot(weight, x);
        for (int i = 0; i < 2; i++)
        {
            h = Tanh(Dot(recurrent, h) + a);
        }
        return h;
    }
}

/// <summary>The normalised HyperLSTM with its gates packed as f, o, i, g in every tensor.</summary>
[Network]
public sealed partial class RepackedHyperLstm : Cell
{
    private const int Units = CellModel.Units;
    private const int All = 4 * Units;
    private readonly Lstm hyper = new(Units + CellModel.Inputs, CellModel.HyperUnits, layerNorm: true, forgetBias: 0.5);
    private readonly Linear scaleEmbedding = new(CellModel.HyperUnits, 8 * CellModel.Embedding);
    private readonly Linear biasEmbedding = new(CellModel.HyperUnits, 4 * CellModel.Embedding, bias: false);
    private readonly Weight scale = new(8, Units, CellModel.Embedding) { Init = Initialiser.Constant(0.05) };
    private readonly Weight biasScale = new(4, Units, CellModel.Embedding);
    private readonly Weight fromState = new(All, Units) { Init = Initialiser.Orthogonal() };
    private readonly Weight fromInput = new(All, CellModel.Inputs) { Init = Initialiser.Orthogonal() };
    private readonly Weight bias = new(All);
    private readonly GateNorm gateNorm = new(4, Units);
    private readonly LayerNorm cellNorm = new(Units, 1e-3);
    [State] private Tensor h = Zeros(Units);
    [State] private Tensor c = Zeros(Units);

    public override Tensor Step(Tensor x)
    {
        Tensor a = hyper.Step(Concat(0, h, x));
        Tensor d = Flatten(Einsum("gnz,gz->gn", scale, Reshape(scaleEmbedding.Call(a), 8, CellModel.Embedding)));
        Tensor offset = Flatten(Einsum("gnz,gz->gn", biasScale, Reshape(biasEmbedding.Call(a), 4, CellModel.Embedding))) + bias;
        Tensor gates = gateNorm.Call(d[..All] * Dot(fromState, h) + d[All..] * Dot(fromInput, x) + offset);
        Tensor f = gates[..Units];
        Tensor o = gates[Units..(2 * Units)];
        Tensor i = gates[(2 * Units)..(3 * Units)];
        Tensor g = gates[(3 * Units)..];
        c = Sigmoid(f + 0.5) * c + Sigmoid(i) * Tanh(g);
        h = Sigmoid(o) * Tanh(cellNorm.Call(c));
        return h;
    }
}

[HyperModel(Float64 = true)]
public sealed partial class HyperLstmRepacked() : CellModel(new RepackedHyperLstm());

[HyperModel(Float64 = true)]
public sealed partial class DroppedByScaledMask() : CellModel(new ScaledMaskCell());

[HyperModel(Float64 = true)]
public sealed partial class DroppedByScalarMask() : CellModel(new ScalarMaskCell());

[HyperModel(Float64 = true)]
public sealed partial class Shifting() : CellModel(new ShiftCell());

[HyperModel(Float64 = true)]
public sealed partial class Windowed() : CellModel(new WindowCell());

[HyperModel(Float64 = true)]
public sealed partial class Turning() : CellModel(new TurningCell());

[HyperModel(Float64 = true)]
public sealed partial class Averaging() : CellModel(new AveragingCell());

[HyperModel(Float64 = true)]
public sealed partial class Stateless() : CellModel(new StatelessCell());

[HyperModel(Float64 = true)]
public sealed partial class Twice() : CellModel(new TwiceCell());

/// <summary>Behind the scan a mask that all steps share, and a square of the mean over steps: sums that need all steps before they are known.</summary>
[HyperModel(Float64 = true)]
public sealed partial class Pooled : Model
{
    private readonly Rnn cell = new(CellModel.Inputs, CellModel.Units);
    private readonly Weight bias = new(CellModel.Units);
    private readonly Weight gain = new(CellModel.Units) { Init = Initialiser.Ones };

    [Loss]
    public Tensor Loss([Steps, Shape(CellModel.Inputs)] Tensor x)
    {
        Tensor h = cell.Scan(x);
        return Sum(Square(MeanOverSteps(Tanh(h + bias)))) + SumOverSteps(Sum(Square(gain * Dropout(h, 0.5, MaskScope.Sequence))));
    }
}

/// <summary>A statistic over the batch behind a scan: the way back through the scan waits for it.</summary>
[HyperModel(Float64 = true)]
public sealed partial class NormedPool : Model
{
    private readonly Lstm cell = new(CellModel.Inputs, CellModel.Units, layerNorm: true);
    private readonly BatchNorm norm = new(CellModel.Units);
    private readonly Linear output = new(CellModel.Units, 2);

    [Loss]
    public Tensor Loss([Steps, Shape(CellModel.Inputs)] Tensor x) => Sum(Square(output.Call(Tanh(norm.Call(MeanOverSteps(cell.Scan(x)))))));
}

/// <summary>A sequence that is read again when a statistic over the batch is known, by passes, a product and a sum.</summary>
[HyperModel(Float64 = true)]
public sealed partial class CentredSequence : Model
{
    private readonly Gru cell = new(CellModel.Inputs, CellModel.Units);
    private readonly Weight weight = new(CellModel.Units, CellModel.Units);

    [Loss]
    public Tensor Loss([Steps, Shape(CellModel.Inputs)] Tensor x)
    {
        Tensor y = cell.Scan(x);
        Tensor centred = y - BatchMean(MeanOverSteps(y));
        return MeanOverSteps(Sum(Square(Dot(weight, centred) + Sigmoid(y))));
    }
}

/// <summary>A scan over what a statistic over the batch made of another scan's values.</summary>
[HyperModel(Float64 = true)]
public sealed partial class NormedBetweenScans : Model
{
    private readonly Rnn first = new(CellModel.Inputs, CellModel.Units);
    private readonly HyperLstm second = new(CellModel.Units, CellModel.Units, 3, 2);

    [Loss]
    public Tensor Loss([Steps, Shape(CellModel.Inputs)] Tensor x)
    {
        Tensor y = first.Scan(x);
        Tensor pooled = MeanOverSteps(y);
        Tensor z = second.Scan((y - BatchMean(pooled)) / Sqrt(BatchVariance(pooled) + 0.1));
        return Sum(Square(BatchMean(MeanOverSteps(z)) + MeanOverSteps(Dropout(z, 0.7, MaskScope.Sequence))));
    }
}
