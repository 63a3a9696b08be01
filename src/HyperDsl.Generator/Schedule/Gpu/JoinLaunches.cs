using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Joins launches that have nothing to do with each other: element-wise passes, fills and look-ups, such as states that are stored before a loop
/// and gradients that are copied to where they belong; and sums across as many rows. A pass moves forward to an earlier one past whatever does
/// not touch what it touches; sums meet (<see cref="MeetingPoint"/>).
/// </summary>
internal sealed class JoinLaunches
{
    private readonly DeviceMemory memory;
    private readonly MeetingPoint meeting;

    private JoinLaunches(DeviceMemory memory) => (this.memory, meeting) = (memory, new MeetingPoint(memory.Conflict));

    public static DeviceProgram Run(DeviceProgram program)
    {
        JoinLaunches join = new(new DeviceMemory(program.Source));
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { Steps = join.Joined(phase.Steps) }).ToEquatable(),
        };
    }

    private EquatableArray<DeviceStep> Joined(EquatableArray<DeviceStep> steps)
    {
        List<DeviceStep> joined = [];
        foreach (DeviceStep step in steps)
        {
            if (step is DeviceLoop loop)
            {
                joined.Add(loop with { Body = Joined(loop.Body) });
            }
            else if (step is Launch sum && IsJoinable(sum) && Sums(sum.Kernel).Length > 0)
            {
                if (!meeting.TryJoin(joined, sum, earlier => CanJoin(earlier, sum) ? Join(earlier, sum) : null))
                {
                    joined.Add(sum);
                }
            }
            else if (step is Launch launch && IsJoinable(launch) && Earlier(joined, launch) is int place)
            {
                joined[place] = Join((Launch)joined[place], launch);
            }
            else
            {
                joined.Add(step);
            }
        }
        return joined.ToEquatable();
    }

    private static bool IsJoinable(Launch launch) =>
        launch.Temporaries.Count == 0 && (launch.Kernel is SumKernel or SumsKernel || launch.Operands.All(operand => !operand.IsTemporary)) && launch.Kernel switch
        {
            SumKernel sum => launch.AddsRowsUp && launch.Adds && sum is { OverSteps: false, Program.OverExamples: true } && SumsKernel.IsInOnePiece(sum),
            PassKernel pass when pass.Program.OverExamples != (launch.Rows != RowCount.One) => false,
            PassesKernel or SumsKernel => true,
            _ => PassesKernel.CanJoin(launch.Kernel),
        };

    private static bool AreAlike(Launch a, Launch b) => Sums(a.Kernel) is { Length: > 0 } sums
        ? Sums(b.Kernel) is { Length: > 0 } others && a.Rows == b.Rows && SumsKernel.SummandsOfRow(sums[0]) == SumsKernel.SummandsOfRow(others[0])
        : Sums(b.Kernel).Length == 0;

    private static bool CanJoin(Launch earlier, Launch later) => IsJoinable(earlier) && AreAlike(earlier, later)
        && earlier.Operands.Count + later.Operands.Count <= DeviceKernel.MostOperands;

    /// <summary>The last earlier launch that one can join.</summary>
    private int? Earlier(List<DeviceStep> steps, Launch later)
    {
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            if (memory.Conflict(steps[i], later))
            {
                return null;
            }
            if (steps[i] is Launch earlier && CanJoin(earlier, later))
            {
                return i;
            }
        }
        return null;
    }

    private static Launch Join(Launch earlier, Launch later)
    {
        string comment = earlier.Comment == later.Comment ? later.Comment : earlier.Comment + "; " + later.Comment;
        SumKernel[] sums = [.. Sums(earlier.Kernel), .. Sums(later.Kernel)];
        if (sums.Length == 0)
        {
            return earlier with
            {
                Kernel = new PassesKernel(Members(earlier).Concat(Members(later)).ToEquatable()),
                Operands = earlier.Operands.Concat(later.Operands).ToEquatable(),
                Comment = comment,
            };
        }
        return earlier with
        {
            Kernel = new SumsKernel(sums.ToEquatable()),
            Operands = Inputs(earlier).Concat(Inputs(later)).Concat(Targets(earlier)).Concat(Targets(later)).ToEquatable(),
            Target = null,
            Comment = comment,
        };
    }

    private static IEnumerable<DeviceOperand> Inputs(Launch launch) =>
        launch.Kernel is SumsKernel sums ? launch.Operands.Take(sums.Inputs) : launch.Operands;

    private static IEnumerable<DeviceOperand> Targets(Launch launch) =>
        launch.Kernel is SumsKernel sums ? launch.Operands.Skip(sums.Inputs) : [launch.Target!];

    private static SumKernel[] Sums(DeviceKernel kernel) => kernel switch
    {
        SumKernel sum => [sum],
        SumsKernel sums => [.. sums.Sums],
        _ => [],
    };

    private static IEnumerable<PassMember> Members(Launch launch) =>
        launch.Kernel is PassesKernel passes ? passes.Members : [new PassMember(launch.Kernel, launch.Rows)];
}
