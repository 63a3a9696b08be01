using System.Numerics;
using HyperDsl.Execution;

namespace HyperDsl.Tests.Dsl;

/// <summary>score = w · x + mean; loss = mean over examples of score · (label + 1); in training mean becomes the number of examples.</summary>
internal sealed unsafe class ScoreRoutine<T>(bool loss, bool train, Action generated) : CompiledRoutine<T>
    where T : unmanaged, INumber<T>
{
    private const int Inputs = ScoreModel.Inputs;

    public override int SliceRows => 2;

    public override int Phases => 3;

    public override long SharedSize => Inputs;

    public override long BatchSizePerExample => 0;

    public override long ScratchSize => 0;

    public override long LaneSize => 1 + Inputs;

    public override (long Offset, long Size) LaneRange(int phase) => (0, 1 + Inputs);

    public override void Once(int phase, in Frame<T> frame)
    {
        if (phase == 0)
        {
            generated();
            new Span<T>(frame.Parameters, Inputs).CopyTo(new Span<T>(frame.Shared, Inputs));
        }
        else if (loss)
        {
            T examples = T.CreateChecked(frame.Examples);
            *frame.Loss = frame.Lanes[0] / examples;
            for (int i = 0; train && i < Inputs; i++)
            {
                frame.Gradients[i] = frame.Lanes[1 + i] / examples;
            }
            if (train)
            {
                frame.Updates[16] = examples + T.CreateChecked(frame.RandomKey);
            }
        }
    }

    public override void Slice(int phase, in Frame<T> frame, T* scratch, T* lane, int first, int rows)
    {
        for (int example = first; example < first + rows; example++)
        {
            T* x = frame.Reals[0] + (example * Inputs);
            T score = (frame.Shared[0] * x[0]) + (frame.Shared[1] * x[1]) + frame.Parameters[16];
            if (!loss)
            {
                frame.Outputs[0][example] = score;
                continue;
            }
            T factor = T.CreateChecked(frame.Indices[1][example] + 1);
            lane[0] += score * factor;
            lane[1] += x[0] * factor;
            lane[2] += x[1] * factor;
        }
    }
}

/// <summary>Stores 2 w.</summary>
internal sealed unsafe class DoubledWeights : CompiledRoutine<float>
{
    public override int SliceRows => 1;

    public override int Phases => 1;

    public override long SharedSize => 0;

    public override long BatchSizePerExample => 0;

    public override long ScratchSize => 0;

    public override long LaneSize => 0;

    public override (long Offset, long Size) LaneRange(int phase) => default;

    public override void Once(int phase, in Frame<float> frame)
    {
        frame.Updates[0] = 2 * frame.Parameters[0];
        frame.Updates[1] = 2 * frame.Parameters[1];
        frame.Updates[16] = frame.Parameters[16];
    }

    public override void Slice(int phase, in Frame<float> frame, float* scratch, float* lane, int first, int rows)
    {
    }
}

/// <summary>A model as the compiler would complete it.</summary>
internal sealed class ScoreModel : Model
{
    public const int Inputs = 2;

    private readonly Weight w = new(Inputs);
    private readonly Weight mean = new() { Trained = false };

    public ScoreModel()
    {
        ParameterPlan[] parameters = [new("w", [Inputs], 0, true), new("mean", [], 16, false)];
        InputPlan x = new("x", [Inputs], 0);
        void Generated() => Generations++;
        Plan = new ModelPlan(parameters,
        [
            new EntryPlan(
                "Score", false, [x], [], () => new ScoreRoutine<float>(false, false, Generated), null,
                () => new ScoreRoutine<double>(false, false, Generated), null,
                new BakedPlan(
                    [new("w", [Inputs], 0, true), new("kernel", [], 16, true)],
                    () => new DoubledWeights(),
                    () => new ScoreRoutine<float>(false, false, Generated))),
            new EntryPlan(
                "Loss", true, [x, new InputPlan("label", [], 3)], [],
                () => new ScoreRoutine<float>(true, false, Generated), () => new ScoreRoutine<float>(true, true, Generated),
                () => new ScoreRoutine<double>(true, false, Generated), () => new ScoreRoutine<double>(true, true, Generated), null),
            new EntryPlan("Plain", false, [x], [], () => new ScoreRoutine<float>(false, false, Generated), null, null, null, null),
        ]);
    }

    public int Generations { get; private set; }

    protected override ModelPlan? Plan { get; }

    public override void VisitWeights(WeightVisitor visitor)
    {
        visitor.Visit("w", w);
        visitor.Visit("mean", mean);
    }
}
