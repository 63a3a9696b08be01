using HyperDsl.Generator.Schedule;
using Piece = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>That asking changes no number is what the compiled models' tests show; here it is what is asked for, and where.</summary>
public class FarOperandsTests
{
    private const string Recurrent = """
        [HyperModel] public sealed partial class M : Model
        {
            readonly Cell cell = new Lstm(20, 48);
            [Loss] public Tensor L([Steps, Shape(20)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
        }
        """;

    [Fact]
    public void A_loop_asks_for_what_was_kept_of_all_steps_before_it()
    {
        RoutineProgram program = Scheduled.Training(Recurrent, MachineCosts.Processor);
        int far = 0;
        foreach (LoopStep loop in Loops(program))
        {
            HashSet<int> made = [.. loop.Body.SelectMany(step => Written(program, step))];
            foreach ((Piece room, RowOperand operand, int storage) in Reads(program, loop))
            {
                bool kept = room.PerStep && room.PerExample && !made.Contains(storage);
                Assert.True(kept == operand.IsFar, $"'{room.Name}' is {(kept ? "" : "not ")}kept from before the loop.");
                far += operand.IsFar ? 1 : 0;
            }
        }
        Assert.True(far > 0, "No loop reads what was kept.");
    }

    /// <summary>A line that is written has to be fetched too: what was written for these steps a batch ago has left the caches since.</summary>
    [Fact]
    public void A_loop_asks_for_the_places_that_it_writes_of_all_steps()
    {
        RoutineProgram program = Scheduled.Training(Recurrent, MachineCosts.Processor);
        int far = 0;
        foreach (RowStep row in Loops(program).SelectMany(loop => loop.Body).OfType<RowStep>())
        {
            RowProgram pass = program.RowPrograms[row.Program];
            for (int i = 0; i < pass.Operands.Count; i++)
            {
                Piece room = program.Storages[row.Operands[i].Storage];
                if (pass.Operands[i].IsWritten)
                {
                    // What is written in place of what the pass reads is asked for by the reading.
                    bool wanted = room.PerStep && !row.Operands.Where((_, j) => !pass.Operands[j].IsWritten).Select(read => program.Storages[read.Storage])
                        .Any(read => read.Place == room.Place && read.Offset == room.Offset);
                    Assert.True(pass.Operands[i].IsFar == wanted, $"'{room.Name}' is {(wanted ? "" : "not ")}written for all steps.");
                    far += pass.Operands[i].IsFar ? 1 : 0;
                }
            }
        }
        Assert.True(far > 4, "No loop writes what it keeps.");
    }

    [Fact]
    public void Passes_outside_of_loops_ask_for_nothing()
    {
        RoutineProgram program = Scheduled.Training(Recurrent, MachineCosts.Processor);
        Step[] outside = [.. program.Phases.SelectMany(phase => phase.Steps).Where(step => step is not LoopStep)];
        Assert.Contains(outside, step => step is RowStep);
        Assert.DoesNotContain(outside.OfType<RowStep>(), row => program.RowPrograms[row.Program].Operands.Any(operand => operand.IsFar));
    }

    [Fact]
    public void A_machine_that_hides_the_way_to_memory_otherwise_asks_for_nothing() =>
        Assert.DoesNotContain(
            Scheduled.Training(Recurrent, MachineCosts.Gpu).RowPrograms, pass => pass.Operands.Any(operand => operand.IsFar));

    /// <summary>Six examples of 48 numbers lie between what is read and what is asked for, and a walk that reads it again does not ask again.</summary>
    [Fact]
    public void Each_line_is_asked_for_once_some_examples_ahead()
    {
        IReadOnlyDictionary<string, string> emitted = Snapshots.EmittedCode.Of("namespace Far;\n" + Recurrent);
        string passes = emitted.Single(file => file.Key.EndsWith("M.Passes.g.cs", StringComparison.Ordinal)).Value;
        foreach (string method in passes.Split("[MethodImpl").Where(method => method.Contains("Lanes.Prefetch", StringComparison.Ordinal)))
        {
            string[] lines = [.. method.Split('\n').Select(line => line.Trim())];
            string[] requests = [.. lines.Where(line => line.StartsWith("Lanes.Prefetch", StringComparison.Ordinal))];
            Assert.Equal(requests.Distinct(), requests);
            // Of 48 numbers an example, of 4 x 48 each of which is asked for, and in a loop over examples and numbers alike.
            string[] ahead = [" + 288 + ", " + 1152 + ", " + 1200 + ", " + 1248 + ", " + 1296 + ", " + 256 + "];
            Assert.All(requests, request => Assert.True(ahead.Any(offset => request.Contains(offset, StringComparison.Ordinal)), request));
        }
        Assert.Contains("Lanes.Prefetch", passes, StringComparison.Ordinal);
    }

    private static IEnumerable<LoopStep> Loops(RoutineProgram program) => program.Phases.SelectMany(phase => phase.Steps).OfType<LoopStep>();

    private static IEnumerable<int> Written(RoutineProgram program, Step step) => step switch
    {
        RowStep row => row.Operands.Where((_, i) => program.RowPrograms[row.Program].Operands[i].IsWritten).Select(access => access.Storage),
        CallStep call => [call.Output.Storage],
        _ => [],
    };

    private static IEnumerable<(Piece Room, RowOperand Operand, int Storage)> Reads(RoutineProgram program, LoopStep loop) =>
        loop.Body.OfType<RowStep>().SelectMany(row => row.Operands.Select((access, i) =>
            (program.Storages[access.Storage], program.RowPrograms[row.Program].Operands[i], access.Storage)).Where(read => !read.Item2.IsWritten));
}
