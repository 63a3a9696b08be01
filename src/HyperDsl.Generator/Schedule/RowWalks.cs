namespace HyperDsl.Generator.Schedule;

/// <summary>What each walk along the columns of a row program has to compute.</summary>
internal static class RowWalks
{
    /// <summary>The instructions of a walk: its reductions and stores, and every column value they are made of, in order.</summary>
    public static int[] NeededIn(this RowProgram program, int walk)
    {
        SortedSet<int> needed = [];
        void Need(int index)
        {
            RowInstruction instruction = program.Instructions[index];
            if (instruction.PerRow && !instruction.Reduces)
            {
                return;
            }
            if (needed.Add(index))
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
