using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Tests.Trace;
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
        RoutineProgram shared = Training(Recurrent, MachineCosts.Processor);
        RoutineProgram apart = Training(Recurrent, MachineCosts.Processor with { SharesRoom = false });
        Assert.Equal(apart.SequenceSize - (48 * shared.SliceRows), shared.SequenceSize);
        Piece gradient = shared.Storages.Single(storage => storage.Place == Place.Sequence && storage.Name == "gradientOfH");
        Assert.Contains(shared.Storages, storage =>
            storage.Place == Place.Sequence && storage.Name == "h" && storage.Offset == gradient.Offset);
    }

    [Fact]
    public void A_value_that_is_read_later_keeps_its_room()
    {
        // The exponential is read by its derivative, behind the pass that makes the sum's.
        RoutineProgram program = Training("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Linear first = new(64, 64);
                readonly Linear second = new(64, 64);
                [Loss] public Tensor L([Shape(64)] Tensor x) => Sum(Square(second.Call(Exp(first.Call(x)))));
            }
            """, MachineCosts.Processor);
        foreach (Phase phase in program.Phases)
        {
            Step[] steps = [.. phase.Steps];
            for (int written = 0; written < steps.Length; written++)
            {
                foreach (int target in Written(program, steps[written]))
                {
                    Piece room = program.Storages[target];
                    Assert.DoesNotContain(steps.Skip(written + 1).SelectMany(step => Read(program, step)), read =>
                        read != target && program.Storages[read].Place == Place.Scratch && room.Place == Place.Scratch
                        && Overlap(program.Storages[read], room) && IsWrittenBefore(program, steps, read, written));
                }
            }
        }
    }

    [Fact]
    public void A_machine_that_walks_loops_in_one_kernel_shares_no_room()
    {
        RoutineProgram program = Training(Recurrent, MachineCosts.Gpu);
        Piece[] sequences = [.. program.Storages.Where(storage => storage.Place == Place.Sequence)];
        Assert.NotEmpty(sequences);
        Assert.True(program.SequenceSize > Training(Recurrent, MachineCosts.Gpu with { SharesRoom = true }).SequenceSize);
    }

    private static RoutineProgram Training(string model, MachineCosts costs)
    {
        TracedModel traced = Tracing.TraceModel(model);
        Graph graph = Differentiate.Run(
            Compiler.Prepare(traced.Entries[0].Training!, CancellationToken.None, costs), traced.Parameters, CancellationToken.None, costs);
        return Scheduler.Run(Compiler.Machine(graph, CancellationToken.None, costs), traced.Parameters, CancellationToken.None, costs);
    }

    private static bool Overlap(Piece a, Piece b) => a.Offset < b.Offset + b.Size && b.Offset < a.Offset + a.Size;

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
