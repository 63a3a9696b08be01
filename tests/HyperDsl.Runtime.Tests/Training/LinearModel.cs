using HyperDsl.Execution;

namespace HyperDsl.Tests.Training;

/// <summary>
/// A classifier whose routines are written by hand as the compiler would: scores = W · image, loss = |scores − oneHot(label)|²,
/// and in
/// training an image counts only where its random number says so.
/// </summary>
internal sealed class LinearModel : Model
{
    private readonly Weight weights;

    public LinearModel(int inputs, int classes)
    {
        weights = new Weight(classes, inputs);
        InputPlan image = new("image", [inputs], 0);
        InputPlan label = new("label", [], classes);
        Plan = new ModelPlan(
            [new("weights", [classes, inputs], 0, true)],
            [
                new EntryPlan(
                    "Scores",
                    false,
                    [image],
                    [classes],
                    () => new Routine(inputs, classes, false, false),
                    null,
                    null,
                    null,
                    null),
                new EntryPlan("Halves", false, [image], [2], () => new Routine(inputs, 2, false, false), null, null, null, null),
                new EntryPlan(
                    "Loss", true, [image, label], [], () =>
                        new Routine(inputs, classes, true, false), () => new Routine(inputs, classes, true, true),
                    null, null, null),
            ]);
    }

    protected override ModelPlan? Plan { get; }

    public override void VisitWeights(WeightVisitor visitor) => visitor.Visit("weights", weights);

    private sealed unsafe class Routine(int inputs, int classes, bool loss, bool train) : CompiledRoutine<float>
    {
        public override int SliceRows => 4;

        public override int Phases => 3;

        public override long SharedSize => 0;

        public override long BatchSizePerExample => 0;

        public override long ScratchSize => 0;

        public override long LaneSize => 1 + (inputs * classes);

        public override (long Offset, long Size) LaneRange(int phase) => (0, LaneSize);

        public override void Once(int phase, in Frame<float> frame)
        {
            if (phase == 2 && loss)
            {
                *frame.Loss = frame.Lanes[0] / frame.Examples;
                for (int index = 0; train && index < inputs * classes; index++)
                {
                    frame.Gradients[index] = frame.Lanes[1 + index] / frame.Examples;
                }
            }
        }

        public override void Slice(int phase, in Frame<float> frame, float* scratch, float* lane, int first, int rows)
        {
            for (int example = first; example < first + rows; example++)
            {
                float* image = frame.Reals[0] + (example * inputs);
                double kept = train ? HyperDsl.Cpu.CounterRandom.KeepMask(frame.RandomKey, 0, (uint)example, 0, 0.8) : 1;
                for (int row = 0; row < classes; row++)
                {
                    float score = 0;
                    for (int index = 0; index < inputs; index++)
                    {
                        score += frame.Parameters[(row * inputs) + index] * image[index];
                    }

                    if (!loss)
                    {
                        frame.Outputs[0][(example * classes) + row] = score;
                        continue;
                    }

                    float difference = score - (frame.Indices[1][example] == row ? 1 : 0);
                    lane[0] += (float)kept * difference * difference;
                    for (int index = 0; index < inputs; index++)
                    {
                        lane[1 + (row * inputs) + index] += (float)kept * 2 * difference * image[index];
                    }
                }
            }
        }
    }
}
