using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>
/// The gradient of a weight matrix is one product over steps and examples for each place that applies it: nowhere is a matrix of one
/// example kept. That the numbers are right is what the compiled models' tests show.
/// </summary>
public class RepeatedWeightTests
{
    private const int Units = 64;

    public static TheoryData<string, string> Steps => new()
    {
        { "once", "h = Tanh(Dot(w, h) + x);" },
        { "twice", "for (int i = 0; i < 2; i++) { h = Tanh(Dot(w, h) + x); }" },
        { "five times", "for (int i = 0; i < 5; i++) { h = Tanh(Dot(w, h) + x); }" },
        { "on the input and the state", "h = Tanh(Dot(w, h) + Dot(w, x));" },
        { "and its transpose", "h = Tanh(Dot(Transpose(w), Tanh(Dot(w, h))) + x);" },
        { "in halves", "h = Tanh(Concat(0, Dot(w[..32], h), Dot(w[32..], x)));" },
        { "in halves and whole", "h = Tanh(Dot(w, Concat(0, Dot(w[..32], h), Dot(w[32..], x))));" },
        { "in columns", "h = Tanh(Dot(w[.., ..32], h[..32]) + Dot(w[.., 32..], x[32..]));" },
        { "as a quarter", "h = Tanh(Dot(w, h) + Concat(0, Dot(w[..16], x), x[16..]));" },
        { "with the opposite sign", "h = Tanh(Dot(w, h) + x); h = Tanh(Dot(-w, h));" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void No_matrix_of_an_example_is_kept(string name, string step)
    {
        RoutineProgram program = Scheduled.Training(
            $$"""
            [Network] public sealed partial class Repeated : Cell
            {
                [State] private Tensor h = Zeros({{Units}});
                private readonly Weight w = new({{Units}}, {{Units}});
                public override Tensor Step(Tensor x)
                {
                    {{step}}
                    return h;
                }
            }
            [HyperModel] public sealed partial class M : Model
            {
                readonly Cell cell = new Repeated();
                [Loss] public Tensor L([Steps, Shape({{Units}})] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
            }
            """,
            MachineCosts.Processor);
        var kept = program.Storages.Where(storage => storage.PerExample && storage.Shape.Count >= Units * Units / 2).ToArray();
        Assert.True(kept.Length == 0, $"Applied {name}, the weight leaves for each example {string.Join(", ", kept.Select(storage => storage.Name))}.");
    }
}
