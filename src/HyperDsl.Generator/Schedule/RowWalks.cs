namespace HyperDsl.Generator.Schedule;

/// <summary>What each walk along the columns of a row program has to compute.</summary>
internal static class RowWalks
{
    /// <summary>The instructions of a walk: its reductions and stores, and every column value they are made of, in order.</summary>
    /// <param name="program">The program.</param>
    /// <param name="walk">Which walk.</param>
    /// <param name="isAtHand">Whether a value need not be computed in this walk; none if <c>null</c>.</param>
    public static int[] NeededIn(this RowProgram program, int walk, Func<int, bool>? isAtHand = null)
    {
        SortedSet<int> needed = [];
        void Need(int index)
        {
            RowInstruction instruction = program.Instructions[index];
            if (instruction.PerRow && !instruction.Reduces)
            {
                return;
            }
            if (needed.Add(index) && isAtHand?.Invoke(index) != true)
            {
                foreach (int input in instruction.Inputs.Where(input => !program.Instructions[input].PerRow))
                {
                    Need(input);
                }
            }
        }
        for (int i = 0; i < program.Instructions.Count; i++)
        {
            RowInstruction instruction = program.Instructions[i];
            if ((instruction.Writes && !instruction.PerRow && instruction.Stage == walk)
                || (instruction.Reduces && instruction.Stage == walk + 1))
            {
                Need(i);
            }
        }
        return needed.ToArray();
    }
}
