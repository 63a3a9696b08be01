using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Compiled.Tests;

/// <summary>What shares a pass over memory, and in which phase things run.</summary>
public sealed class FusionTests
{
    [Fact]
    public void Bias_rectifier_and_padding_are_one_pass()
    {
        CaseBuilder c = new();
        Value hidden = c.Add(new Relu(), c.Both(new Add(), c.X(5, 5, 4), c.W(4)));
        RoutineProgram program = Program(c.Predicting(c.Convolve(hidden, c.W(3, 3, 4, 2), 1, 1, 1, 1, 1, 1, 1)));
        RowStep pass = Assert.Single(program.Phases[1].Steps.OfType<RowStep>(), step => !IsMove(program, step));
        Assert.Equal(["add", "relu"], Applied(program, pass));
    }

    [Fact]
    public void Softmax_is_one_pass()
    {
        CaseBuilder c = new();
        Value logits = c.Einsum("ij,j>i", c.W(10, 8), c.X(8));
        Value exponential = c.Add(new Exp(), c.Both(new Subtract(), logits, c.Max(logits, 0)));
        RoutineProgram program = Program(c.Predicting(c.Both(new Divide(), exponential, c.Sum(exponential, 0))));
        Assert.Equal(["subtract", "exp", "divide", "multiply"], Applied(program, Assert.Single(program.Phases[1].Steps.OfType<RowStep>())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_generated_kernel_is_made_and_packed_in_the_first_phase(bool training)
    {
        CaseBuilder c = new();
        Value kernel = c.Reshape(c.Einsum("ij,j>i", c.W(18, 3), c.Tanh(c.W(3))), 3, 3, 1, 2);
        Value y = c.Convolve(c.X(5, 5, 1), kernel, 1, 1, 1, 1, 1, 1, 1);
        RoutineProgram program = Program(training ? c.Training(y) : c.Predicting(y));
        IEnumerable<Operation> Calls(int phase) => program.Phases[phase].Steps.OfType<CallStep>().Select(step => step.Operation);
        Assert.Contains(Calls(0), operation => operation is Gemm);
        Assert.Contains(Calls(0), operation => operation is PackKernel);
        Assert.DoesNotContain(Calls(1), operation => operation is Gemm or PackKernel);
        Assert.Contains(Calls(1), operation => operation is Correlate);
    }

    [Fact]
    public void Batch_statistics_take_a_phase_over_the_batch_each()
    {
        CaseBuilder c = new();
        RoutineProgram program = Program(c.Predicting(c.BatchNormalised(c.X(6))));
        // Mean, variance, result; between them and around them the phases that run once.
        Assert.Equal(7, program.Phases.Count);
    }

    private static RoutineProgram Program(TestModel model) => GraphCheck.Case.Of(model).Program;

    private static bool IsMove(RoutineProgram program, RowStep step) => Applied(program, step).Length == 0;

    private static string[] Applied(RoutineProgram program, RowStep step) => program.RowPrograms[step.Program].Instructions
        .Where(instruction => instruction.Kind == RowInstructionKind.Apply)
        .Select(instruction => instruction.Operation!.Name).ToArray();
}
