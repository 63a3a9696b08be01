using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>Where the derivative of a rectifier is decided: what is kept for it.</summary>
public class MaskTests
{
    [Fact]
    public void A_rectifiers_mask_is_computed_of_the_kept_value_where_the_gradient_arrives()
    {
        RoutineProgram program = Scheduled.Training(Model("Sum(Square(Dot(second, Relu(Dot(first, x)))))"), MachineCosts.Processor);
        Assert.DoesNotContain(program.Storages, storage => storage.Name.StartsWith("less", StringComparison.Ordinal));
        Assert.Single(program.Storages, storage => storage.Name.StartsWith("relu", StringComparison.Ordinal));
        RowProgram backward = Assert.Single(program.RowPrograms, Compares);
        Assert.DoesNotContain(backward.Instructions, instruction => instruction.Operation is Relu);
    }

    /// <summary>The gradient follows from the rectified value alone, so nothing is kept at all.</summary>
    [Fact]
    public void Where_the_gradient_is_at_hand_one_pass_does_both()
    {
        RoutineProgram program = Scheduled.Training(Model("Sum(Square(Relu(Dot(second, Dot(first, x)))))"), MachineCosts.Processor);
        Assert.DoesNotContain(program.Storages, storage =>
            storage.Name.StartsWith("less", StringComparison.Ordinal) || storage.Name.StartsWith("relu", StringComparison.Ordinal));
        Assert.Contains(Assert.Single(program.RowPrograms, Compares).Instructions, instruction => instruction.Operation is Relu);
    }

    private static bool Compares(RowProgram program) => program.Instructions.Any(instruction => instruction.Operation is Less);

    private static string Model(string loss) => $$"""
        [HyperModel] public sealed partial class M : Model
        {
            readonly Weight first = new(40, 30);
            readonly Weight second = new(40, 40);
            [Loss] public Tensor L([Shape(30)] Tensor x) => {{loss}};
        }
        """;
}
