namespace HyperDsl.Generator.Ops;

/// <summary>
/// Formulas of one line for what may be many operations deep. What does not fit as a whole is written out from the outside in, down to what the
/// user named and as far as the line reaches.
/// </summary>
/// <param name="limit">Characters of a line; a formula of names only may be longer.</param>
/// <param name="write">A value's formula, by those of its parts.</param>
/// <param name="name">What a value is called that is not written out.</param>
/// <param name="parts">What a value is computed from and may be written out.</param>
/// <param name="isNamed">Whether a value has a name of the user's; <c>null</c> where none has.</param>
internal sealed class FormulaOfParts(
    int limit, Func<int, Func<int, FormulaText>, FormulaText> write, Func<int, FormulaText> name, Func<int, IEnumerable<int>> parts,
    Func<int, bool>? isNamed = null)
{
    private readonly HashSet<int> written = [];

    public FormulaText Of(int root)
    {
        FormulaText formula = Expanded(root, parts, out bool isWhole);
        return isWhole || isNamed is null ? formula : Expanded(root, value => parts(value).Where(part => !isNamed(part)), out _);
    }

    private FormulaText Expanded(int root, Func<int, IEnumerable<int>> inner, out bool isWhole)
    {
        isWhole = true;
        written.Clear();
        written.Add(root);
        FormulaText formula = Written(root);
        Queue<int> open = new(inner(root));
        while (open.Count > 0)
        {
            int part = open.Dequeue();
            if (!written.Add(part))
            {
                continue;
            }
            FormulaText longer = Written(root);
            if (longer.Text.Length > limit)
            {
                isWhole = false;
                written.Remove(part);
                continue;
            }
            formula = longer;
            foreach (int next in inner(part))
            {
                open.Enqueue(next);
            }
        }
        return formula;
    }

    private FormulaText Written(int value) => write(value, part => written.Contains(part) ? Written(part) : name(part));
}
