using HyperDsl.Training;
using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using Adam = HyperDsl.Training.Adam;
using Parameter = TorchSharp.Modules.Parameter;

namespace HyperDsl.Oracle;

/// <summary>Sequences of steps in single precision here against the same in double precision in torch.optim.</summary>
public sealed class OptimizerTests : TorchTest
{
    private const int Parameters = 37;
    private const int Steps = 60;
    private const double SingleRoundoff = 1.0 / (1 << 24);

    // Each step rounds the parameter, the averages, the root, the quotient and the product once or twice.
    private const int RoundingsPerStep = 8;

    private delegate torch.optim.Optimizer Rival(IEnumerable<Parameter> parameters);

    private static readonly Dictionary<string, (Func<Optimizer> Ours, Rival Theirs)> Pairs = new()
    {
        ["sgd"] = (() => new Sgd(0.1), p => torch.optim.SGD(p, 0.1)),
        ["sgd momentum"] = (() => new Sgd(0.05, momentum: 0.9), p => torch.optim.SGD(p, 0.05, momentum: 0.9)),
        ["sgd nesterov"] = (
            () => new Sgd(0.05, momentum: 0.9, nesterov: true), p => torch.optim.SGD(p, 0.05, momentum: 0.9, nesterov: true)),
        ["sgd decay"] = (
            () => new Sgd(0.05, momentum: 0.5, weightDecay: 0.1), p => torch.optim.SGD(p, 0.05, momentum: 0.5, weight_decay: 0.1)),
        ["adam"] = (() => new Adam(0.01), p => torch.optim.Adam(p, 0.01)),
        ["adam betas"] = (
            () => new Adam(0.01, beta1: 0.7, beta2: 0.95, epsilon: 0.05),
            p => torch.optim.Adam(p, 0.01, beta1: 0.7, beta2: 0.95, eps: 0.05)),
        ["adam decay"] = (() => new Adam(0.01, weightDecay: 0.2), p => torch.optim.Adam(p, 0.01, weight_decay: 0.2)),
        ["adamw"] = (
            () => new Adam(0.01, weightDecay: 0.2, decoupled: true), p => torch.optim.AdamW(p, 0.01, weight_decay: 0.2)),
        ["rmsprop"] = (() => new RmsProp(0.01), p => torch.optim.RMSProp(p, 0.01)),
        ["rmsprop epsilon"] = (
            () => new RmsProp(0.01, decay: 0.9, epsilon: 0.05), p => torch.optim.RMSProp(p, 0.01, alpha: 0.9, eps: 0.05)),
        ["rmsprop momentum"] = (
            () => new RmsProp(0.002, decay: 0.9, momentum: 0.8), p => torch.optim.RMSProp(p, 0.002, alpha: 0.9, momentum: 0.8)),
        ["rmsprop centred"] = (
            () => new RmsProp(0.002, decay: 0.9, momentum: 0.5, centred: true),
            p => torch.optim.RMSProp(p, 0.002, alpha: 0.9, momentum: 0.5, centered: true)),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Sequence_of_steps(string name)
    {
        Optimizer ours = Pairs[name].Ours();
        Compare(ours, Pairs[name].Theirs, step => ours.Rate.At(step), _ => { });
    }

    [SkippableFact]
    public void Clipping_by_the_norm_of_all_gradients() =>
        Compare(
            new Sgd(0.1) { ClipNorm = 1.5 },
            parameters => torch.optim.SGD(parameters, 0.1),
            _ => 0.1,
            parameter => torch.nn.utils.clip_grad_norm_([parameter], 1.5));

    [SkippableFact]
    public void Clipping_of_each_element() =>
        Compare(
            new Adam(0.01) { ClipValue = 0.25 },
            parameters => torch.optim.Adam(parameters, 0.01),
            _ => 0.01,
            parameter => torch.nn.utils.clip_grad_value_([parameter], 0.25));

    [SkippableFact]
    public void Rate_that_falls_to_a_floor() =>
        Compare(
            new Adam(Schedule.Exponential(0.05, 0.9, 0.002)),
            parameters => torch.optim.Adam(parameters, 0.05),
            step => Math.Max(0.002, 0.05 * Math.Pow(0.9, step)),
            _ => { });

    private static void Compare(Optimizer ours, Rival rival, Func<int, double> rate, Action<Parameter> clip)
    {
        float[] parameters = [.. Values(seed: 1, Parameters).ToArray().Select(value => (float)value)];
        var theirs = new Parameter(torch.tensor(parameters).to(torch.float64));
        torch.optim.Optimizer optimizer = rival([theirs]);
        for (int step = 0; step < Steps; step++)
        {
            float[] gradient = [.. Values(seed: 100 + step, Parameters).ToArray().Select(value => (float)value)];
            theirs.grad = torch.tensor(gradient).to(torch.float64);
            clip(theirs);
            foreach (torch.optim.ILearningRateController group in optimizer.ParamGroups)
            {
                group.LearningRate = rate(step);
            }

            optimizer.step();
            ours.Step(parameters, gradient, step);
        }

        double[] expected = ToArray(theirs.detach());
        double scale = Math.Max(1, expected.Max(Math.Abs));
        AssertClose(
            [.. parameters.Select(value => (double)value)], expected, _ => Steps * RoundingsPerStep * SingleRoundoff * scale);
    }
}
