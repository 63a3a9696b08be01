using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <content>Values that the user gave a name with <c>Watch</c>.</content>
internal sealed partial class Interpreter
{
    private readonly Dictionary<string, int> watchedNames = new(StringComparer.Ordinal);

    /// <summary>Names and values of this entry's watched values, in order of their calls.</summary>
    public List<(string Name, Value Value)> Watches { get; } = [];

    private object? ApplyWatch(ArgumentList arguments, IMethodSymbol method, IOperation at, Frame frame)
    {
        if (!TryArgument(arguments.Values[1], method.Parameters[1].Type, at, frame, out object? given) || given is not Value value)
        {
            return Poison.Instance;
        }
        if (arguments.Values[0] is not string { Length: > 0 } name)
        {
            return Fails(at, "a watched value needs a name", frame);
        }
        string path = PathOf(frame) + name;
        watchedNames[path] = watchedNames.TryGetValue(path, out int before) ? before + 1 : 1;
        Watches.Add((watchedNames[path] == 1 ? path : path + "#" + Literal.Integer(watchedNames[path]), value));
        return value;
    }

    /// <summary>The path of the network whose code runs, ending with a point; empty in the model itself.</summary>
    private string PathOf(Frame frame)
    {
        for (Frame? at = frame; at is not null; at = at.Caller)
        {
            if (at.Self is ObjectValue network && NetworkNames.TryGetValue(network, out string? name))
            {
                return name.Length > 0 ? name + "." : "";
            }
        }
        return "";
    }

    private void ForgetWatches()
    {
        Watches.Clear();
        watchedNames.Clear();
    }
}
