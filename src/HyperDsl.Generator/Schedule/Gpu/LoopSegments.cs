using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Launches of a step that follow one another.</summary>
/// <param name="OfRows">Whether each needs an example's own rows and shared weights only, so that they can be one kernel.</param>
/// <param name="Launches">In order.</param>
internal sealed record LoopSegment(bool OfRows, EquatableArray<Launch> Launches);

/// <summary>
/// Takes a step apart into what the whole device works on, and what is done row by row, in as few pieces as possible: launches move past others
/// that do not touch what they touch.
/// </summary>
internal static class LoopSegments
{
    /// <param name="body">Launches of a step.</param>
    /// <param name="memory">What shares memory.</param>
    /// <param name="isOfRows">Whether a launch can be part of a kernel of rows.</param>
    public static IReadOnlyList<LoopSegment> Of(Launch[] body, DeviceMemory memory, Func<Launch, bool> isOfRows)
    {
        bool[] ofRows = OfRows(body, isOfRows);
        bool[,] conflict = new bool[body.Length, body.Length];
        for (int later = 0; later < body.Length; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                conflict[earlier, later] = memory.Conflict(body[earlier], body[later]);
            }
        }
        List<LoopSegment> deviceFirst = Alternating(body, ofRows, conflict, rowsFirst: false);
        List<LoopSegment> rowsFirst = Alternating(body, ofRows, conflict, rowsFirst: true);
        List<LoopSegment> fewer = rowsFirst.Count < deviceFirst.Count ? rowsFirst : deviceFirst;
        return KeepTemporaries(fewer) ? fewer : [new LoopSegment(false, body.ToEquatable())];
    }

    /// <summary>A launch that makes temporaries and those that read them stay together.</summary>
    private static bool[] OfRows(Launch[] body, Func<Launch, bool> isOfRows)
    {
        bool[] ofRows = Array.ConvertAll(body, launch => isOfRows(launch));
        for (int maker = 0; maker < body.Length; maker++)
        {
            if (body[maker].Temporaries.Count > 0)
            {
                int[] unit = [maker, .. Enumerable.Range(maker + 1, body.Length - maker - 1)
                    .TakeWhile(i => body[i].Temporaries.Count == 0).Where(i => body[i].Operands.Any(operand => operand.IsTemporary))];
                bool all = unit.All(i => ofRows[i]);
                foreach (int i in unit)
                {
                    ofRows[i] = all;
                }
            }
        }
        return ofRows;
    }

    /// <summary>Takes in turn all launches of one kind for which nothing that they need is left.</summary>
    private static List<LoopSegment> Alternating(Launch[] body, bool[] ofRows, bool[,] conflict, bool rowsFirst)
    {
        List<LoopSegment> segments = [];
        List<int> left = [.. Enumerable.Range(0, body.Length)];
        for (bool rows = rowsFirst; left.Count > 0; rows = !rows)
        {
            List<int> waiting = [];
            List<int> taken = [];
            foreach (int i in left)
            {
                bool free = ofRows[i] == rows && !waiting.Any(earlier => conflict[earlier, i]);
                (free ? taken : waiting).Add(i);
            }
            if (taken.Count > 0)
            {
                segments.Add(new LoopSegment(rows, taken.Select(i => body[i]).ToEquatable()));
            }
            left = waiting;
        }
        return segments;
    }

    /// <summary>Whether every temporary is made in the segment that reads it.</summary>
    private static bool KeepTemporaries(IEnumerable<LoopSegment> segments) => segments.All(segment =>
    {
        int made = 0;
        foreach (Launch launch in segment.Launches)
        {
            made = Math.Max(made, launch.Temporaries.Count);
            if (launch.Operands.Any(operand => operand.IsTemporary && operand.Offset >= made))
            {
                return false;
            }
        }
        return true;
    });
}
