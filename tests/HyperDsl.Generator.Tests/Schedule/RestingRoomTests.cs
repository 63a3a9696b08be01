using HyperDsl.Generator.Schedule;
using Piece = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>How soon the room of a temporary value is taken by another one.</summary>
public class RestingRoomTests
{
    private const string Chain = """
        [HyperModel] public sealed partial class M : Model
        {
            readonly Weight[] weights = [new(64, 64), new(64, 64), new(64, 64), new(64, 64), new(64, 64), new(64, 64)];
            [Loss] public Tensor L([Shape(64)] Tensor x)
            {
                foreach (Weight weight in weights)
                {
                    x = Dot(weight, Tanh(x));
                }
                return Sum(x);
            }
        }
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Nothing_takes_room_within_so_many_steps(int steps)
    {
        RoutineProgram program = Scheduled.Training(Chain, MachineCosts.Gpu with { RestingSteps = steps });
        int least = int.MaxValue;
        foreach (Phase phase in program.Phases)
        {
            (Piece Piece, int First, int Last)[] used = [.. phase.Steps.SelectMany((step, position) => StoragesOf(step).Select(storage => (storage, position)))
                .GroupBy(use => use.storage).Select(uses => (program.Storages[uses.Key], uses.Min(use => use.position), uses.Max(use => use.position)))
                .Where(use => use.Item1.Place == Place.Scratch)];
            foreach ((Piece piece, int _, int last) in used)
            {
                foreach ((Piece other, int first, int _) in used.Where(other => other.Piece != piece && Overlap(piece, other.Piece) && other.First > last))
                {
                    least = Math.Min(least, first - last);
                }
            }
        }
        Assert.NotEqual(int.MaxValue, least);
        Assert.True(least > steps, $"Room is taken {least} steps after it was last used.");
    }

    private static bool Overlap(Piece a, Piece b) => a.Offset < b.Offset + b.Size && b.Offset < a.Offset + a.Size;

    private static IEnumerable<int> StoragesOf(Step step) => StepBody.StoragesOf(step);
}
