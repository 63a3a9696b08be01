using System.Globalization;
using System.Text.RegularExpressions;

namespace HyperDsl.Gpu.Tests;

/// <summary>An instruction.</summary>
/// <param name="Operands">Slots of what stands behind its name, in order.</param>
/// <param name="Step">What it does to a thread.</param>
/// <param name="Stop">Whether it needs other threads.</param>
internal sealed record PtxInstruction(int[] Operands, Action<PtxThread> Step, PtxStop Stop);

/// <summary>The text of a kernel taken apart: what NVIDIA's driver gets, as far as products need it; anything else is refused.</summary>
internal sealed partial class PtxProgram
{
    private readonly Dictionary<string, int> slots = [];
    private readonly List<ulong> initial = [];
    private readonly List<int> sharedSizes = [];
    private readonly List<string> parameters = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly List<PtxInstruction> instructions = [];

    public PtxProgram(string text)
    {
        Match entry = Entry().Match(Comment().Replace(text, ""));
        Assert.True(entry.Success);
        parameters.AddRange(Parameter().Matches(entry.Groups[1].Value).Select(match => match.Groups[1].Value));
        foreach (string part in entry.Groups[2].Value.Split(';'))
        {
            Add(part.Trim());
        }

        (ThreadIndex, GroupIndex) = (Slot("%tid.x"), Slot("%ctaid.x"));
    }

    public IReadOnlyList<PtxInstruction> Instructions => instructions;

    /// <summary>Bytes of each shared memory, in order.</summary>
    public IReadOnlyList<int> SharedSizes => sharedSizes;

    /// <summary>What registers hold before the first instruction.</summary>
    public ulong[] Initial => [.. initial];

    public int ThreadIndex { get; }

    public int GroupIndex { get; }

    /// <summary>Where a label stands; known when the text has been read.</summary>
    public int Label(string name) => labels[name];

    /// <summary>The number of a parameter of the kernel.</summary>
    public int ParameterNumber(string name) => parameters.IndexOf(name);

    /// <summary>The slot of a register or a constant.</summary>
    public int Slot(string operand)
    {
        if (!slots.TryGetValue(operand, out int slot))
        {
            slot = initial.Count;
            slots.Add(operand, slot);
            initial.Add(Constant(operand));
        }

        return slot;
    }

    private static ulong Constant(string operand) =>
        operand.StartsWith("0f", StringComparison.Ordinal) ? uint.Parse(operand.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.TryParse(operand, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? (ulong)number
        : 0;

    private void Add(string statement)
    {
        while (statement.StartsWith('{') || statement.StartsWith('}'))
        {
            statement = statement[1..].TrimStart();
        }

        while (LabelName().Match(statement) is { Success: true } label)
        {
            labels.Add(label.Groups[1].Value, instructions.Count);
            statement = statement[label.Length..].TrimStart();
        }

        if (Shared().Match(statement) is { Success: true } declared)
        {
            slots.Add(declared.Groups[1].Value, initial.Count);
            initial.Add(PtxMemory.SharedAddress(sharedSizes.Count));
            sharedSizes.Add(int.Parse(declared.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        else if (statement.Length > 0 && !statement.StartsWith('.'))
        {
            instructions.Add(PtxInstructions.Read(this, statement));
        }
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.entry\s+\w+\s*\(([^)]*)\)\s*\{(.*)\}", RegexOptions.Singleline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param[^,]*?(\w+)\[")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(\w+):")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^\.shared \.align \d+ \.b8 (\w+)\[(\d+)\]")]
    private static partial Regex Shared();
}
