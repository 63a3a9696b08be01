using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>That the numbers stay right is what the compiled models' tests show; here it is how many passes only copy.</summary>
public class JoinStatesTests
{
    private const string Lstm = """
        [HyperModel] public sealed partial class M : Model
        {
            readonly Cell cell = new Lstm(20, 48);
            [Loss] public Tensor L([Steps, Shape(20)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
        }
        """;

    /// <summary>
    /// Of an LSTM's states c is read and left by passes; h is read by a product, so it is kept on its own, and its gradient is left by one.
    /// </summary>
    [Fact]
    public void A_loop_copies_only_what_products_read_or_make()
    {
        RoutineProgram joined = Scheduled.Training(Lstm, MachineCosts.Processor);
        RoutineProgram apart = Scheduled.Training(Lstm, MachineCosts.Processor with { JoinsPasses = false });
        Assert.Equal(["h", "gradientOfH"], Loops(joined).SelectMany(loop => Copied(joined, loop)).Select(name => name.Split('_')[0] is var first && first.StartsWith("gradient", StringComparison.Ordinal) ? "gradientOfH" : "h"));
        Assert.Equal(6, Loops(apart).Sum(loop => Copied(apart, loop).Count()));
    }

    [Fact]
    public void What_only_products_read_is_kept_before_it_is_overwritten()
    {
        RoutineProgram program = Scheduled.Training(Lstm, MachineCosts.Processor);
        LoopStep forward = Loops(program).First();
        Assert.True(IsCopy(program, forward.Body[0]), "The loop does not begin with keeping h.");
    }

    /// <summary>Two states that change places: the one is still to be read when the other is left.</summary>
    [Fact]
    public void A_state_that_is_read_later_in_the_step_is_overwritten_at_its_end()
    {
        RoutineProgram program = Scheduled.Training(
            """
            [Network] public sealed partial class Exchange : Cell
            {
                [State] private Tensor first = Zeros(48);
                [State] private Tensor second = Zeros(48);
                private readonly Weight weight = new(48, 48);
                public override Tensor Step(Tensor x)
                {
                    Tensor before = first;
                    first = Tanh(second + x);
                    second = Dot(weight, before) + x;
                    return first;
                }
            }
            [HyperModel] public sealed partial class M : Model
            {
                readonly Cell cell = new Exchange();
                [Loss] public Tensor L([Steps, Shape(48)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
            }
            """,
            MachineCosts.Processor);
        LoopStep forward = Loops(program).First();
        Step[] body = [.. forward.Body];
        int product = Array.FindIndex(body, step => step is CallStep { Operation.Name: "gemmPacked" or "gemm" });
        Assert.True(product >= 0, "The loop has no product.");
        int read = ((CallStep)body[product]).Inputs[0].Storage;
        Assert.DoesNotContain(body.Take(product), step => Written(program, step).Contains(read));
        Assert.Contains(body.Skip(product + 1), step => Written(program, step).Contains(read));
    }

    private static IEnumerable<LoopStep> Loops(RoutineProgram program) => program.Phases.SelectMany(phase => phase.Steps).OfType<LoopStep>();

    private static IEnumerable<string> Copied(RoutineProgram program, LoopStep loop) => loop.Body
        .Where(step => IsCopy(program, step)).Select(step => program.Storages[((RowStep)step).Operands[0].Storage].Name);

    private static bool IsCopy(RoutineProgram program, Step step) => step is RowStep row
        && program.RowPrograms[row.Program].Instructions.All(instruction =>
            instruction.Kind is RowInstructionKind.Load or RowInstructionKind.Store);

    private static IEnumerable<int> Written(RoutineProgram program, Step step) => step switch
    {
        RowStep row => row.Operands.Where((_, i) => program.RowPrograms[row.Program].Operands[i].IsWritten).Select(access => access.Storage),
        CallStep call => [call.Output.Storage],
        _ => [],
    };
}
