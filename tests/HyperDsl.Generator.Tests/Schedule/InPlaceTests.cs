using HyperDsl.Generator.Schedule;
using Piece = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>That the numbers stay right is what the compiled models' tests show; here it is which values share room.</summary>
public class InPlaceTests
{
    private const string Recurrent = """
        [HyperModel] public sealed partial class M : Model
        {
            readonly Cell cell = new Lstm(20, 48);
            [Loss] public Tensor L([Steps, Shape(20)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
        }
        """;

    [Fact]
    public void A_loops_gradients_take_the_room_of_what_the_forward_pass_kept()
    {
        RoutineProgram shared = Scheduled.Training(Recurrent, MachineCosts.Processor);
        RoutineProgram apart = Scheduled.Training(Recurrent, MachineCosts.Processor with { SharesRoom = false });
        Assert.Equal(apart.SequenceSize - (48 * shared.SliceRows), shared.SequenceSize);
        Piece gradient = shared.Storages.Single(storage => storage.Place == Place.Sequence && storage.Name == "gradientOfH");
        Assert.Contains(shared.Storages, storage =>
            storage.Place == Place.Sequence && storage.Name == "h" && storage.Offset == gradient.Offset);
    }

    /// <summary>The exponential has the product's size and is made by a pass that reads it, but the loss reads the product again.</summary>
    [Fact]
    public void A_value_that_is_read_later_keeps_its_room()
    {
        RoutineProgram program = Scheduled.Training(OneLayer("Sum(Dot(second, Exp(h)) * h)"), MachineCosts.Processor);
        foreach (Phase phase in program.Phases)
        {
            Step[] steps = [.. phase.Steps];
            for (int written = 0; written < steps.Length; written++)
            {
                foreach (Piece room in Written(program, steps[written]).Select(target => program.Storages[target]))
                {
                    Assert.DoesNotContain(steps.Skip(written + 1).SelectMany(step => Read(program, step)), read =>
                        program.Storages[read] != room && Overlap(program.Storages[read], room)
                        && IsWrittenBefore(program, steps, read, written) && !IsWrittenBefore(program, steps[written..], read, 1));
                }
            }
        }
    }

    /// <summary>
    /// One pass stores the exponential in its first walk along a row and reads the product once more in the second, behind the sum: only what
    /// that walk stores may take the product's room.
    /// </summary>
    [Fact]
    public void A_value_that_a_later_walk_reads_keeps_its_room_until_then()
    {
        RoutineProgram program = Scheduled.Training(OneLayer("Sum(Dot(second, Exp(h)) * Dot(second, h - Sum(Exp(h))))"), MachineCosts.Processor);
        int shared = 0;
        foreach (RowStep row in program.Phases.SelectMany(phase => phase.Steps).OfType<RowStep>())
        {
            RowProgram pass = program.RowPrograms[row.Program];
            foreach (RowInstruction store in pass.Instructions.Where(instruction => instruction.Kind == RowInstructionKind.Store))
            {
                Piece room = program.Storages[row.Operands[store.Operand].Storage];
                int[] replaced = [.. Enumerable.Range(0, pass.Operands.Count).Where(operand =>
                    !pass.Operands[operand].IsWritten && Overlap(program.Storages[row.Operands[operand].Storage], room))];
                shared += replaced.Length;
                Assert.DoesNotContain(
                    Enumerable.Range(store.Stage + 1, Math.Max(0, pass.Stages - store.Stage - 1)).SelectMany(walk => pass.NeededIn(walk)),
                    index => pass.Instructions[index].Kind == RowInstructionKind.Load && replaced.Contains(pass.Instructions[index].Operand));
            }
        }
        Assert.True(shared > 0, "No pass writes in the place of what it reads.");
    }

    [Fact]
    public void A_machine_that_walks_loops_in_one_kernel_shares_no_room()
    {
        RoutineProgram program = Scheduled.Training(Recurrent, MachineCosts.Gpu);
        Piece[] sequences = [.. program.Storages.Where(storage => storage.Place == Place.Sequence)];
        Assert.NotEmpty(sequences);
        Assert.True(program.SequenceSize > Scheduled.Training(Recurrent, MachineCosts.Gpu with { SharesRoom = true }).SequenceSize);
    }

    private static string OneLayer(string loss) => $$"""
        [HyperModel] public sealed partial class M : Model
        {
            readonly Weight first = new(64, 64);
            readonly Weight second = new(64, 64);
            [Loss] public Tensor L([Shape(64)] Tensor x)
            {
                Tensor h = Dot(first, x);
                return {{loss}};
            }
        }
        """;

    private static bool Overlap(Piece a, Piece b) => a.Place == Place.Scratch && b.Place == Place.Scratch && a.Offset < b.Offset + b.Size && b.Offset < a.Offset + a.Size;

    private static IEnumerable<int> Written(RoutineProgram program, Step step) => step switch
    {
        RowStep row => row.Operands.Where((_, i) => program.RowPrograms[row.Program].Operands[i].IsWritten).Select(access => access.Storage),
        CallStep call => [call.Output.Storage],
        FillStep fill => [fill.Output.Storage],
        _ => [],
    };

    private static IEnumerable<int> Read(RoutineProgram program, Step step) => step switch
    {
        RowStep row => row.Operands.Where((_, i) => !program.RowPrograms[row.Program].Operands[i].IsWritten).Select(access => access.Storage),
        CallStep call => call.Inputs.Select(input => input.Storage),
        _ => [],
    };

    private static bool IsWrittenBefore(RoutineProgram program, Step[] steps, int storage, int position) =>
        steps.Take(position).Any(step => Written(program, step).Contains(storage));
}
