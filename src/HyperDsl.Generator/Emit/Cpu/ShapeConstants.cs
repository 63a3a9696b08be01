using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Sizes of convolutions and poolings as named constants of the emitted class, one for each different size.</summary>
internal sealed class ShapeConstants(string holder)
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly List<string> declarations = [];

    public IReadOnlyList<string> Declarations => declarations;

    public string Correlation(CorrelationSizes s)
    {
        string arguments = FormattableString.Invariant(
            $"{s.InputHeight}, {s.InputWidth}, {s.InputChannels}, {s.OutputChannels}, {s.KernelHeight}, {s.KernelWidth}, ")
            + FormattableString.Invariant($"{s.StrideY}, {s.StrideX}, {s.Groups}");
        string name = FormattableString.Invariant(
            $"Correlation{s.InputHeight}x{s.InputWidth}x{s.InputChannels}To{s.OutputChannels}By{s.KernelHeight}x{s.KernelWidth}");
        return Constant("CorrelationShape", name, arguments);
    }

    public string Pool(Shape image, Window w)
    {
        string arguments = FormattableString.Invariant(
            $"{image[0]}, {image[1]}, {image[2]}, {w.SizeY}, {w.SizeX}, {w.StrideY}, {w.StrideX}, ")
            + FormattableString.Invariant($"{w.Top}, {w.Bottom}, {w.Left}, {w.Right}");
        string name = FormattableString.Invariant($"Pool{image[0]}x{image[1]}x{image[2]}By{w.SizeY}x{w.SizeX}");
        return Constant("PoolShape", name, arguments);
    }

    private string Constant(string type, string name, string arguments)
    {
        string key = type + arguments;
        if (!names.TryGetValue(key, out string? known))
        {
            known = name;
            for (int number = 2; names.ContainsValue(known); number++)
            {
                known = name + "_" + Literal.Integer(number);
            }
            names.Add(key, known);
            declarations.Add($"internal static readonly {type} {known} = new({arguments});");
        }
        return holder + "." + known;
    }
}
